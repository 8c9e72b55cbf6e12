import { expect, test } from "vitest";
import type { Message } from "../api/types";
import type { Log } from "./log";
import type { Outgoing } from "./outbox";
import { buildRows } from "./rows";
import { ADA, BEA, message } from "./samples";

const place = { me: ADA, dividerSeq: null };
const logOf = (messages: Message[], moreBefore = false): Log => ({
  messages,
  moreBefore,
  moreAfter: false,
  people: { bea: BEA },
  checkedAt: 0,
});
const rowsOf = (messages: Message[]) => buildRows(logOf(messages), [], place);

test("messages of one person within five minutes are a group", () => {
  const rows = rowsOf([message(1), message(2), message(20), message(21, { sender_id: "ada" })]);
  expect(rows.map((row) => row.startsGroup)).toEqual([true, false, true, true]);
  expect(rows.map((row) => row.endsGroup)).toEqual([false, true, true, true]);
  expect(rows.map((row) => row.mine)).toEqual([false, false, false, true]);
});

test("a day begins at the reader's midnight, not at that of UTC", () => {
  // The tests run in Rome, an hour ahead: 23:30 UTC is tomorrow there.
  const rows = rowsOf([
    message(1, { created_at: "2026-11-20T22:30:00.000Z" }),
    message(2, { created_at: "2026-11-20T23:30:00.000Z" }),
    message(3, { created_at: "2026-11-21T00:30:00.000Z" }),
  ]);
  expect(rows.map((row) => row.startsDay)).toEqual([true, true, false]);
});

test("the new messages line begins a group", () => {
  const rows = buildRows(logOf([message(1), message(2)]), [], { me: ADA, dividerSeq: 2 });
  expect(rows[1]).toMatchObject({ startsUnread: true, startsGroup: true });
});

test("system messages stand alone", () => {
  const rows = rowsOf([message(1), message(2, { kind: "system" }), message(3)]);
  expect(rows.map((row) => row.startsGroup)).toEqual([true, true, true]);
});

test("older messages above change no row that is on screen", () => {
  const messages = [1, 2, 3, 4, 20].map((seq) => message(seq));
  const before = buildRows(logOf(messages.slice(2), true), [], place);
  const after = buildRows(logOf(messages), [], place);
  expect(after.slice(-before.length)).toEqual(before);
});

const outgoing: Outgoing = {
  id: "m3",
  conversation: "dm:ada:bea",
  body: "on its way",
  writtenAt: "2026-11-21T12:03:00.000Z",
  state: "sending",
  attempts: 1,
};

test("what is on its way comes last, and keeps its key when it is in the log", () => {
  const sending = buildRows(logOf([message(1), message(2)]), [outgoing], place);
  const arrived = buildRows(logOf([message(1), message(2), message(3)]), [outgoing], place);
  expect(sending.map((row) => row.key)).toEqual(["m1", "m2", "m3"]);
  expect(arrived.map((row) => row.key)).toEqual(["m1", "m2", "m3"]);
  expect(arrived[2]?.entry.type).toBe("message");
});

test("somebody whose name was not told has one all the same", () => {
  const [row] = rowsOf([message(1, { sender_id: "cleo" })]);
  expect(row?.sender).toMatchObject({ id: "cleo", display_name: "Somebody" });
});
