import { expect, test } from "vitest";
import {
  addNewer,
  addOlder,
  appendSent,
  headSeq,
  laterReading,
  logFromPage,
  replaceMessage,
} from "./log";
import { ADA, message, page } from "./samples";

const seqs = (log: { messages: { seq: number }[] }) => log.messages.map((m) => m.seq);
const log = logFromPage(page([11, 12, 13], { more_before: true }), 0);

test("a page is turned round: oldest first", () => {
  expect(seqs(log)).toEqual([11, 12, 13]);
  expect(log.moreBefore).toBe(true);
});

test("newer pages may overlap and are merged by seq", () => {
  expect(seqs(addNewer(log, page([12, 13, 14, 15]), 0))).toEqual([11, 12, 13, 14, 15]);
});

test("nothing new leaves the log as it is, so that nothing is drawn again", () => {
  expect(addNewer(log, page([]), 0)).toBe(log);
});

test("a page behind a gap begins a new log, for a log has no holes", () => {
  const after = addNewer(log, page([20, 21], { more_before: true }), 7);
  expect(seqs(after)).toEqual([20, 21]);
  expect(after.checkedAt).toBe(7);
});

test("a page that was asked for before the log moved on leaves no hole", () => {
  expect(addNewer(log, page([3, 4, 5]), 0)).toBe(log);
});

test("a page that ends before the newest message says so, an older one does not", () => {
  const part = addNewer(log, page([13, 14], { more_after: true }), 0);
  expect(part.moreAfter).toBe(true);
  expect(addNewer(part, page([11, 12], { more_after: true }), 0).moreAfter).toBe(true);
  expect(addNewer(part, page([15]), 0).moreAfter).toBe(false);
  expect(addNewer(log, page([11, 12], { more_after: true }), 0).moreAfter).toBe(false);
});

test("older pages say whether there are more before them", () => {
  const after = addOlder(log, page([9, 10], { more_before: false }));
  expect(seqs(after)).toEqual([9, 10, 11, 12, 13]);
  expect(after.moreBefore).toBe(false);
});

test("an older page that came too late leaves no hole", () => {
  expect(addOlder(log, page([3, 4]))).toBe(log);
});

test("seq 10 comes after 9: numbers are compared, not texts", () => {
  expect(seqs(logFromPage(page([9, 10, 8]), 0))).toEqual([8, 9, 10]);
});

test("one's own message is appended if it is the next one", () => {
  expect(headSeq(appendSent(log, message(14)))).toBe(14);
});

test("somebody else's unseen message before one's own is not skipped", () => {
  expect(appendSent(log, message(15))).toBe(log);
});

test("the same message twice is there once", () => {
  expect(seqs(appendSent(appendSent(log, message(14)), message(14)))).toEqual([11, 12, 13, 14]);
});

test("an edited message takes its old place", () => {
  const edited = message(12, { body: "new", edited_at: "2026-11-21T13:00:00.000Z" });
  const after = replaceMessage(log, edited);
  expect(seqs(after)).toEqual([11, 12, 13]);
  expect(after.messages[1]?.body).toBe("new");
  expect(replaceMessage(log, message(3))).toBe(log);
});

test("a slow page does not undo an edit", () => {
  const edited = message(12, { body: "new", edited_at: "2026-11-21T13:00:00.000Z" });
  const after = addNewer(replaceMessage(log, edited), page([12, 13, 14]), 0);
  expect(after.messages[1]?.body).toBe("new");
});

test("of two readings the later edit wins, and a tombstone over any edit", () => {
  const first = message(1, { edited_at: "2026-11-21T13:00:00.000Z" });
  const second = message(1, { edited_at: "2026-11-21T13:00:01.000Z" });
  const deleted = message(1, { body: null, deleted_at: "2026-11-21T12:30:00.000Z" });
  expect(laterReading(first, second)).toBe(second);
  expect(laterReading(second, first)).toBe(second);
  expect(laterReading(deleted, second)).toBe(deleted);
  expect(laterReading(second, deleted)).toBe(deleted);
});

test("people of all pages are known", () => {
  expect(Object.keys(addOlder(log, page([10], { users: [ADA] })).people)).toEqual(["bea", "ada"]);
});
