import { expect, test } from "vitest";
import { placeOf } from "./places";

test.each([
  ["/messages", "messages"],
  ["/messages/dm:a:b", "messages"],
  ["/groups/g-1", "groups"],
  ["/table", "table"],
  ["/account", "profile"],
  ["/users/Ada", "profile"],
  ["/users/bea", "people"],
  ["/users", "people"],
  ["/nowhere", null],
  ["/", null],
])("at %s one is at %s", (path, place) => {
  expect(placeOf(path, "ada")).toBe(place);
});
