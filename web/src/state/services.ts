/** What lives as long as the page: the cache, messages on their way, drafts. */

import type { QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useSyncExternalStore } from "react";
import { postMessage } from "../api/calls";
import { listen } from "../api/client";
import type { Message, Session } from "../api/types";
import { type Inbox, withSentMessage } from "../model/inbox";
import { appendSent, hasMessage, type Log } from "../model/log";
import type { Outbox } from "../model/outbox";
import { createCache, forgetAnswers, keys } from "./cache";
import { OutboxStore } from "./outbox";
import { Reachability } from "./reachability";

export interface Services {
  cache: QueryClient;
  outbox: OutboxStore;
  /** What is typed and not sent, by conversation. In memory only: it is private. */
  drafts: Map<string, string>;
  reachability: Reachability;
  /**
   * Makes sure that nothing of somebody else who was signed in before is left, and returns whether
   * there was somebody else.
   */
  belongTo(userId: string | null): boolean;
}

export function createServices(): Services {
  const cache = createCache();
  const drafts = new Map<string, string>();
  const reachability = new Reachability();
  const outbox = new OutboxStore({
    post: postMessage,
    delivered: (message) => delivered(cache, outbox, message),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  });
  listen({
    reached: reachability.tell,
    signedOut: () =>
      cache.setQueryData<Session>(keys.session, (known) => known && { ...known, user: null }),
  });
  let owner: string | null = null;
  const belongTo = (userId: string | null) => {
    const changed = owner !== null && owner !== userId;
    if (owner !== userId) {
      outbox.clear();
      drafts.clear();
      forgetAnswers(cache);
    }
    owner = userId;
    outbox.resume();
    return changed;
  };
  return { cache, outbox, drafts, reachability, belongTo };
}

/** Shows a message that the server has taken, without waiting for the next look. */
function delivered(cache: QueryClient, outbox: OutboxStore, message: Message): void {
  const { conversation } = message;
  const log = cache.setQueryData<Log>(
    keys.log(conversation),
    (known) => known && appendSent(known, message),
  );
  const inbox = cache.setQueryData<Inbox>(
    keys.inbox,
    (known) => known && withSentMessage(known, message),
  );
  if (!log || hasMessage(log, message.id)) outbox.arrived(conversation, [message]);
  else void cache.invalidateQueries({ queryKey: keys.log(conversation) });
  if (!inbox?.rows.some((row) => row.conversation === conversation)) {
    // The first message: until now the conversation was not there.
    void cache.invalidateQueries({ queryKey: keys.inbox });
    void cache.invalidateQueries({ queryKey: keys.conversation(conversation) });
  }
}

const ServicesContext = createContext<Services | null>(null);
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error("There is no ServicesProvider above this component.");
  return services;
}

export function useOutbox(): Outbox {
  const { outbox } = useServices();
  return useSyncExternalStore(outbox.watch, outbox.snapshot);
}

export function useIsReachable(): boolean {
  const { reachability } = useServices();
  return useSyncExternalStore(reachability.watch, reachability.snapshot);
}
