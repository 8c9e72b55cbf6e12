import { useMemo, useRef, useState } from "react";
import type { Conversation } from "../api/types";
import { newMessageId } from "../model/ids";
import { headSeq, type Log, tailSeq } from "../model/log";
import { buildRows } from "../model/rows";
import { unseenCount, type View } from "../model/unread";
import { useIsFocused } from "../state/clock";
import { useNewerMessages, useOlderMessages } from "../state/conversation";
import { useReading } from "../state/reading";
import { useOutbox, useServices } from "../state/services";
import { useMe } from "../state/session";
import { Announcer } from "./Announcer";
import { Beginning } from "./Beginning";
import { BlockedNotice } from "./BlockedNotice";
import { Composer } from "./Composer";
import { ConversationHeader } from "./ConversationHeader";
import { type ListHandle, MessageList } from "./MessageList";

interface Props {
  conversation: Conversation;
  log: Log;
  /** For the first message of a direct conversation: the id of whom it goes to. */
  to?: string;
}

export function ConversationView({ conversation, log, to }: Props) {
  const me = useMe();
  const list = useRef<ListHandle>(null);
  const [view, setView] = useState<View>({ atEnd: false, shownSeq: 0 });
  const { attention, sent } = useReading(conversation, log, useIsFocused() ? view : null);
  const rows = useRows(conversation.conversation, log, attention.dividerSeq);
  const older = useOlderMessages(conversation.conversation);
  const loadOlder = () => older.mutate(tailSeq(log));
  // After a failure it is up to the person.
  const loadsOlder = log.moreBefore && !older.isPending && !older.isError;
  const newer = useNewerMessages(conversation.conversation);
  const loadsNewer = log.moreAfter && !newer.isPending && !newer.isError;
  const showNewest = () => {
    if (log.moreAfter) newer.mutate(null);
    list.current?.toEnd();
  };
  const headOfAll = Math.max(headSeq(log), conversation.head?.seq ?? 0);
  const write = useWrite(conversation.conversation, headOfAll, to);
  return (
    <>
      <ConversationHeader conversation={conversation} />
      <MessageList
        ref={list}
        label={`Messages with ${conversation.title}`}
        rows={rows}
        named={conversation.kind === "group"}
        newestSeq={headSeq(log)}
        top={
          <Beginning
            conversation={conversation}
            older={{ exist: log.moreBefore, isError: older.isError, load: loadOlder }}
          />
        }
        loadOlder={loadsOlder ? loadOlder : undefined}
        moreAfter={log.moreAfter}
        loadNewer={loadsNewer ? () => newer.mutate(headSeq(log)) : undefined}
        showNewest={showNewest}
        unseen={
          log.moreAfter
            ? headOfAll - attention.seenSeq
            : unseenCount(attention, log.messages, me.id)
        }
        onView={setView}
      />
      <Announcer messages={log.messages} people={log.people} me={me.id} />
      {conversation.blocked && conversation.user ? (
        <BlockedNotice person={conversation.user} />
      ) : (
        <Composer
          conversation={conversation.conversation}
          label={`Message to ${conversation.title}`}
          send={(body) => {
            write(body);
            sent();
            showNewest();
          }}
          editLast={() => list.current?.editLast()}
        />
      )}
    </>
  );
}

function useRows(conversation: string, log: Log, dividerSeq: number | null) {
  const me = useMe();
  const all = useOutbox();
  return useMemo(() => {
    const outbox = all.filter((outgoing) => outgoing.conversation === conversation);
    return buildRows(log, outbox, { me, dividerSeq });
  }, [conversation, all, log, me, dividerSeq]);
}

/** `after` is the newest message that is known of. */
function useWrite(conversation: string, after: number, to: string | undefined) {
  const { outbox } = useServices();
  return (body: string) =>
    outbox.write({
      id: newMessageId(),
      conversation,
      ...(to === undefined ? {} : { to }),
      body,
      after,
      writtenAt: new Date().toISOString(),
      state: "waiting",
      attempts: 0,
    });
}
