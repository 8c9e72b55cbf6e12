import { expect, test } from "vitest";
import { ApiError, Unreachable } from "../api/errors";
import type { Message, MessageRequest } from "../api/types";
import { message } from "../model/samples";
import { OutboxStore } from "./outbox";

type Answer = (request: MessageRequest) => Message;

/** An outbox whose server answers as told, one answer after another, and never waits. */
function outboxWith(...answers: Answer[]) {
  const asked: MessageRequest[] = [];
  const delivered: Message[] = [];
  const pauses: number[] = [];
  const outbox = new OutboxStore({
    post: async (request) => {
      asked.push(request);
      const answer = answers.shift();
      if (!answer) throw new Error("The test has no answer for this.");
      return answer(request);
    },
    delivered: (it) => delivered.push(it),
    wait: async (milliseconds) => {
      pauses.push(milliseconds);
    },
  });
  return { outbox, asked, delivered, pauses };
}

const taken =
  (seq: number): Answer =>
  ({ id }) =>
    message(seq, { id });
const fails = (error: Error) => () => {
  throw error;
};
const problem = (status: number, code: string, retryable: boolean, retryAfter?: number) =>
  new ApiError(
    { type: "about:blank", title: code, status, code, retryable, request_id: "r1" },
    retryAfter,
  );

const write = (outbox: OutboxStore, id: string) =>
  outbox.write({
    id,
    conversation: "dm:ada:bea",
    body: id,
    after: 3,
    writtenAt: "2026-11-21T12:00:00.000Z",
    state: "waiting",
    attempts: 0,
  });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test("messages are sent one after another", async () => {
  const { outbox, asked, delivered } = outboxWith(taken(4), taken(5));
  write(outbox, "a");
  write(outbox, "b");
  expect(asked).toHaveLength(1);
  await settled();
  expect(delivered.map(({ id }) => id)).toEqual(["a", "b"]);
});

test("a lost answer is asked for again with the same id and `after`", async () => {
  const { outbox, asked, delivered, pauses } = outboxWith(fails(new Unreachable()), taken(4));
  write(outbox, "a");
  await settled();
  expect(asked[1]).toEqual(asked[0]);
  expect(delivered).toHaveLength(1);
  expect(pauses).toEqual([1000]);
});

test("the server's own pause is kept", async () => {
  const { outbox, pauses } = outboxWith(fails(problem(429, "slow_down", true, 9)), taken(4));
  write(outbox, "a");
  await settled();
  expect(pauses).toEqual([9000]);
});

test("after the last attempt the message stays, and a retry by hand goes on", async () => {
  const busy = fails(problem(503, "busy", true));
  const { outbox, asked } = outboxWith(busy, busy, busy, busy, taken(4));
  write(outbox, "a");
  await settled();
  expect(outbox.snapshot()[0]).toMatchObject({ state: "failed", problem: { retryable: true } });
  outbox.retry("a", 8);
  await settled();
  expect(asked).toHaveLength(5);
  expect(asked[4]).toEqual(asked[0]);
});

test("what is refused is not repeated, and the next one is sent", async () => {
  const refusal = fails(problem(403, "conversation_closed", false));
  const { outbox, asked, delivered } = outboxWith(refusal, taken(4));
  write(outbox, "a");
  write(outbox, "b");
  await settled();
  expect(asked.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(outbox.snapshot()[0]).toMatchObject({ state: "failed", problem: { retryable: false } });
  expect(delivered).toHaveLength(1);
});

test("signed out, messages wait; signed in again, they go", async () => {
  const { outbox, delivered } = outboxWith(fails(problem(401, "signed_out", false)), taken(4));
  write(outbox, "a");
  await settled();
  expect(outbox.snapshot()[0]?.state).toBe("waiting");
  outbox.resume();
  await settled();
  expect(delivered).toHaveLength(1);
});

test("what somebody else left is not sent on", async () => {
  const { outbox, delivered } = outboxWith(taken(4));
  write(outbox, "a");
  outbox.clear();
  await settled();
  expect(outbox.snapshot()).toEqual([]);
  expect(delivered).toEqual([]);
});

test("watchers hear of changes, and of nothing else", () => {
  const { outbox } = outboxWith(taken(4));
  let heard = 0;
  const stop = outbox.watch(() => {
    heard += 1;
  });
  outbox.arrived("dm:ada:bea", []);
  expect(heard).toBe(0);
  write(outbox, "a");
  expect(heard).toBeGreaterThan(0);
  stop();
});
