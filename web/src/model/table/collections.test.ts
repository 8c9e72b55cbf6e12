import { expect, test } from "vitest";
import { collectionsOf, legendOf, TINTS, tintOf } from "./collections";
import { entity, item } from "./samples";

const ENTITIES = [entity("User"), entity("Message"), entity("Group")];

test("items stand with those of their partition key, in the order in which they came", () => {
  const items = [item("B", "2"), item("A", "1"), item("B", "1")];
  expect(collectionsOf(items).map(({ pk, items }) => [pk, ...items.map(({ sk }) => sk)])).toEqual([
    ["B", "2", "1"],
    ["A", "1"],
  ]);
});

test("a collection goes on in the next page", () => {
  const pages = [[item("A", "1"), item("B", "1")], [item("B", "2")]];
  expect(collectionsOf(pages.flat()).map(({ items }) => items.length)).toEqual([1, 2]);
});

test("the legend counts each kind, as they are declared, and the unreadable last", () => {
  const items = [
    item("A", "1", { entity: null }),
    item("A", "2", { entity: "Message" }),
    item("A", "3", { entity: "User" }),
    item("A", "4", { entity: "Message" }),
  ];
  expect(legendOf(items, ENTITIES)).toEqual([
    { entity: "User", count: 1 },
    { entity: "Message", count: 2 },
    { entity: null, count: 1 },
  ]);
  expect(legendOf([], ENTITIES)).toEqual([]);
});

test("each kind has its colour, and what cannot be decoded has none", () => {
  expect(ENTITIES.map(({ name }) => tintOf(name, ENTITIES))).toEqual([0, 1, 2]);
  expect(tintOf(null, ENTITIES)).toBeUndefined();
  expect(tintOf("Robot", ENTITIES)).toBeUndefined();
  const many = Array.from({ length: TINTS + 1 }, (_, n) => entity(`E${n}`));
  expect(tintOf(`E${TINTS}`, many)).toBe(0);
});
