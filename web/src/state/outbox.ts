/** Sends messages in the background, one conversation's in order, and lets React watch. */

import { ApiError, explain, isRetryable, isSignedOut } from "../api/errors";
import type { Message, MessageRequest } from "../api/types";
import {
  asRequest,
  nextToSend,
  type Outbox,
  type OutboxEvent,
  type Outgoing,
  type Problem,
  reduceOutbox,
} from "../model/outbox";

/** How long to wait before each further attempt; after the last one it is up to the person. */
const PAUSES_MS = [1_000, 3_000, 8_000];

export interface Wires {
  post(message: MessageRequest): Promise<Message>;
  /** Called once the server has a message. */
  delivered(message: Message): void;
  wait(milliseconds: number): Promise<void>;
}

export class OutboxStore {
  #outbox: Outbox = [];
  readonly #watchers = new Set<() => void>();
  readonly #wires: Wires;

  constructor(wires: Wires) {
    this.#wires = wires;
  }

  readonly snapshot = (): Outbox => this.#outbox;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  write(outgoing: Outgoing): void {
    this.#apply({ type: "written", outgoing });
    void this.#sendNext(outgoing.conversation);
  }

  /** Sends a failed message again; `after` is the newest loaded `seq`, should it be needed. */
  retry(id: string, after: number | undefined): void {
    this.#apply({ type: "retried", id, after });
    this.resume();
  }

  discard(id: string): void {
    this.#apply({ type: "discarded", id });
  }

  /** Drops what is in the log by now. */
  arrived(conversation: string, messages: Message[]): void {
    this.#apply({ type: "arrived", conversation, messages });
  }

  /** Goes on with everything that waits, for instance after signing in again. */
  resume(): void {
    for (const conversation of new Set(this.#outbox.map((o) => o.conversation))) {
      void this.#sendNext(conversation);
    }
  }

  clear(): void {
    for (const { id } of this.#outbox) this.discard(id);
  }

  async #sendNext(conversation: string): Promise<void> {
    const next = nextToSend(this.#outbox, conversation);
    if (!next) return;
    this.#apply({ type: "sending", id: next.id });
    const goOn = await this.#send(next);
    if (goOn) await this.#sendNext(conversation);
  }

  /** Returns whether the next message may be sent. */
  async #send(outgoing: Outgoing): Promise<boolean> {
    const { id } = outgoing;
    for (let attempt = 0; this.#has(id); attempt += 1) {
      try {
        const message = await this.#wires.post(asRequest(outgoing));
        if (!this.#has(id)) return false;
        this.#apply({ type: "sent", id });
        this.#wires.delivered(message);
        return true;
      } catch (error) {
        if (isSignedOut(error)) {
          this.#apply({ type: "postponed", id });
          return false;
        }
        const pause = PAUSES_MS[attempt];
        if (pause === undefined || !isRetryable(error)) {
          this.#apply({ type: "failed", id, problem: problemOf(error) });
          return true;
        }
        await this.#wires.wait(Math.max(pause, askedPause(error)));
      }
    }
    return false;
  }

  #has(id: string): boolean {
    return this.#outbox.some((outgoing) => outgoing.id === id);
  }

  #apply(event: OutboxEvent): void {
    const after = reduceOutbox(this.#outbox, event);
    if (after === this.#outbox) return;
    this.#outbox = after;
    for (const watcher of this.#watchers) watcher();
  }
}

function askedPause(error: unknown): number {
  return error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0;
}

function problemOf(error: unknown): Problem {
  const code = error instanceof ApiError ? error.code : "unreachable";
  return {
    code,
    text: explain(error),
    // An old `after` is replaced on a retry; everything else that is refused stays refused.
    retryable: isRetryable(error) || code === "stale_after",
  };
}
