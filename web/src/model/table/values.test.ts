import { expect, test } from "vitest";
import type { Value } from "../../api/types";
import { lookOf, shortened, textOf, typeOf } from "./values";

const VALUES: [Value, string, string, string][] = [
  [{ S: "" }, "S", "text", ""],
  [{ S: "hello" }, "S", "text", "hello"],
  [{ S: "2026-11-21T08:15:00.123Z" }, "S", "time", "2026-11-21T08:15:00.123Z"],
  [{ S: "2026-11-21" }, "S", "text", "2026-11-21"],
  [
    { S: "0192f0c1-6f3a-7cc2-9d3e-2b1c4d5e6f70" },
    "S",
    "opaque",
    "0192f0c1-6f3a-7cc2-9d3e-2b1c4d5e6f70",
  ],
  [
    { N: "12345678901234567890123456789012345678" },
    "N",
    "number",
    "12345678901234567890123456789012345678",
  ],
  [{ N: "0" }, "N", "number", "0"],
  [{ BOOL: false }, "BOOL", "word", "false"],
  [{ NULL: true }, "NULL", "word", "null"],
  [{ SS: ["a", "b"] }, "SS", "set", "a, b"],
  [{ L: [{ N: "1" }, { NULL: true }] }, "L", "word", "[1, null]"],
  [{ M: { from: { S: "x" }, to: { L: [] } } }, "M", "word", "{from: x, to: []}"],
];

test.each(VALUES)("%j has its type, its look and its text", (value, type, look, text) => {
  expect([typeOf(value), lookOf(value), textOf(value)]).toEqual([type, look, text]);
});

test("what says nothing is shortened", () => {
  expect(shortened("0192f0c1-6f3a-7cc2")).toBe("0192f0c1…");
});
