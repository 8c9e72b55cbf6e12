/** Looking people up. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { findUsers, getUser, getUsers } from "../api/calls";
import { keys } from "./cache";

/** The shortest beginning of a handle that is looked for. */
export const PREFIX_MIN = 2;
/** What a handle can begin with: the server refuses to look for anything else. */
const BEGINNING = /^[a-z0-9_.-]{2,32}$/;
const PAGE = 50;
const TYPING_PAUSE_MS = 150;

/** `who` is a user id or "@handle"; null asks nothing. */
export function useUser(who: string | null) {
  return useQuery({
    queryKey: keys.user(who ?? ""),
    queryFn: ({ signal }) => getUser(who ?? "", signal),
    enabled: who !== null,
    staleTime: 60_000,
  });
}

/** People whose handles begin with what was typed, once the typing pauses: a name finds nobody. */
export function useUserSearch(typed: string) {
  const prefix = useSettled(typed.trim().replace(/^@/, "").toLowerCase());
  return useQuery({
    queryKey: keys.search(prefix),
    queryFn: ({ signal }) => findUsers(prefix, signal),
    enabled: BEGINNING.test(prefix),
    staleTime: 30_000,
    select: ({ users }) => users,
  });
}

/** Everybody by name, page by page; for admins. */
export function useAllUsers() {
  return useInfiniteQuery({
    queryKey: keys.users,
    queryFn: ({ pageParam, signal }: { pageParam: string | undefined; signal: AbortSignal }) =>
      getUsers({ limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ users }) => users),
  });
}

/** What was typed, once the typing pauses. */
export function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
