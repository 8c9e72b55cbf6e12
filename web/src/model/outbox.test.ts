import { expect, test } from "vitest";
import {
  asRequest,
  nextToSend,
  type Outbox,
  type OutboxEvent,
  type Outgoing,
  reduceOutbox,
} from "./outbox";
import { message } from "./samples";

const outgoing = (id: string, more: Partial<Outgoing> = {}): Outgoing => ({
  id,
  conversation: "dm:ada:bea",
  body: `body of ${id}`,
  after: 7,
  writtenAt: "2026-11-21T12:00:00.000Z",
  state: "waiting",
  attempts: 0,
  ...more,
});
const after = (outbox: Outbox, ...events: OutboxEvent[]) => events.reduce(reduceOutbox, outbox);
const failure = { code: "busy", text: "Busy", retryable: true };

test("messages go one at a time, in the order they were written", () => {
  const outbox = [outgoing("a"), outgoing("b")];
  expect(nextToSend(outbox, "dm:ada:bea")?.id).toBe("a");
  const sending = after(outbox, { type: "sending", id: "a" });
  expect(nextToSend(sending, "dm:ada:bea")).toBeUndefined();
  expect(nextToSend(after(sending, { type: "sent", id: "a" }), "dm:ada:bea")?.id).toBe("b");
});

test("conversations do not wait for each other", () => {
  const outbox = [outgoing("a", { state: "sending" }), outgoing("b", { conversation: "group:g" })];
  expect(nextToSend(outbox, "group:g")?.id).toBe("b");
});

test("a failed message does not hold up those behind it", () => {
  const outbox = after([outgoing("a"), outgoing("b")], {
    type: "failed",
    id: "a",
    problem: failure,
  });
  expect(nextToSend(outbox, "dm:ada:bea")?.id).toBe("b");
});

test("a retry is the same request: same id, same `after`", () => {
  const first = outgoing("a");
  const [again] = after(
    [first],
    { type: "sending", id: "a" },
    { type: "failed", id: "a", problem: failure },
    { type: "retried", id: "a", after: 99 },
  );
  expect(again && asRequest(again)).toEqual(asRequest(first));
  expect(again?.problem).toBeUndefined();
});

test("only a stale `after` is replaced, for nothing was written then", () => {
  const problem = { code: "stale_after", text: "Too much since", retryable: true };
  const [again] = after(
    [outgoing("a")],
    { type: "failed", id: "a", problem },
    { type: "retried", id: "a", after: 2000 },
  );
  expect(again).toMatchObject({ id: "a", after: 2000, state: "waiting" });
});

test("the first message goes to a person, all others to a conversation", () => {
  expect(asRequest(outgoing("a", { to: "bea" }))).toEqual({
    id: "a",
    to: "bea",
    body: "body of a",
    after: 7,
  });
  expect(asRequest(outgoing("a"))).toHaveProperty("conversation", "dm:ada:bea");
});

test("what is in the log leaves the outbox, in its own conversation only", () => {
  const outbox = [outgoing("a"), outgoing("b"), outgoing("a", { conversation: "group:g" })];
  const arrived: OutboxEvent = {
    type: "arrived",
    conversation: "dm:ada:bea",
    messages: [message(8, { id: "a" })],
  };
  expect(after(outbox, arrived)).toEqual([outbox[1], outbox[2]]);
});

test("nothing of ours in the log changes nothing, so that nothing is drawn again", () => {
  const outbox = [outgoing("a")];
  const arrived: OutboxEvent = {
    type: "arrived",
    conversation: "dm:ada:bea",
    messages: [message(8)],
  };
  expect(reduceOutbox(outbox, arrived)).toBe(outbox);
});

test("a discarded message is gone", () => {
  expect(after([outgoing("a"), outgoing("b")], { type: "discarded", id: "a" })).toHaveLength(1);
});
