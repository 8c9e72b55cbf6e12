import { expect, test } from "vitest";
import { initials, TINTS, tintOf } from "./avatar";

test.each([
  ["Anna Lindqvist", "AL"],
  ["anna", "A"],
  ["Anna Maria Lindqvist", "AL"],
  ["  élodie   durand ", "ÉD"],
  ["Jean-Luc", "JL"],
  ["李小龙", "李"],
  ["ليلى حداد", "لح"],
  ["😀 Smith", "S"],
  ["…", "?"],
  ["", "?"],
])("%j is %j", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test("an id keeps its tint, and ids that are alike get all of them", () => {
  const tints = Array.from({ length: 200 }, (_, at) => tintOf(`user_${at}`));
  expect(tintOf("user_1")).toBe(tints[1]);
  expect(new Set(tints).size).toBe(TINTS);
  expect(tints.every((tint) => Number.isInteger(tint) && tint >= 0 && tint < TINTS)).toBe(true);
});
