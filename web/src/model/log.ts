/**
 * The part of a conversation's log that is loaded: always one stretch without gaps, oldest first,
 * ordered by `seq` alone. Pages are merged into it; they may overlap it and arrive in any order.
 */

import type { Message, MessagePage, Person } from "../api/types";

export interface Log {
  /** Ascending by `seq`, without gaps. */
  messages: Message[];
  /** Whether there are messages before the first of these. */
  moreBefore: boolean;
  /** Whether there are messages after the last of these that nobody has asked for yet. */
  moreAfter: boolean;
  people: Record<string, Person>;
  /** When the newest messages were last read again, to see edits (epoch, ms). */
  checkedAt: number;
}

export function logFromPage(page: MessagePage, now: number): Log {
  return {
    messages: page.messages.toReversed(),
    moreBefore: page.more_before,
    moreAfter: page.more_after,
    people: peopleOf(page),
    checkedAt: now,
  };
}

/** The highest `seq` that is loaded; 0 for an empty log. */
export function headSeq(log: Log): number {
  return log.messages.at(-1)?.seq ?? 0;
}

/** The lowest `seq` that is loaded; 1 for an empty log. */
export function tailSeq(log: Log): number {
  return log.messages[0]?.seq ?? 1;
}

export function hasMessage(log: Log, id: string): boolean {
  return log.messages.some((message) => message.id === id);
}

/**
 * Adds a page read after some loaded `seq`. A page that does not touch the log replaces it, unless
 * it is older: then the log has moved on since it was asked for.
 */
export function addNewer(log: Log, page: MessagePage, now: number): Log {
  const [last, first] = [page.messages[0], page.messages.at(-1)];
  if (!last || !first || last.seq < tailSeq(log) - 1) return log;
  if (first.seq > headSeq(log) + 1) return logFromPage(page, now);
  const reachesOn = last.seq >= headSeq(log);
  return {
    ...log,
    messages: mergeMessages(log.messages, page.messages),
    moreAfter: reachesOn ? page.more_after : log.moreAfter,
    people: { ...log.people, ...peopleOf(page) },
  };
}

/** Adds a page read before the first loaded `seq`. A page that does not touch the log is left. */
export function addOlder(log: Log, page: MessagePage): Log {
  const last = page.messages[0];
  if (last && last.seq < tailSeq(log) - 1) return log;
  return {
    ...log,
    messages: mergeMessages(log.messages, page.messages),
    moreBefore: page.more_before,
    people: { ...log.people, ...peopleOf(page) },
  };
}

/** Adds a message that was just sent, if nothing unseen lies before it. */
export function appendSent(log: Log, message: Message): Log {
  if (message.seq > headSeq(log) + 1) return log;
  return { ...log, messages: mergeMessages(log.messages, [message]) };
}

/** Puts an edited or deleted message in the place of the loaded one. */
export function replaceMessage(log: Log, message: Message): Log {
  if (!log.messages.some((other) => other.seq === message.seq)) return log;
  return { ...log, messages: mergeMessages(log.messages, [message]) };
}

/** Of two readings of one message the later one: a slow reply must not undo an edit. */
export function laterReading(one: Message, other: Message): Message {
  const [a, b] = [changedAt(one), changedAt(other)];
  return a > b ? one : other;
}

function changedAt(message: Message): string {
  // Deleting is final, so that a tombstone is later than any edit.
  return message.deleted_at ? `~${message.deleted_at}` : (message.edited_at ?? "");
}

function mergeMessages(loaded: Message[], read: Message[]): Message[] {
  const bySeq = new Map(loaded.map((message) => [message.seq, message]));
  for (const message of read) {
    const known = bySeq.get(message.seq);
    bySeq.set(message.seq, known ? laterReading(known, message) : message);
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

function peopleOf(page: MessagePage): Record<string, Person> {
  return Object.fromEntries((page.users ?? []).map((person) => [person.id, person]));
}
