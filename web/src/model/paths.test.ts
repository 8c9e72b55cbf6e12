import { expect, test } from "vitest";
import { paths, returnPath } from "./paths";

test("signing in leads back to where one was going", () => {
  const there = "/messages/dm:a:b?x=1";
  expect(returnPath(new URL(paths.signIn(there), "http://t").search)).toBe(there);
});

test("the usual place needs no mention", () => {
  expect(paths.signIn("/messages")).toBe("/signin");
  expect(paths.signIn("/")).toBe("/signin");
});

test.each([
  "//evil.example/x",
  "https://evil.example",
  "/\\evil.example",
  "javascript:alert(1)",
  "evil",
  "/signin",
  "",
])("%j leads to the inbox: other places are not ours", (back) => {
  expect(returnPath(`?back=${encodeURIComponent(back)}`)).toBe("/messages");
});
