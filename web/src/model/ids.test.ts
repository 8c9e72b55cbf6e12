import { expect, test } from "vitest";
import { newMessageId, uuidFrom } from "./ids";

test("random bytes become a UUID of version 4", () => {
  expect(uuidFrom(new Uint8Array(16))).toBe("00000000-0000-4000-8000-000000000000");
  expect(uuidFrom(new Uint8Array(16).fill(255))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
});

test("no two are the same", () => {
  expect(newMessageId()).not.toBe(newMessageId());
});
