import { describe, expect, test } from "vitest";
import {
  codePoints,
  codePointsLeft,
  firstLine,
  isJumboEmoji,
  isSendable,
  proseParts,
  textParts,
} from "./text";

const links = (text: string) => textParts(text).flatMap((part) => part.href ?? []);

describe("links", () => {
  test.each([
    ["see https://a.example/x?y=1#z", ["https://a.example/x?y=1#z"]],
    ["(https://a.example)", ["https://a.example"]],
    ["https://a.example/Table_(furniture).", ["https://a.example/Table_(furniture)"]],
    ["(at https://a.example/Table_(furniture))", ["https://a.example/Table_(furniture)"]],
    ["http://a.example, https://b.example!", ["http://a.example", "https://b.example"]],
    ["“https://a.example”", ["https://a.example"]],
    ["HTTPS://A.EXAMPLE", ["HTTPS://A.EXAMPLE"]],
  ])("of %j are %j", (text, hrefs) => {
    expect(links(text)).toEqual(hrefs);
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,hi",
    "ftp://a.example",
    "https://",
    "xhttps:/a",
    "no link",
  ])("%j is plain text", (text) => {
    expect(links(text)).toEqual([]);
  });

  test("the parts are the whole text", () => {
    const text = "a https://x.example, b\n(https://y.example) مرحبا 👋";
    expect(
      textParts(text)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });
});

test("code points are counted, not UTF-16 units", () => {
  expect(codePoints("a👋é")).toBe(3);
});

test("the counter appears late and goes below zero", () => {
  expect(codePointsLeft("x".repeat(3599))).toBeNull();
  expect(codePointsLeft("x".repeat(3600))).toBe(400);
  expect(codePointsLeft("👋".repeat(4001))).toBe(-1);
});

test.each([
  ["", false],
  [" \n\t", false],
  ["a", true],
  ["👋".repeat(4000), true],
  ["x".repeat(4001), false],
])("a text can be sent or not", (text, sendable) => {
  expect(isSendable(text)).toBe(sendable);
});

test.each([
  ["👋", true],
  ["👨‍👩‍👧 🇮🇹", true],
  ["🍞🔥🍞🔥", false],
  ["ok 👋", false],
  ["12", false],
  ["", false],
])("%j is large: %j", (text, large) => {
  expect(isJumboEmoji(text)).toBe(large);
});

test("a preview is the first line that says something", () => {
  expect(firstLine("\n hello\nthere")).toBe("hello");
});

test("backticks mark code in a sentence of ours", () => {
  const marked = (text: string) => proseParts(text).map((part) => [part.text, part.code]);
  expect(marked("plain")).toEqual([["plain", false]]);
  expect(marked("`User` and `Group`")).toEqual([
    ["User", true],
    [" and ", false],
    ["Group", true],
  ]);
  expect(marked("")).toEqual([]);
});
