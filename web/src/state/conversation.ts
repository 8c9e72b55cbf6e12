/** One conversation: what it is, its log, and what one can do in it. */

import { type QueryClient, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { deleteMessage, editMessage, getConversation, getMessages } from "../api/calls";
import type { Conversation, Message } from "../api/types";
import { type Inbox, withChangedMessage } from "../model/inbox";
import {
  addNewer,
  addOlder,
  headSeq,
  type Log,
  logFromPage,
  replaceMessage,
  tailSeq,
} from "../model/log";
import { keys } from "./cache";
import { useServices } from "./services";

const PAGE = 50;
/** Edits make no new entry, so now and then the newest messages are read again. */
const CHECK_EVERY_MS = 10_000;
/** So many new messages are on screen together; a kept log grows by no more when it opens. */
const GLANCE = 10;

export function useConversation(id: string) {
  return useQuery(conversationQuery(id));
}

const conversationQuery = (id: string) => ({
  queryKey: keys.conversation(id),
  queryFn: ({ signal }: { signal: AbortSignal }) => getConversation(id, signal),
});

export function useLog(id: string) {
  const { cache } = useServices();
  useState(() => forgetLogFarBehind(cache, id));
  return useQuery({
    queryKey: keys.log(id),
    queryFn: ({ signal }) => readLog(cache, id, signal),
  });
}

/** A log kept from an earlier visit would open at its end, past what is unread. */
function forgetLogFarBehind(cache: QueryClient, id: string): void {
  const known = cache.getQueryData<Log>(keys.log(id));
  const head = inboxRow(cache, id)?.head.seq ?? 0;
  const isBehind = known && (known.moreAfter || head - headSeq(known) > GLANCE);
  if (isBehind) cache.removeQueries({ queryKey: keys.log(id), exact: true });
}

/** Reads what is new since the last look. Other hands may change the cached log meanwhile. */
async function readLog(cache: QueryClient, id: string, signal: AbortSignal): Promise<Log> {
  const known = cache.getQueryData<Log>(keys.log(id));
  if (!known) return logFromPage(await readFirstPage(cache, id, signal), Date.now());
  const checks = Date.now() - known.checkedAt > CHECK_EVERY_MS;
  // Where the reader is not at the end, newer messages are asked for by scrolling.
  if (known.moreAfter && !checks) return known;
  const after = Math.max(tailSeq(known) - 1, headSeq(known) - (checks ? PAGE : 0));
  const limit = headSeq(known) - after + (known.moreAfter ? 0 : PAGE);
  const page = await getMessages(id, { after, limit }, signal);
  const log = addNewer(cache.getQueryData<Log>(keys.log(id)) ?? known, page, Date.now());
  return checks ? { ...log, checkedAt: Date.now() } : log;
}

/** The newest messages; where more than those are unread, the ones around the first unread. */
async function readFirstPage(cache: QueryClient, id: string, signal: AbortSignal) {
  const { head, unread }: Conversation =
    inboxRow(cache, id) ?? (await cache.ensureQueryData<Conversation>(conversationQuery(id)));
  const around = head && unread >= PAGE ? { around: head.seq - unread + 1 } : {};
  return getMessages(id, { ...around, limit: PAGE }, signal);
}

function inboxRow(cache: QueryClient, id: string) {
  return cache.getQueryData<Inbox>(keys.inbox)?.rows.find((row) => row.conversation === id);
}

export function useOlderMessages(id: string) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: (before: number) => getMessages(id, { before, limit: PAGE }),
    onSuccess: (page) =>
      cache.setQueryData<Log>(keys.log(id), (known) => known && addOlder(known, page)),
  });
}

/** Reads on after a `seq`; without one, goes to the newest messages. */
export function useNewerMessages(id: string) {
  const { cache, outbox } = useServices();
  return useMutation({
    mutationFn: (after: number | null) =>
      getMessages(id, { ...(after === null ? {} : { after }), limit: PAGE }),
    onSuccess: (page) => {
      cache.setQueryData<Log>(keys.log(id), (known) => known && addNewer(known, page, Date.now()));
      outbox.arrived(id, page.messages);
    },
  });
}

export function useEditMessage(message: Message) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: (body: string) => editMessage(message.conversation, message.seq, body),
    onSuccess: (changed) => showChanged(cache, changed),
  });
}

export function useDeleteMessage(message: Message) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: () => deleteMessage(message.conversation, message.seq),
    onSuccess: (changed) => showChanged(cache, changed),
  });
}

function showChanged(cache: QueryClient, message: Message): void {
  cache.setQueryData<Log>(
    keys.log(message.conversation),
    (known) => known && replaceMessage(known, message),
  );
  cache.setQueryData<Inbox>(keys.inbox, (known) => known && withChangedMessage(known, message));
}
