import { expect, test } from "vitest";
import { groupPatterns, helpOf } from "./patterns";
import { param, pattern } from "./samples";

const PATTERNS = [
  pattern("append_message", [], { reads: false, question: "Append a message" }),
  pattern("get_user", [], { question: "Who is this user?", key: "pk = USER#u and sk = A" }),
  pattern("get_message", [], { question: "One message by its number", key: "pk = log" }),
];

const found = (sought: string) =>
  groupPatterns(PATTERNS, sought).map(({ title, patterns }) => [
    title,
    ...patterns.map(({ name }) => name),
  ]);

test("questions come first, then what cannot be run", () => {
  expect(found("")).toEqual([
    ["Questions", "get_user", "get_message"],
    ["Not asked by hand", "append_message"],
  ]);
});

test("every word is looked for in name, question and key", () => {
  expect(found("MESSAGE")).toEqual([
    ["Questions", "get_message"],
    ["Not asked by hand", "append_message"],
  ]);
  expect(found(" user# who ")).toEqual([["Questions", "get_user"]]);
  expect(found("get_user nonsense")).toEqual([]);
});

test("help says the meaning, a range that is worth telling, and the default", () => {
  expect(helpOf(param("pk"))).toBe("what pk is");
  const limit = { kind: "int", default: 50, at_least: 1, at_most: 1000 } as const;
  expect(helpOf(param("limit", limit))).toBe("what limit is; 1 to 1,000; 50 if empty");
  const seq = { kind: "int", at_least: 0, at_most: 999_999_999_999 } as const;
  expect(helpOf(param("seq", seq))).toBe("what seq is");
  expect(helpOf(param("reverse", { kind: "bool", default: false }))).toBe("what reverse is");
  expect(helpOf(param("low", { default: "" }))).toBe("what low is");
});
