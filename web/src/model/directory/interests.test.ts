import { expect, test } from "vitest";
import { interestsOf, interestsText } from "./interests";

test("interests are what stands between commas, each once", () => {
  expect(interestsOf(" tea, chess,tea ,, long walks ,")).toEqual(["tea", "chess", "long walks"]);
  expect(interestsOf(" , ")).toEqual([]);
});

test("what is shown in the box means the same interests", () => {
  const interests = ["chess", "long walks"];
  expect(interestsOf(interestsText(interests))).toEqual(interests);
  expect(interestsText(undefined)).toBe("");
});
