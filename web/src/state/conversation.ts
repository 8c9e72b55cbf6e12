/** One conversation: what it is, its log, and what one can do in it. */

import { type QueryClient, useMutation, useQuery } from "@tanstack/react-query";
import { deleteMessage, editMessage, getConversation, getMessages } from "../api/calls";
import type { Message } from "../api/types";
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
const CATCH_UP_PAGE = 200;
/** Further behind than this, the log begins again at its newest page. */
const CATCH_UP_MAX = 1_000;
/** Edits make no new entry, so now and then the newest messages are read again. */
const CHECK_EVERY_MS = 10_000;

export function useConversation(id: string) {
  return useQuery({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) => getConversation(id, signal),
  });
}

export function useLog(id: string) {
  const { cache } = useServices();
  return useQuery({
    queryKey: keys.log(id),
    queryFn: ({ signal }) => readLog(cache, id, signal),
  });
}

/** Reads what is new since the last look. Other hands may change the cached log meanwhile. */
async function readLog(cache: QueryClient, id: string, signal: AbortSignal): Promise<Log> {
  const cached = () => cache.getQueryData<Log>(keys.log(id));
  const known = cached();
  if (!known) return logFromPage(await getMessages(id, { limit: PAGE }, signal), Date.now());
  const checks = Date.now() - known.checkedAt > CHECK_EVERY_MS;
  let log = known;
  let after = Math.max(tailSeq(known) - 1, headSeq(known) - (checks ? PAGE : 0));
  for (;;) {
    const page = await getMessages(id, { after, limit: CATCH_UP_PAGE }, signal);
    if (page.head_seq - headSeq(log) > CATCH_UP_MAX) {
      return logFromPage(await getMessages(id, { limit: PAGE }, signal), Date.now());
    }
    log = addNewer(cached() ?? log, page, Date.now());
    after = headSeq(log);
    if (!page.more_after) break;
    cache.setQueryData(keys.log(id), log);
  }
  return checks ? { ...log, checkedAt: Date.now() } : log;
}

export function useOlderMessages(id: string) {
  const { cache } = useServices();
  return useMutation({
    mutationFn: (before: number) => getMessages(id, { before, limit: PAGE }),
    onSuccess: (page) =>
      cache.setQueryData<Log>(keys.log(id), (known) => known && addOlder(known, page)),
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
