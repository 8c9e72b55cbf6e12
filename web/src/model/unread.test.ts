import { expect, test } from "vitest";
import type { Message } from "../api/types";
import { inboxRow, message } from "./samples";
import { afterSending, attend, attentionAtOpening, documentTitle, unseenCount } from "./unread";

const upTo = (seq: number): Message[] => Array.from({ length: seq }, (_, at) => message(at + 1));
const mine = (seq: number) => message(seq, { sender_id: "ada" });
const opened = (unread: number, head = 5) =>
  attentionAtOpening(inboxRow("bea", head, { unread }), upTo(head), "ada");

const atEnd = { atEnd: true, shownSeq: 0 };
const shown = (shownSeq: number) => ({ atEnd: false, shownSeq });

test("the line stands above the first unread message", () => {
  expect(opened(2)).toEqual({ dividerSeq: 4, seenSeq: 3, caughtUpSeq: 3 });
});

test("without unread messages there is no line", () => {
  expect(opened(0)).toEqual({ dividerSeq: null, seenSeq: 5, caughtUpSeq: 5 });
});

test("the line is known before the unread messages are loaded", () => {
  const row = inboxRow("bea", 9, { unread: 2 });
  expect(attentionAtOpening(row, upTo(5), "ada").dividerSeq).toBe(8);
});

test("what came since the inbox was read is unseen too", () => {
  const row = inboxRow("bea", 5, { unread: 0 });
  expect(attentionAtOpening(row, upTo(6), "ada").dividerSeq).toBe(6);
});

test("looking at the newest message sees it; the line stays for as long as one looks", () => {
  expect(attend(opened(2), upTo(6), "ada", atEnd)).toEqual({
    dividerSeq: 4,
    seenSeq: 6,
    caughtUpSeq: 6,
  });
});

test("what arrives unseen gets the line, and further arrivals leave it there", () => {
  const away = attend(opened(0), upTo(7), "ada", null);
  expect(away).toEqual({ dividerSeq: 6, seenSeq: 5, caughtUpSeq: 5 });
  expect(attend(away, upTo(9), "ada", null)).toBe(away);
  expect(unseenCount(away, upTo(9), "ada")).toBe(4);
});

test("a line that was read moves on to what is new", () => {
  const seen = attend(opened(2), upTo(5), "ada", atEnd);
  expect(attend(seen, upTo(7), "ada", null).dividerSeq).toBe(6);
});

test("what was scrolled to is seen, no more than that, and the line stays", () => {
  const far = opened(80, 100);
  const read = attend(far, upTo(60), "ada", shown(34));
  expect(read).toEqual({ dividerSeq: 21, seenSeq: 34, caughtUpSeq: 20 });
  expect(attend(read, upTo(60), "ada", shown(30))).toBe(read);
  expect(attend(read, upTo(61), "ada", null).dividerSeq).toBe(21);
});

test("one's own messages are neither new nor unseen", () => {
  const messages = [...upTo(5), mine(6)];
  expect(attend(opened(0), messages, "ada", null).dividerSeq).toBeNull();
  expect(unseenCount(opened(0), messages, "ada")).toBe(0);
});

test("nothing changed is the same object, so that nothing is drawn again", () => {
  const seen = opened(0);
  expect(attend(seen, upTo(5), "ada", atEnd)).toBe(seen);
});

test("an answer takes the line away", () => {
  expect(afterSending(opened(2)).dividerSeq).toBeNull();
});

test.each([
  ["", 0, "Tavola"],
  ["Ada", 0, "Ada · Tavola"],
  ["Ada", 3, "(3) Ada · Tavola"],
  ["", 100, "(99+) Tavola"],
])("the title of page %j with %i unread is %j", (page, unread, title) => {
  expect(documentTitle(page, unread)).toBe(title);
});
