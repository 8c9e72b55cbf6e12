/**
 * Where the "new messages" line stands, and how much below it is unseen. A message is seen when
 * it was loaded while the reader attended: window focused, scrolled to the newest message.
 */

import type { Conversation, Message } from "../api/types";

export interface Attention {
  /** The first message under the line; null where there is no line. */
  dividerSeq: number | null;
  /** Everything up to here was on screen before somebody's eyes. */
  seenSeq: number;
}

/** What the reader knows of a conversation when it opens. */
export function attentionAtOpening(
  conversation: Conversation,
  messages: Message[],
  me: string,
): Attention {
  const head = conversation.head?.seq ?? 0;
  const seenSeq = head - conversation.unread;
  // What is unread may not be loaded yet, and then it is not known who sent it.
  const dividerSeq = conversation.unread > 0 ? seenSeq + 1 : firstUnseen(messages, seenSeq, me);
  return { dividerSeq, seenSeq };
}

/** Moves on when messages arrived or the reader came back. */
export function attend(
  attention: Attention,
  messages: Message[],
  me: string,
  attending: boolean,
): Attention {
  const unseen = firstUnseen(messages, attention.seenSeq, me);
  const { dividerSeq } = attention;
  // A line with nothing unseen under it marks old news: it moves to what is new now.
  const stale = dividerSeq === null || dividerSeq <= attention.seenSeq;
  const divider = !attending && stale && unseen !== null ? unseen : dividerSeq;
  const seenSeq = attending ? (messages.at(-1)?.seq ?? 0) : attention.seenSeq;
  return divider === dividerSeq && seenSeq <= attention.seenSeq
    ? attention
    : { dividerSeq: divider, seenSeq: Math.max(seenSeq, attention.seenSeq) };
}

/** Who answers has read what is above: the line goes. */
export function afterSending(attention: Attention): Attention {
  return { ...attention, dividerSeq: null };
}

export function unseenCount(attention: Attention, messages: Message[], me: string): number {
  return messages.filter((m) => m.seq > attention.seenSeq && m.sender_id !== me).length;
}

/** "(3) Tavola": what the tab says. */
export function documentTitle(page: string, unread: number): string {
  const name = page === "" ? "Tavola" : `${page} · Tavola`;
  return unread === 0 ? name : `(${unread > 99 ? "99+" : unread}) ${name}`;
}

function firstUnseen(messages: Message[], seenSeq: number, me: string): number | null {
  return messages.find((m) => m.seq > seenSeq && m.sender_id !== me)?.seq ?? null;
}
