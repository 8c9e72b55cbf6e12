/**
 * Messages on their way: written here, not yet in the log. A message keeps its id and its `after`
 * over every retry, so that the server recognises it and nothing is sent twice.
 */

import type { Message, MessageRequest } from "../api/types";

export interface Problem {
  code: string;
  text: string;
  /** Whether sending the same again can help. */
  retryable: boolean;
}

export interface Outgoing {
  id: string;
  conversation: string;
  /** For the first message of a direct conversation: whom it goes to. */
  to?: string;
  body: string;
  /** The last `seq` seen when it was written; absent where none is known. */
  after?: number;
  writtenAt: string;
  state: "waiting" | "sending" | "failed" | "sent";
  /** How often it was tried since it was written or retried by hand. */
  attempts: number;
  problem?: Problem;
}

export type Outbox = readonly Outgoing[];

export type OutboxEvent =
  | { type: "written"; outgoing: Outgoing }
  | { type: "sending"; id: string }
  | { type: "postponed"; id: string }
  | { type: "failed"; id: string; problem: Problem }
  | { type: "sent"; id: string }
  | { type: "retried"; id: string; after: number | undefined }
  | { type: "discarded"; id: string }
  | { type: "arrived"; conversation: string; messages: Message[] };

export function reduceOutbox(outbox: Outbox, event: OutboxEvent): Outbox {
  switch (event.type) {
    case "written":
      return [...outbox, event.outgoing];
    case "sending":
      return change(outbox, event.id, (o) => ({
        ...withoutProblem(o),
        state: "sending",
        attempts: o.attempts + 1,
      }));
    case "postponed":
      return change(outbox, event.id, (o) => ({ ...o, state: "waiting" }));
    case "failed":
      return change(outbox, event.id, (o) => ({ ...o, state: "failed", problem: event.problem }));
    case "sent":
      return change(outbox, event.id, (o) => ({ ...o, state: "sent" }));
    case "retried":
      return change(outbox, event.id, (o) => retried(o, event.after));
    case "discarded":
      return outbox.filter((o) => o.id !== event.id);
    case "arrived":
      return withoutArrived(outbox, event.conversation, event.messages);
  }
}

/** The next message of a conversation to send: one at a time, so that their order is kept. */
export function nextToSend(outbox: Outbox, conversation: string): Outgoing | undefined {
  const own = outbox.filter((o) => o.conversation === conversation);
  if (own.some((o) => o.state === "sending")) return undefined;
  return own.find((o) => o.state === "waiting");
}

export function asRequest(outgoing: Outgoing): MessageRequest {
  const { id, conversation, to, body, after } = outgoing;
  return {
    id,
    body,
    ...(to === undefined ? { conversation } : { to }),
    ...(after === undefined ? {} : { after }),
  };
}

function change(outbox: Outbox, id: string, how: (o: Outgoing) => Outgoing): Outbox {
  return outbox.map((o) => (o.id === id ? how(o) : o));
}

function retried(outgoing: Outgoing, after: number | undefined): Outgoing {
  // Nothing was written then, and too much has been since for the server to look through.
  const stale = outgoing.problem?.code === "stale_after";
  const fresh = stale && after !== undefined ? { after } : {};
  return { ...withoutProblem(outgoing), ...fresh, state: "waiting", attempts: 0 };
}

function withoutProblem({ problem: _, ...rest }: Outgoing): Outgoing {
  return rest;
}

function withoutArrived(outbox: Outbox, conversation: string, messages: Message[]): Outbox {
  if (!outbox.some((o) => o.conversation === conversation)) return outbox;
  const ids = new Set(messages.map((message) => message.id));
  const left = outbox.filter((o) => o.conversation !== conversation || !ids.has(o.id));
  return left.length === outbox.length ? outbox : left;
}
