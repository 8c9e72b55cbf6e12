import { Link } from "wouter";
import type { Conversation, Person } from "../api/types";
import { groupOf } from "../model/directory/groups";
import { paths } from "../model/paths";
import { Avatar } from "../ui/Avatar";
import { PaneHeader } from "./PaneHeader";

export function ConversationHeader({ conversation }: { conversation: Conversation }) {
  const { user, title } = conversation;
  if (user) return <PersonHeader person={user} />;
  const group = groupOf(conversation.conversation);
  return (
    <PaneHeader
      title={group === null ? title : <Link href={paths.group(group)}>{title}</Link>}
      picture={<Avatar id={conversation.conversation} name={title} shape="square" size="small" />}
      detail="Group"
    />
  );
}

export function PersonHeader({ person }: { person: Person }) {
  return (
    <PaneHeader
      title={<Link href={paths.user(person.handle)}>{person.display_name}</Link>}
      picture={<Avatar id={person.id} name={person.display_name} size="small" />}
      detail={`@${person.handle}`}
    />
  );
}
