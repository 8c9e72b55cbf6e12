import { expect, test } from "vitest";
import { directConversationId, isConversationId, otherPersonId } from "./conversation";

test("two people have one conversation, whoever begins", () => {
  expect(directConversationId("bea", "ada")).toBe("dm:ada:bea");
  expect(directConversationId("ada", "bea")).toBe("dm:ada:bea");
});

test("ids are in byte order, in which capitals come first", () => {
  expect(directConversationId("a", "B")).toBe("dm:B:a");
  expect(directConversationId("-", "_")).toBe("dm:-:_");
});

test.each(["dm:a:b", "group:g_1", "dm:B:a"])("%s is a conversation", (id) => {
  expect(isConversationId(id)).toBe(true);
});

test.each(["dm:b:a", "dm:a:a", "dm:a", "group:", "group:a:b", "x:a", "", "dm:a#:b"])(
  "%s is none",
  (id) => {
    expect(isConversationId(id)).toBe(false);
  },
);

test("the other one of the two", () => {
  expect(otherPersonId("dm:ada:bea", "ada")).toBe("bea");
  expect(otherPersonId("dm:ada:bea", "bea")).toBe("ada");
  expect(otherPersonId("dm:ada:bea", "cleo")).toBeNull();
  expect(otherPersonId("group:ada", "ada")).toBeNull();
});
