import { useMemo } from "react";
import { Link, Redirect } from "wouter";
import { isNotFound } from "../api/errors";
import type { Conversation, User } from "../api/types";
import { directConversationId } from "../model/conversation";
import type { Log } from "../model/log";
import { paths } from "../model/paths";
import { useConversation } from "../state/conversation";
import { useInbox } from "../state/inbox";
import { useUser } from "../state/people";
import { useMe } from "../state/session";
import { useTitle } from "../state/title";
import { Icon } from "../ui/Icon";
import { Failure, Notice } from "../ui/Notice";
import { LogSkeleton } from "../ui/Skeleton";
import { ConversationView } from "./ConversationView";
import { PaneHeader } from "./PaneHeader";

const NOTHING_YET: Log = {
  messages: [],
  moreBefore: false,
  moreAfter: false,
  people: {},
  checkedAt: 0,
};

export function FirstMessagePage({ handle }: { handle: string }) {
  const me = useMe();
  const user = useUser(`@${handle}`);
  useTitle("New message");
  if (user.data?.id === me.id) return <NobodyToWriteTo title="This is you" />;
  if (user.data) return <FirstMessage user={user.data} />;
  if (isNotFound(user.error)) return <NobodyToWriteTo title={`Nobody is called @${handle}`} />;
  return (
    <>
      <PaneHeader title={`@${handle}`} />
      {user.isError ? <Failure error={user.error} retry={user.refetch} /> : <LogSkeleton />}
    </>
  );
}

/** Where the two have written to each other before, that conversation goes on. */
function FirstMessage({ user }: { user: User }) {
  const me = useMe();
  const id = directConversationId(me.id, user.id);
  const existing = useConversation(id);
  const inbox = useInbox();
  const blocked = existing.data?.blocked === true;
  const written = existing.data?.head || inbox.data?.rows.some((row) => row.conversation === id);
  const conversation = useMemo<Conversation>(
    () => ({
      conversation: id,
      kind: "direct",
      title: user.display_name,
      user,
      head: null,
      unread: 0,
      read_seq: 0,
      ...(blocked ? { blocked } : {}),
    }),
    [id, user, blocked],
  );
  if (written) return <Redirect to={paths.conversation(id)} replace />;
  if (existing.data || isNotFound(existing.error)) {
    return <ConversationView conversation={conversation} log={NOTHING_YET} to={user.id} />;
  }
  return (
    <>
      <PaneHeader title={user.display_name} />
      {existing.isError ? (
        <Failure error={existing.error} retry={existing.refetch} />
      ) : (
        <LogSkeleton />
      )}
    </>
  );
}

function NobodyToWriteTo({ title }: { title: string }) {
  return (
    <>
      <PaneHeader title="New message" />
      <Notice picture={<Icon name="user" size={28} />} title={title}>
        <p>Search for somebody by the first letters of their handle.</p>
        <Link href={paths.newMessage} className="button">
          Search
        </Link>
      </Notice>
    </>
  );
}
