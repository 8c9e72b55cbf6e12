/**
 * Where the "new messages" line stands, and how much below it is unseen. A message is seen when
 * it was on screen while the window had the focus.
 */

import type { Conversation, Message } from "../api/types";

export interface Attention {
  /** The first message under the line; null where there is no line. */
  dividerSeq: number | null;
  /** Everything up to here was on screen before somebody's eyes. */
  seenSeq: number;
  /** The newest message when the reader was last at the end: there was nothing else to see. */
  caughtUpSeq: number;
}

/** What somebody is looking at. */
export interface View {
  /** Whether the newest message of all is on screen. */
  atEnd: boolean;
  /** The last message on screen; 0 for none. */
  shownSeq: number;
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
  return { dividerSeq, seenSeq, caughtUpSeq: seenSeq };
}

/** Moves on when messages arrived, were scrolled to, or the reader came back; null is away. */
export function attend(
  attention: Attention,
  messages: Message[],
  me: string,
  view: View | null,
): Attention {
  const { dividerSeq, seenSeq, caughtUpSeq } = attention;
  const newest = messages.at(-1)?.seq ?? 0;
  const after = {
    dividerSeq: view?.atEnd ? dividerSeq : movedDivider(attention, messages, me),
    seenSeq: Math.max(seenSeq, view?.atEnd ? newest : (view?.shownSeq ?? 0)),
    caughtUpSeq: view?.atEnd ? Math.max(caughtUpSeq, newest) : caughtUpSeq,
  };
  const same =
    after.dividerSeq === dividerSeq &&
    after.seenSeq === seenSeq &&
    after.caughtUpSeq === caughtUpSeq;
  return same ? attention : after;
}

/** A line that the reader has been below marks old news: it moves to what is new now. */
function movedDivider(attention: Attention, messages: Message[], me: string): number | null {
  const { dividerSeq, seenSeq, caughtUpSeq } = attention;
  const isOld = dividerSeq === null || dividerSeq <= caughtUpSeq;
  return isOld ? (firstUnseen(messages, seenSeq, me) ?? dividerSeq) : dividerSeq;
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
