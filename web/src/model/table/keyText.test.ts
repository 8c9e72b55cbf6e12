import { expect, test } from "vitest";
import { segmentsOf } from "./keyText";

const OWN = { pk: "USER#ann", sk: "INBOX#2026-11-21#dm:ann:bob" };

test("what names something leads there, the rest leads to the item itself", () => {
  const log = { pk: "DM#ann#bob" };
  const parts = [
    { text: "INBOX#" },
    { text: "2026-11-21", field: "bucket", value: "2026-11-21" },
    { text: "#" },
    { text: "dm:ann:bob", field: "conversation", value: "dm:ann:bob", leads: log },
  ];
  expect(segmentsOf(parts, OWN)).toEqual([
    { text: "INBOX#2026-11-21#", to: OWN, title: "bucket: 2026-11-21", at: 0 },
    { text: "dm:ann:bob", to: log, title: "conversation: dm:ann:bob", at: 17 },
  ]);
});

test("the pieces together are the key", () => {
  const parts = [
    { text: "IDENTITY#" },
    { text: "a", field: "issuer", value: "a", leads: { pk: "X" } },
    { text: "#" },
    { text: "b", field: "subject", value: "b", leads: { pk: "X" } },
    { text: "!" },
  ];
  const segments = segmentsOf(parts, OWN);
  expect(segments.map(({ text }) => text).join("")).toBe("IDENTITY#a#b!");
  expect(segments.map(({ at }) => at)).toEqual([0, 9, 10, 11, 12]);
  expect(segments.map(({ title }) => title)).toEqual(["", "issuer: a", "", "subject: b", ""]);
});

test("a key that says nothing is one link to its item", () => {
  expect(segmentsOf([{ text: "A" }], OWN)).toEqual([{ text: "A", to: OWN, title: "", at: 0 }]);
});
