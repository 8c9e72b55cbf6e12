/** Groups and who is in them, as they are. `groupChanges.ts` changes them. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getGroup, getGroups, getJoined, getMembers } from "../api/calls";
import { byName } from "../model/directory/groups";
import { keys } from "./cache";

const PAGE = 50;
const PAGE_MAX = 200;
/** What one request can set; of longer lists no exact set can be made. */
export const SET_MAX = 1000;

type Asked = { pageParam: string | undefined; signal: AbortSignal };

const paged = {
  initialPageParam: undefined,
  getNextPageParam: ({ next }: { next: string | null }) => next ?? undefined,
} as const;

const pageAt = (cursor: string | undefined, limit = PAGE) => ({
  limit,
  ...(cursor === undefined ? {} : { cursor }),
});

/** Groups by name: listed ones and one's own; with a prefix those whose name begins so. */
export function useGroups(prefix: string) {
  return useInfiniteQuery({
    ...paged,
    queryKey: keys.groups(prefix),
    queryFn: ({ pageParam, signal }: Asked) =>
      getGroups({ ...pageAt(pageParam), ...(prefix === "" ? {} : { prefix }) }, signal),
    select: ({ pages }) => pages.flatMap(({ groups }) => groups),
    // What was found stays until something else is found.
    placeholderData: (known) => known,
  });
}

export function useGroup(id: string) {
  return useQuery({
    queryKey: keys.group(id),
    queryFn: ({ signal }) => getGroup(id, signal),
  });
}

export type Members = ReturnType<typeof useMembers>;

export function useMembers(group: string) {
  return useInfiniteQuery({
    ...paged,
    queryKey: keys.members(group),
    queryFn: ({ pageParam, signal }: Asked) => getMembers(group, pageAt(pageParam), signal),
    select: ({ pages }) => pages.flatMap(({ users }) => users),
  });
}

/** A list as far as an exact set of it can be made, and whether that is all. */
export interface Whole<T> {
  rows: T[];
  isAll: boolean;
}

async function readWhole<T>(
  read: (cursor: string | undefined) => Promise<{ rows: T[]; next: string | null }>,
): Promise<Whole<T>> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    rows.push(...page.rows);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && rows.length < SET_MAX);
  return { rows, isAll: cursor === undefined && rows.length <= SET_MAX };
}

export const allMembers = (group: string, signal?: AbortSignal) =>
  readWhole(async (cursor) => {
    const { users, next } = await getMembers(group, pageAt(cursor, PAGE_MAX), signal);
    return { rows: users, next };
  });

export const allJoined = (user: string, signal?: AbortSignal) =>
  readWhole(async (cursor) => {
    const { groups, next } = await getJoined(user, pageAt(cursor, PAGE_MAX), signal);
    return { rows: groups, next };
  });

/** All members, for who is going to choose them. */
export function useAllMembers(group: string) {
  return useQuery({
    queryKey: keys.allMembers(group),
    queryFn: ({ signal }) => allMembers(group, signal),
    // A choice begins with what is there now.
    gcTime: 0,
  });
}

/** All groups of a user by name: for themselves and for admins. */
export function useJoined(user: string) {
  return useQuery({
    queryKey: keys.joined(user),
    queryFn: async ({ signal }) => {
      const { rows, isAll } = await allJoined(user, signal);
      return { rows: byName(rows), isAll };
    },
  });
}
