/**
 * The inbox as far as it is loaded. Rows only ever move up, so pages are merged by conversation
 * and ordered by the time of their heads.
 */

import type { InboxPage, InboxRow, Message } from "../api/types";
import { laterReading } from "./log";

export interface Inbox {
  /** Newest activity first. */
  rows: InboxRow[];
  /** The cursor of the page after the last loaded one. */
  next: string | null;
  /** When more than the first page was last read again (epoch, ms). */
  checkedAt: number;
}

export function inboxFromPage(page: InboxPage, now: number): Inbox {
  return { rows: inOrder(page.conversations), next: page.next, checkedAt: now };
}

/** Merges the first page, read again. What it should show and does not is gone. */
export function refreshInbox(inbox: Inbox, page: InboxPage): Inbox {
  const oldest = page.conversations.at(-1)?.head.created_at ?? "";
  const below = (row: InboxRow) =>
    page.next !== null && (page.exact === false || row.head.created_at <= oldest);
  const kept = inbox.rows.filter(below);
  return {
    ...inbox,
    rows: mergeRows(inbox.rows, [...kept, ...page.conversations]),
    next: page.next === null ? null : inbox.rows.length === 0 ? page.next : inbox.next,
  };
}

/** Adds the page that the cursor `next` led to. */
export function addInboxPage(inbox: Inbox, page: InboxPage): Inbox {
  return {
    ...inbox,
    rows: mergeRows(inbox.rows, [...inbox.rows, ...page.conversations]),
    next: page.next,
  };
}

/** Shows one's own new message: the conversation is at the top and read. */
export function withSentMessage(inbox: Inbox, message: Message): Inbox {
  return updateRow(inbox, message.conversation, (row) =>
    message.seq > row.head.seq ? { ...row, head: message, unread: 0, read_seq: message.seq } : row,
  );
}

/** Shows an edited or deleted message in the preview; the row stays where it is. */
export function withChangedMessage(inbox: Inbox, message: Message): Inbox {
  return updateRow(inbox, message.conversation, (row) =>
    message.seq === row.head.seq ? { ...row, head: laterReading(row.head, message) } : row,
  );
}

export function withReadMarker(inbox: Inbox, conversation: string, readSeq: number): Inbox {
  return updateRow(inbox, conversation, (row) => markedRead(row, readSeq));
}

/** A row read up to `readSeq` at least: markers only grow, whatever an older reply says. */
export function markedRead(row: InboxRow, readSeq: number): InboxRow {
  if (readSeq <= row.read_seq) return row;
  const unread = Math.min(row.unread, Math.max(0, row.head.seq - readSeq));
  return { ...row, read_seq: readSeq, unread };
}

export function unreadTotal(inbox: Inbox | undefined): number {
  return inbox?.rows.reduce((sum, row) => sum + row.unread, 0) ?? 0;
}

function updateRow(inbox: Inbox, conversation: string, change: (row: InboxRow) => InboxRow): Inbox {
  const rows = inbox.rows.map((row) => (row.conversation === conversation ? change(row) : row));
  return { ...inbox, rows: inOrder(rows) };
}

/** Later rows of the same conversation win, unless they are older readings of it. */
function mergeRows(known: InboxRow[], read: InboxRow[]): InboxRow[] {
  const before = new Map(known.map((row) => [row.conversation, row]));
  const merged = new Map<string, InboxRow>();
  for (const row of read) {
    merged.set(row.conversation, laterRow(before.get(row.conversation), row));
  }
  return inOrder([...merged.values()]);
}

function laterRow(known: InboxRow | undefined, read: InboxRow): InboxRow {
  if (!known || known === read) return read;
  if (known.head.seq > read.head.seq) return known;
  const head = known.head.seq === read.head.seq ? laterReading(known.head, read.head) : read.head;
  return markedRead({ ...read, head }, known.read_seq);
}

function inOrder(rows: InboxRow[]): InboxRow[] {
  return rows.toSorted(
    (a, b) =>
      compare(b.head.created_at, a.head.created_at) || compare(a.conversation, b.conversation),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
