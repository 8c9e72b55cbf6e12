/** The inbox: read again from the top, grown at the bottom. */

import { type QueryClient, useMutation, useQuery } from "@tanstack/react-query";
import { getInbox } from "../api/calls";
import { addInboxPage, type Inbox, inboxFromPage, refreshInbox } from "../model/inbox";
import { keys } from "./cache";
import { useServices } from "./services";

const PAGE = 20;
/** Reading on another device moves no row, so now and then rows further down are read too. */
const CHECK_EVERY_MS = 60_000;
const CHECK_ROWS_MAX = 200;

export function useInbox() {
  const { cache } = useServices();
  return useQuery({
    queryKey: keys.inbox,
    queryFn: ({ signal }) => readInbox(cache, signal),
  });
}

async function readInbox(cache: QueryClient, signal: AbortSignal): Promise<Inbox> {
  const known = cache.getQueryData<Inbox>(keys.inbox);
  const checks = known !== undefined && Date.now() - known.checkedAt > CHECK_EVERY_MS;
  const limit = checks ? Math.min(CHECK_ROWS_MAX, Math.max(PAGE, known.rows.length)) : PAGE;
  const page = await getInbox({ limit }, signal);
  const now = cache.getQueryData<Inbox>(keys.inbox);
  if (!now) return inboxFromPage(page, Date.now());
  return { ...refreshInbox(now, page), ...(checks ? { checkedAt: Date.now() } : {}) };
}

export function useMoreInbox() {
  const { cache } = useServices();
  return useMutation({
    mutationFn: (cursor: string) => getInbox({ limit: PAGE, cursor }),
    onSuccess: (page) =>
      cache.setQueryData<Inbox>(keys.inbox, (known) => known && addInboxPage(known, page)),
  });
}
