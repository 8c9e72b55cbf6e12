import { expect, test } from "vitest";
import type { InboxPage, InboxRow } from "../api/types";
import {
  addInboxPage,
  type Inbox,
  inboxFromPage,
  markedRead,
  refreshInbox,
  unreadTotal,
  withChangedMessage,
  withReadMarker,
  withSentMessage,
} from "./inbox";
import { inboxRow, message } from "./samples";

const pageOf = (rows: InboxRow[], more: Partial<InboxPage> = {}): InboxPage => ({
  conversations: rows,
  next: null,
  exact: true,
  ...more,
});
const titles = (inbox: Inbox) => inbox.rows.map((row) => row.title);
const two = inboxFromPage(pageOf([inboxRow("a", 9), inboxRow("b", 8)], { next: "n1" }), 0);
const four = addInboxPage(two, pageOf([inboxRow("c", 7), inboxRow("d", 6)], { next: "n2" }));

test("rows are ordered by the time of their heads, whatever the page says", () => {
  expect(titles(inboxFromPage(pageOf([inboxRow("a", 1), inboxRow("b", 2)]), 0))).toEqual([
    "b",
    "a",
  ]);
});

test("a further page goes below and brings its own cursor", () => {
  expect(titles(four)).toEqual(["a", "b", "c", "d"]);
  expect(four.next).toBe("n2");
});

test("a conversation that moved up while paging is there once, on top", () => {
  const after = addInboxPage(two, pageOf([inboxRow("b", 20), inboxRow("c", 7)]));
  expect(titles(after)).toEqual(["b", "a", "c"]);
});

test("reading the first page again keeps what was loaded below it", () => {
  const after = refreshInbox(four, pageOf([inboxRow("d", 10), inboxRow("a", 9)], { next: "n1b" }));
  expect(titles(after)).toEqual(["d", "a", "b", "c"]);
  expect(after.next).toBe("n2");
});

test("a row that the first page should show and does not is gone", () => {
  const after = refreshInbox(four, pageOf([inboxRow("b", 8), inboxRow("c", 7)], { next: "x" }));
  expect(titles(after)).toEqual(["b", "c", "d"]);
});

test("an inexact page is no reason to drop a row", () => {
  const inexact = pageOf([inboxRow("b", 8), inboxRow("c", 7)], { next: "x", exact: false });
  expect(titles(refreshInbox(four, inexact))).toEqual(["a", "b", "c", "d"]);
});

test("a first page that is the whole inbox is all there is", () => {
  const after = refreshInbox(four, pageOf([inboxRow("b", 8)]));
  expect(titles(after)).toEqual(["b"]);
  expect(after.next).toBeNull();
});

test("an empty inbox that fills gets its rows and cursor", () => {
  const empty = inboxFromPage(pageOf([]), 0);
  const after = refreshInbox(empty, pageOf([inboxRow("a", 1)], { next: "n" }));
  expect(titles(after)).toEqual(["a"]);
  expect(after.next).toBe("n");
});

test("an older reply does not bring an old head back", () => {
  const sent = withSentMessage(two, message(12, { conversation: "dm:ada:b", body: "mine" }));
  expect(titles(sent)).toEqual(["b", "a"]);
  const after = refreshInbox(sent, pageOf([inboxRow("a", 9), inboxRow("b", 8)]));
  expect(after.rows[0]?.head.body).toBe("mine");
});

test("an edit changes the preview and not the order", () => {
  const edited = message(8, { conversation: "dm:ada:b", body: "new", edited_at: "2026-11-22" });
  const after = withChangedMessage(two, edited);
  expect(titles(after)).toEqual(["a", "b"]);
  expect(after.rows[1]?.head.body).toBe("new");
});

test("a deleted older message leaves the preview alone", () => {
  const older = message(3, { conversation: "dm:ada:b", body: null, deleted_at: "2026-11-22" });
  expect(withChangedMessage(two, older).rows[1]?.head.body).toBe("text 8");
});

test("reading clears the badge, and an older reply does not light it again", () => {
  const unread = inboxRow("a", 9, { unread: 3, read_seq: 6 });
  const read = withReadMarker(inboxFromPage(pageOf([unread]), 0), "dm:ada:a", 9);
  expect(unreadTotal(read)).toBe(0);
  expect(unreadTotal(refreshInbox(read, pageOf([unread])))).toBe(0);
});

test("messages after the marker stay unread, and unread is never negative", () => {
  const row = inboxRow("a", 9, { unread: 3, read_seq: 6 });
  expect(markedRead(row, 8).unread).toBe(1);
  expect(markedRead(row, 12).unread).toBe(0);
  expect(markedRead(row, 5)).toBe(row);
});

test("sending reads: the badge goes", () => {
  const unread = inboxFromPage(pageOf([inboxRow("a", 9, { unread: 3, read_seq: 6 })]), 0);
  const mine = message(10, { conversation: "dm:ada:a", sender_id: "ada" });
  expect(unreadTotal(withSentMessage(unread, mine))).toBe(0);
});
