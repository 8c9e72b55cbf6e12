import { expect, test } from "vitest";
import { fieldsOf, keyFields } from "./fields";
import { entity, item } from "./samples";

const MESSAGE = item("DM#a#b", "000000000007", {
  entity: "Message",
  pk_parts: [{ text: "DM#a#b", field: "conversation", value: "dm:a:b", leads: { pk: "DM#a#b" } }],
  sk_parts: [{ text: "000000000007", field: "seq", value: "7" }],
  attributes: [
    { name: "body", value: { S: "hi" } },
    { name: "new", value: { N: "1" } },
  ],
});

test("a key says its fields, and where they lead", () => {
  expect(keyFields(MESSAGE.pk_parts)).toEqual([
    { name: "conversation", value: "dm:a:b", leads: { pk: "DM#a#b" } },
  ]);
  expect(keyFields([{ text: "A" }])).toEqual([]);
});

test("an item has the fields of its key and its attributes, with what is known of them", () => {
  const seq = { name: "seq", type: "N", meaning: "its number", optional: false, in_key: true };
  const known = entity("Message", { fields: [{ ...seq, type: "N" }] });
  expect(fieldsOf(MESSAGE, known)).toEqual([
    { name: "conversation", type: "key", text: "dm:a:b", meaning: "" },
    { name: "seq", type: "key", text: "7", meaning: "its number" },
    { name: "body", type: "S", text: "hi", meaning: "" },
    { name: "new", type: "N", text: "1", meaning: "" },
  ]);
});

test("a field that stands in both keys is told once", () => {
  const handle = { text: "mira", field: "handle", value: "mira" };
  const twice = item("X", "mira", { pk_parts: [handle], sk_parts: [handle] });
  expect(fieldsOf(twice, undefined).map(({ name }) => name)).toEqual(["handle"]);
});
