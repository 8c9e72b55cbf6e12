/** Tells the server what has been read, and keeps the "new messages" line. */

import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { putRead } from "../api/calls";
import { isRetryable } from "../api/errors";
import type { Conversation } from "../api/types";
import { type Inbox, withReadMarker } from "../model/inbox";
import { headSeq, type Log } from "../model/log";
import { afterSending, attend, attentionAtOpening } from "../model/unread";
import { keys } from "./cache";
import { useServices } from "./services";
import { useMe } from "./session";

const RETRIES = 5;

/** `attending`: the window is focused and the newest message is on screen. */
export function useReading(conversation: Conversation, log: Log, attending: boolean) {
  const me = useMe();
  const [attention, setAttention] = useState(() =>
    attentionAtOpening(conversation, log.messages, me.id),
  );
  useEffect(
    () => setAttention((now) => attend(now, log.messages, me.id, attending)),
    [log.messages, me.id, attending],
  );
  useReadMarker(conversation, log, attending);
  return { attention, sent: () => setAttention(afterSending) };
}

function useReadMarker({ conversation, read_seq }: Conversation, log: Log, attending: boolean) {
  const { cache } = useServices();
  const told = useRef(read_seq);
  const me = useMe();
  const head = headSeq(log);
  // Sending marks as read by itself.
  const mine = log.messages.at(-1)?.sender_id === me.id;
  const { mutate } = useMutation({
    mutationFn: (seq: number) => putRead(conversation, seq),
    retry: (failures, error) => failures < RETRIES && isRetryable(error),
    onSuccess: (marker) =>
      cache.setQueryData<Inbox>(
        keys.inbox,
        (known) => known && withReadMarker(known, conversation, marker.read_seq),
      ),
    onError: () => {
      told.current = read_seq;
    },
  });
  useEffect(() => {
    if (!attending || head <= told.current) return;
    told.current = head;
    if (!mine) mutate(head);
  }, [attending, head, mine, mutate]);
}
