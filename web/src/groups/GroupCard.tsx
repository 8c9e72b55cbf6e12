import { Link } from "wouter";
import type { Group } from "../api/types";
import { canManage, groupConversation } from "../model/directory/groups";
import { paths } from "../model/paths";
import { monthAndYear } from "../model/time";
import { locale } from "../state/clock";
import { useMe } from "../state/session";
import { Avatar } from "../ui/Avatar";
import { Chip } from "../ui/Chip";
import { Icon } from "../ui/Icon";
import { GroupMenu } from "./GroupMenu";

/** What a group is, and what one can do with it. */
export function GroupCard({ group }: { group: Group }) {
  const { id, name, visibility, role, created_at } = group;
  const me = useMe();
  const conversation = groupConversation(id);
  return (
    <article className="card">
      <Avatar id={conversation} name={name} shape="square" size="large" />
      <div className="card-words">
        <h1 dir="auto">{name}</h1>
        <p className="chips">
          <Chip>
            <Icon name={visibility === "private" ? "lock" : "users"} size={14} />
            {visibility === "private" ? "Private" : "Listed"}
          </Chip>
          {role && <Chip tone="strong">{role === "admin" ? "You are an admin" : "Member"}</Chip>}
          <span className="muted">since {monthAndYear(created_at, locale)}</span>
        </p>
        {!role && <p className="muted">Only members read and write here.</p>}
      </div>
      <div className="card-actions">
        {role && (
          <Link href={paths.conversation(conversation)} className="button button-primary">
            <Icon name="message" size={18} /> Open conversation
          </Link>
        )}
        {(role || canManage(group, me)) && <GroupMenu group={group} />}
      </div>
    </article>
  );
}
