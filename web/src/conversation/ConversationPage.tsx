import { Redirect } from "wouter";
import { isNotFound } from "../api/errors";
import { isConversationId, otherPersonId } from "../model/conversation";
import { paths } from "../model/paths";
import { useConversation, useLog } from "../state/conversation";
import { useInbox } from "../state/inbox";
import { useUser } from "../state/people";
import { useMe } from "../state/session";
import { useTitle } from "../state/title";
import { Failure } from "../ui/Notice";
import { LogSkeleton } from "../ui/Skeleton";
import { ConversationHeader } from "./ConversationHeader";
import { ConversationView } from "./ConversationView";
import { NoSuchConversation } from "./NothingOpen";
import { PaneHeader } from "./PaneHeader";

export function ConversationPage({ id }: { id: string }) {
  return isConversationId(id) ? <Conversation id={id} /> : <NoSuchConversation />;
}

function Conversation({ id }: { id: string }) {
  const read = useConversation(id);
  const log = useLog(id);
  const inbox = useInbox();
  // The inbox is looked at all the time, so what it says is newer.
  const conversation = inbox.data?.rows.find((row) => row.conversation === id) ?? read.data;
  useTitle(conversation?.title ?? "");
  const unwritten = conversation?.kind === "direct" && conversation.head === null;
  if (unwritten || isNotFound(read.error)) return <Unwritten id={id} />;
  if (conversation && log.data) {
    return <ConversationView conversation={conversation} log={log.data} />;
  }
  const error = read.error ?? log.error;
  const retry = () => Promise.all([read.refetch(), log.refetch()]);
  return (
    <>
      {conversation ? <ConversationHeader conversation={conversation} /> : <PaneHeader title="" />}
      {error ? <Failure error={error} retry={retry} /> : <LogSkeleton />}
    </>
  );
}

/** Two people's conversation begins with its first message: offer to write it. */
function Unwritten({ id }: { id: string }) {
  const other = useUser(otherPersonId(id, useMe().id));
  if (other.data) return <Redirect to={paths.newMessageTo(other.data.handle)} replace />;
  return other.isLoading ? <PaneHeader title="" /> : <NoSuchConversation />;
}
