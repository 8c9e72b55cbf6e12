/**
 * A conversation as rows on the screen: by day, and by sender within a day. What a row shows
 * depends on the one above it only, and a row whose predecessor is not loaded is not shown: so
 * rows keep their height when older ones are added above, and reading is not disturbed.
 */

import type { Message, Person } from "../api/types";
import type { Log } from "./log";
import type { Outbox, Outgoing } from "./outbox";
import { dayOf } from "./time";

/** Longer silences begin a new group even when the same person goes on. */
const GROUP_PAUSE_MS = 5 * 60_000;

export interface Row {
  /** The message's id: it is the same on its way and in the log. */
  key: string;
  entry: { type: "message"; message: Message } | { type: "outgoing"; outgoing: Outgoing };
  sender: Person;
  mine: boolean;
  time: string;
  /** Whether a day begins with this row. */
  startsDay: boolean;
  /** Whether the "new messages" line is above this row. */
  startsUnread: boolean;
  startsGroup: boolean;
  endsGroup: boolean;
}

interface Place {
  me: Person;
  dividerSeq: number | null;
}

export function buildRows(log: Log, outbox: Outbox, place: Place): Row[] {
  const all = [
    ...log.messages.map((message) => messageRow(message, log.people, place)),
    ...onTheirWay(log, outbox).map((outgoing) => outgoingRow(outgoing, place.me)),
  ];
  const linked = all.map((row, index) => linkedToPrevious(row, all[index - 1]));
  const rows = linked.map((row, index) => ({
    ...row,
    endsGroup: linked[index + 1]?.startsGroup ?? true,
  }));
  // With a single message there is nothing that its row could disturb.
  return log.moreBefore && rows.length > 1 ? rows.slice(1) : rows;
}

/** What is not in the log yet: a message is shown once, wherever its reply is. */
function onTheirWay(log: Log, outbox: Outbox): Outgoing[] {
  if (outbox.length === 0) return [];
  const arrived = new Set(log.messages.map((message) => message.id));
  return outbox.filter((outgoing) => !arrived.has(outgoing.id));
}

function messageRow(message: Message, people: Log["people"], place: Place): Row {
  const mine = message.sender_id === place.me.id;
  return {
    ...unlinked,
    key: message.id,
    entry: { type: "message", message },
    sender: mine ? place.me : (people[message.sender_id] ?? unknownPerson(message.sender_id)),
    mine,
    time: message.created_at,
    startsUnread: message.seq === place.dividerSeq,
  };
}

function outgoingRow(outgoing: Outgoing, me: Person): Row {
  return {
    ...unlinked,
    key: outgoing.id,
    entry: { type: "outgoing", outgoing },
    sender: me,
    mine: true,
    time: outgoing.writtenAt,
  };
}

const unlinked = { startsDay: true, startsUnread: false, startsGroup: true, endsGroup: true };

function linkedToPrevious(row: Row, previous: Row | undefined): Row {
  const startsDay = previous === undefined || dayOf(row.time) !== dayOf(previous.time);
  const startsGroup =
    startsDay ||
    row.startsUnread ||
    row.sender.id !== previous.sender.id ||
    isSystem(row) ||
    isSystem(previous) ||
    Date.parse(row.time) - Date.parse(previous.time) > GROUP_PAUSE_MS;
  return { ...row, startsDay, startsGroup };
}

export function isSystem(row: Row): boolean {
  return row.entry.type === "message" && row.entry.message.kind === "system";
}

function unknownPerson(id: string): Person {
  return { id, handle: "", display_name: "Somebody" };
}
