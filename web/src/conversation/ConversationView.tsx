import { useMemo, useRef, useState } from "react";
import type { Conversation } from "../api/types";
import { newMessageId } from "../model/ids";
import { headSeq, type Log, tailSeq } from "../model/log";
import { buildRows } from "../model/rows";
import { unseenCount } from "../model/unread";
import { useIsFocused } from "../state/clock";
import { useOlderMessages } from "../state/conversation";
import { useReading } from "../state/reading";
import { useOutbox, useServices } from "../state/services";
import { useMe } from "../state/session";
import { Announcer } from "./Announcer";
import { Beginning } from "./Beginning";
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
  const [atEnd, setAtEnd] = useState(false);
  const focused = useIsFocused();
  const { attention, sent } = useReading(conversation, log, focused && atEnd);
  const rows = useRows(conversation.conversation, log, attention.dividerSeq);
  const older = useOlderMessages(conversation.conversation);
  const loadOlder = () => older.mutate(tailSeq(log));
  // After a failure it is up to the person.
  const loadsByItself = log.moreBefore && !older.isPending && !older.isError;
  const write = useWrite(conversation.conversation, log, to);
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
        loadOlder={loadsByItself ? loadOlder : undefined}
        unseen={unseenCount(attention, log.messages, me.id)}
        onAtEnd={setAtEnd}
      />
      <Announcer messages={log.messages} people={log.people} me={me.id} />
      <Composer
        conversation={conversation.conversation}
        label={`Message to ${conversation.title}`}
        send={(body) => {
          write(body);
          sent();
          list.current?.toEnd();
        }}
        editLast={() => list.current?.editLast()}
      />
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

function useWrite(conversation: string, log: Log, to: string | undefined) {
  const { outbox } = useServices();
  return (body: string) =>
    outbox.write({
      id: newMessageId(),
      conversation,
      ...(to === undefined ? {} : { to }),
      body,
      after: headSeq(log),
      writtenAt: new Date().toISOString(),
      state: "waiting",
      attempts: 0,
    });
}
