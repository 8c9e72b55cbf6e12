/** Messages and conversations for tests, with only what matters spelled out. */

import type { InboxRow, Message, MessagePage, Person } from "../api/types";

export const ADA: Person = { id: "ada", handle: "ada", display_name: "Ada Byron" };
export const BEA: Person = { id: "bea", handle: "bea", display_name: "Bea Potter" };

/** One minute after another, beginning at noon. */
export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    conversation: "dm:ada:bea",
    seq,
    sender_id: "bea",
    kind: "text",
    body: `text ${seq}`,
    created_at: new Date(Date.UTC(2026, 10, 21, 12, seq)).toISOString(),
    ...more,
  };
}

export function page(seqs: number[], more: Partial<MessagePage> = {}): MessagePage {
  return {
    messages: seqs.toSorted((a, b) => b - a).map((seq) => message(seq)),
    head_seq: Math.max(0, ...seqs),
    more_before: Math.min(1, ...seqs) > 1,
    more_after: false,
    users: [BEA],
    ...more,
  };
}

export function inboxRow(name: string, seq: number, more: Partial<InboxRow> = {}): InboxRow {
  const conversation = `dm:ada:${name}`;
  return {
    conversation,
    kind: "direct",
    title: name,
    head: message(seq, { conversation }),
    unread: 0,
    read_seq: seq,
    ...more,
  };
}
