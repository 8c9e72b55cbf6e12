/**
 * Changes of groups and of who is in them. After each, everything is read again that may show it,
 * before the change counts as done: so it shows at once, and as the server has it. So it is after
 * one that the server refuses because the group, or one's part in it, is not what it was.
 */

import { type QueryClient, useMutation } from "@tanstack/react-query";
import {
  changeGroup,
  deleteGroup,
  deleteMember,
  postGroup,
  putJoined,
  putMember,
  putMembers,
} from "../api/calls";
import { isForbidden, isNotFound } from "../api/errors";
import type { Group, GroupChange, MemberWish } from "../api/types";
import { type Draft, idsAfter } from "../model/directory/choosing";
import { groupConversation } from "../model/directory/groups";
import { keys } from "./cache";
import { allJoined, allMembers, SET_MAX, type Whole } from "./groups";
import { useServices } from "./services";

export function useMakeGroup() {
  const { cache } = useServices();
  return useMutation({ mutationFn: postGroup, onSuccess: ({ id }) => readAgain(cache, id) });
}

export function useChangeGroup(id: string) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: (change: GroupChange) => changeGroup(id, change),
    onSuccess: (group) => {
      cache.setQueryData<Group>(keys.group(id), group);
      return readAgain(cache, id);
    },
    onError: (error) => lookAgain(cache, id, error),
  });
}

/** Deletes a group; where that succeeds, `gone` leads away from its page. */
export function useDeleteGroup(id: string, gone: () => void) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: (log: "keep" | "purge") => deleteGroup(id, log),
    onSuccess: () => {
      gone();
      forget(cache, id);
    },
    onError: (error) => lookAgain(cache, id, error),
  });
}

/** Makes somebody a member, or gives a member another role. */
export function usePutMember(group: string) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: ({ user, ...wish }: MemberWish & { user: string }) => putMember(group, user, wish),
    onSuccess: () => readAgain(cache, group),
    onError: (error) => lookAgain(cache, group, error),
  });
}

/** Takes somebody out of a group; `removed` is called where that succeeds. */
export function useRemoveMember(group: string, removed: () => void) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: (user: string) => deleteMember(group, user),
    onSuccess: () => {
      // Their row, which asks, is gone with what is read again.
      removed();
      return readAgain(cache, group);
    },
    onError: (error) => lookAgain(cache, group, error),
  });
}

/** Leaves a group; where that succeeds, `left` is called. What one saw as a member is forgotten. */
export function useLeaveGroup(group: string, me: string, left: () => void) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: () => deleteMember(group, me),
    onSuccess: () => {
      left();
      forget(cache, group);
    },
  });
}

/** Makes the members of a group those that a draft says, of those who are there by then. */
export function useSetMembers(group: string) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: async (draft: Draft) => {
      const now = await allMembers(group);
      return putMembers(group, idsAfter(draft, idsOf(now)));
    },
    // Also of what failed in the middle, something may be done.
    onSettled: () => readAgain(cache, group),
  });
}

/** Makes the groups of a user those that a draft says, of those that are theirs by then. */
export function useSetJoined(user: string) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: async (draft: Draft) => {
      const now = await allJoined(user);
      return putJoined(user, idsAfter(draft, idsOf(now)));
    },
    onSettled: () => readAgain(cache),
  });
}

function idsOf({ rows, isAll }: Whole<{ id: string }>): string[] {
  // To send what is known of a longer list would remove the rest.
  if (!isAll) throw new Error(`More than ${SET_MAX} cannot be set at once.`);
  return rows.map(({ id }) => id);
}

/** Reads again what a change of a group, or of all groups, may have changed. */
function readAgain(cache: QueryClient, id?: string): Promise<unknown> {
  const concerned = [
    id === undefined ? ["group"] : keys.group(id),
    ["groups"],
    ["joined"],
    keys.inbox,
    ...(id === undefined ? [] : [keys.conversation(groupConversation(id))]),
  ];
  return Promise.all(concerned.map((queryKey) => cache.invalidateQueries({ queryKey })));
}

/** Reads a group again where an error says that it is not there, or not one's own to change. */
async function lookAgain(cache: QueryClient, id: string, error: unknown): Promise<void> {
  if (isNotFound(error) || isForbidden(error)) await readAgain(cache, id);
}

/** Drops what is known of a group that is not there any more, or not for me. */
function forget(cache: QueryClient, id: string): void {
  const conversation = groupConversation(id);
  for (const queryKey of [
    keys.group(id),
    keys.conversation(conversation),
    keys.log(conversation),
  ]) {
    cache.removeQueries({ queryKey });
  }
  for (const queryKey of [["groups"], ["joined"], keys.inbox]) {
    void cache.invalidateQueries({ queryKey });
  }
}
