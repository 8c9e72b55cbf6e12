import { expect, test } from "vitest";
import {
  type Choice,
  choiceRows,
  doneText,
  draftText,
  idsAfter,
  isUnchanged,
  toggled,
  UNCHANGED,
} from "./choosing";

const choice = (id: string, name = id): Choice => ({ id, name, detail: `@${id}.h` });
const [ada, bea, cyd] = [choice("ada", "Ada Byron"), choice("bea"), choice("cyd")] as const;

const shown = (...args: Parameters<typeof choiceRows>) =>
  choiceRows(...args).map(({ choice: { id }, isChosen, change }) => [id, isChosen, change]);

test("choosing somebody twice changes nothing", () => {
  for (const one of [ada, cyd]) {
    const once = toggled(UNCHANGED, one, [ada, bea]);
    expect(isUnchanged(once)).toBe(false);
    expect(toggled(once, one, [ada, bea])).toEqual(UNCHANGED);
  }
});

test("what is new stands first, and what goes stays in its place", () => {
  const draft = toggled(toggled(UNCHANGED, cyd, [ada, bea]), ada, [ada, bea]);
  expect(shown([ada, bea], draft, " ", [])).toEqual([
    ["cyd", true, "added"],
    ["ada", false, "removed"],
    ["bea", true, null],
  ]);
});

test("a text finds who is there by name and handle, then others, each once", () => {
  expect(shown([ada, bea], UNCHANGED, "BYR", [])).toEqual([["ada", true, null]]);
  expect(shown([ada, bea], UNCHANGED, "@", [bea, cyd])).toEqual([
    ["ada", true, null],
    ["bea", true, null],
    ["cyd", false, null],
  ]);
  const draft = toggled(UNCHANGED, cyd, [ada]);
  expect(shown([ada], draft, "cy", [cyd])).toEqual([["cyd", true, "added"]]);
  expect(shown([ada], draft, "", [bea])).toEqual([
    ["cyd", true, "added"],
    ["ada", true, null],
    ["bea", false, null],
  ]);
});

test("what was found for an earlier text is not shown for a later one", () => {
  expect(shown([], UNCHANGED, "be", [ada, bea])).toEqual([["bea", false, null]]);
});

test("case and width make no difference", () => {
  const street = choice("s", "Große Straße");
  for (const typed of ["grosse", "STRASSE", "straße", "Ｇｒｏ"]) {
    expect(shown([street], UNCHANGED, typed, [])).toHaveLength(1);
  }
});

test("who was added by somebody else meanwhile stands there once", () => {
  const draft = toggled(UNCHANGED, cyd, [ada]);
  expect(shown([ada, cyd], draft, "", [])).toEqual([
    ["cyd", true, null],
    ["ada", true, null],
  ]);
});

test("the changes are applied to what is there by then", () => {
  const draft = toggled(toggled(UNCHANGED, cyd, [ada, bea]), ada, [ada, bea]);
  expect(idsAfter(draft, ["ada", "bea"])).toEqual(["bea", "cyd"]);
  expect(idsAfter(draft, ["cyd", "dan"])).toEqual(["cyd", "dan"]);
  expect(idsAfter(UNCHANGED, ["ada"])).toEqual(["ada"]);
});

test("what would be done and what was done is told in words", () => {
  expect(draftText(UNCHANGED)).toBe("Nothing changed");
  expect(draftText({ added: [ada, bea], removed: ["cyd"] })).toBe("2 to add, 1 to remove");
  expect(draftText({ added: [], removed: ["cyd"] })).toBe("1 to remove");
  const done = { added: ["ada", "bea"], removed: ["zoe"] };
  expect(doneText(done, [ada, bea])).toBe("Added Ada Byron and bea. Removed zoe.");
  expect(doneText({ added: [], removed: [] }, [])).toBe("It was so already.");
  const many = { added: ["a", "b", "c", "d", "e", "f", "g"], removed: [] };
  expect(doneText(many, [])).toBe("Added a, b, c, d, e, and 2 more.");
});
