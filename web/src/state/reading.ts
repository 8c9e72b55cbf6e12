/** Tells the server what has been read, and keeps the "new messages" line. */

import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { putRead } from "../api/calls";
import { isRetryable } from "../api/errors";
import type { Conversation } from "../api/types";
import { type Inbox, withReadMarker } from "../model/inbox";
import type { Log } from "../model/log";
import {
  type Attention,
  afterSending,
  attend,
  attentionAtOpening,
  type View,
} from "../model/unread";
import { keys } from "./cache";
import { useServices } from "./services";
import { useMe } from "./session";

const RETRIES = 5;
/** While somebody scrolls through what is new, the server hears of it when they pause. */
const SCROLL_PAUSE_MS = 400;

/** `view` is what is on screen now; nothing is, for somebody who is elsewhere. */
export function useReading(conversation: Conversation, log: Log, view: View | null) {
  const me = useMe();
  const [attention, setAttention] = useState(() =>
    attentionAtOpening(conversation, log.messages, me.id),
  );
  const here = view !== null;
  const { atEnd, shownSeq } = view ?? ELSEWHERE;
  useEffect(
    () =>
      setAttention((now) => attend(now, log.messages, me.id, here ? { atEnd, shownSeq } : null)),
    [log.messages, me.id, here, atEnd, shownSeq],
  );
  useReadMarker(conversation.conversation, log, attention);
  return { attention, sent: () => setAttention(afterSending) };
}

const ELSEWHERE: View = { atEnd: false, shownSeq: 0 };

function useReadMarker(conversation: string, log: Log, { seenSeq, caughtUpSeq }: Attention) {
  const { cache } = useServices();
  const me = useMe();
  const told = useRef(seenSeq);
  const { mutate } = useMutation({
    mutationFn: (seq: number) => putRead(conversation, seq),
    retry: (failures, error) => failures < RETRIES && isRetryable(error),
    onSuccess: (marker) =>
      cache.setQueryData<Inbox>(
        keys.inbox,
        (known) => known && withReadMarker(known, conversation, marker.read_seq),
      ),
    onError: (_, seq) => {
      // Told again with the next message that is seen.
      told.current = Math.min(told.current, seq - 1);
    },
  });
  const tell = useRef(() => {});
  tell.current = () => {
    if (seenSeq <= told.current) return;
    told.current = seenSeq;
    // Sending marks as read by itself.
    const last = log.messages.findLast((message) => message.seq <= seenSeq);
    if (last?.sender_id !== me.id) mutate(seenSeq);
  };
  const caughtUp = caughtUpSeq >= seenSeq;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that more was seen
  useEffect(() => {
    if (caughtUp) return tell.current();
    const timer = setTimeout(() => tell.current(), SCROLL_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [seenSeq, caughtUp]);
  // Whoever leaves while scrolling has read what they saw.
  useEffect(() => () => tell.current(), []);
}
