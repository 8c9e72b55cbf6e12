/** The one place where answers of the server are kept, and the names they are kept under. */

import { QueryClient } from "@tanstack/react-query";
import { isRetryable } from "../api/errors";
import type { Question } from "../model/table/question";

export const keys = {
  session: ["session"],
  inbox: ["inbox"],
  conversation: (id: string) => ["conversation", id],
  log: (id: string) => ["log", id],
  user: (who: string) => ["user", who],
  users: ["users"],
  search: (prefix: string) => ["search", prefix],
  groups: (prefix: string) => ["groups", prefix],
  group: (id: string) => ["group", id],
  members: (id: string) => ["group", id, "members"],
  allMembers: (id: string) => ["group", id, "members", "all"],
  joined: (user: string) => ["joined", user],
  directoryPages: ["page", "directory"],
  tablePage: ["page", "table"],
  table: ["table"],
  tableItems: ["table", "items"],
  tableAnswer: (question: Question) => ["table", "answer", question],
} as const;

const RETRIES = 1;

export function createCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < RETRIES && isRetryable(error),
        // What changes by itself is asked for again in live.ts, and nowhere else.
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // A server on this machine answers without a network, so only its answers count.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}

/** Forgets everything but who is signed in. */
export function forgetAnswers(cache: QueryClient): void {
  cache.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
}
