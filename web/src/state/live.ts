/**
 * Keeps what is on screen up to date, by asking. This is the only place that asks again: a
 * connection on which the server speaks up can take its place without a change elsewhere.
 */

import { useEffect, useRef } from "react";
import type { Log } from "../model/log";
import { headSeq } from "../model/log";
import { keys } from "./cache";
import { type Services, useServices } from "./services";

const INBOX_EVERY_MS = 4_000;
const LOG_EVERY_MS = 2_000;
const WAIT_MAX_MS = 30_000;

/** Watches the inbox, on every page. */
export function useLiveInbox(): void {
  const services = useServices();
  useBeat(INBOX_EVERY_MS, "inbox", () => refresh(services, keys.inbox));
}

/** Watches the log of the conversation that is open. */
export function useLiveLog(conversation: string | null): void {
  const services = useServices();
  useBeat(LOG_EVERY_MS, conversation, () =>
    conversation === null ? Promise.resolve() : refreshLog(services, conversation),
  );
}

async function refreshLog(services: Services, conversation: string): Promise<void> {
  const { cache, outbox } = services;
  const key = keys.log(conversation);
  const before = cache.getQueryData<Log>(key);
  await refresh(services, key);
  const after = cache.getQueryData<Log>(key);
  if (!after) return;
  outbox.arrived(conversation, after.messages);
  if (before && headSeq(after) > headSeq(before)) {
    void cache.invalidateQueries({ queryKey: keys.inbox }, { cancelRefetch: false });
  }
}

function refresh({ cache }: Services, queryKey: readonly string[]): Promise<void> {
  return cache.refetchQueries(
    { queryKey, exact: true, type: "active" },
    { throwOnError: true, cancelRefetch: false },
  );
}

/** How long to wait after so many failures in a row: a server in trouble is asked less often. */
export function beatDelay(every: number, failures: number): number {
  return failures === 0 ? every : Math.min(WAIT_MAX_MS, every * 2 ** failures);
}

/** Does some work again and again while the page is visible, and at once when it comes back. */
function useBeat(every: number, subject: string | null, work: () => Promise<void>): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    if (subject === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let running = false;
    const beat = async () => {
      clearTimeout(timer);
      if (running || document.visibilityState === "hidden") return;
      running = true;
      failures = await latest.current().then(
        () => 0,
        () => failures + 1,
      );
      running = false;
      timer = setTimeout(beat, beatDelay(every, failures));
    };
    timer = setTimeout(beat, every);
    window.addEventListener("focus", beat);
    window.addEventListener("online", beat);
    document.addEventListener("visibilitychange", beat);
    return () => {
      // A beat that is under way must not wind the clock up again.
      running = true;
      clearTimeout(timer);
      window.removeEventListener("focus", beat);
      window.removeEventListener("online", beat);
      document.removeEventListener("visibilitychange", beat);
    };
  }, [every, subject]);
}
