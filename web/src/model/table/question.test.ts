import { expect, test } from "vitest";
import { isComplete, pathOf, pathOfLead, questionOf, valuesOf } from "./question";
import { param, pattern } from "./samples";

const PATTERN = pattern("read", [
  param("pk"),
  param("limit", { kind: "int", required: false, default: 50 }),
  param("start", { required: false }),
  param("reverse", { kind: "bool", required: false, default: false }),
  param("sure", { kind: "bool", required: false, default: true }),
]);

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, text] of Object.entries(fields)) data.set(name, text);
  return data;
}

test("an address says a question and comes back as it", () => {
  const question = { pattern: "read", values: { pk: "DM#a#b", start: "ü &=+%" } };
  expect(questionOf(new URL(pathOf(question), "http://t").search)).toEqual(question);
});

test("an address without a pattern asks nothing", () => {
  expect(questionOf("")).toBeNull();
  expect(questionOf("?pk=USER%23mira")).toBeNull();
  expect(questionOf("?pattern=")).toBeNull();
});

test("a key leads to its collection, or to one item of it", () => {
  const opened = (path: string) => questionOf(new URL(path, "http://t").search);
  expect(opened(pathOfLead({ pk: "USER#mira" }))).toEqual({
    pattern: "read_collection",
    values: { pk: "USER#mira" },
  });
  expect(opened(pathOfLead({ pk: "DM#a#b", sk: "000000000007" }))?.values).toEqual({
    pk: "DM#a#b",
    low: "000000000007",
    high: "000000000007",
  });
});

test("a question can be run as soon as it says all that is required", () => {
  expect(isComplete(PATTERN, {})).toBe(false);
  expect(isComplete(PATTERN, { limit: "5" })).toBe(false);
  expect(isComplete(PATTERN, { pk: "" })).toBe(false);
  expect(isComplete(PATTERN, { pk: "P" })).toBe(true);
  expect(isComplete(pattern("list"), {})).toBe(true);
});

test("what is no question is never run", () => {
  expect(isComplete(pattern("write", [], { reads: false }), {})).toBe(false);
});

test("a form says what is filled in and not as it is anyway", () => {
  expect(valuesOf(PATTERN, form({ pk: "P", limit: "50", start: "", sure: "true" }))).toEqual({
    pk: "P",
  });
  expect(valuesOf(PATTERN, form({ pk: "P ", limit: "5", reverse: "true" }))).toEqual({
    pk: "P ",
    limit: "5",
    reverse: "true",
    sure: "false",
  });
});
