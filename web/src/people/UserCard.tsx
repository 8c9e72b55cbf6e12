import { Link } from "wouter";
import type { User } from "../api/types";
import { paths } from "../model/paths";
import { monthAndYear } from "../model/time";
import { locale } from "../state/clock";
import { useMe } from "../state/session";
import { Avatar } from "../ui/Avatar";
import { Chip } from "../ui/Chip";
import { Icon } from "../ui/Icon";
import { BlockMenu } from "./BlockMenu";

/** Who somebody is, as far as the server tells, and what one can do. */
export function UserCard({ user }: { user: User }) {
  const isMe = user.id === useMe().id;
  return (
    <article className="card">
      <Avatar id={user.id} name={user.display_name} size="large" />
      <div className="card-words">
        <h1 dir="auto">{user.display_name}</h1>
        <p className="chips">
          <span className="muted">@{user.handle}</span>
          {user.admin && <Chip tone="strong">Admin</Chip>}
          {isMe && <Chip>You</Chip>}
        </p>
        <Facts user={user} />
      </div>
      <div className="card-actions">
        {isMe ? (
          <Link href={paths.account} className="button">
            <Icon name="pencil" size={18} /> Edit profile
          </Link>
        ) : (
          <>
            <Link href={paths.newMessageTo(user.handle)} className="button button-primary">
              <Icon name="message" size={18} /> Message
            </Link>
            <BlockMenu user={user} />
          </>
        )}
      </div>
    </article>
  );
}

/** What only the person and admins see. */
function Facts({ user: { location, created_at, interests = [] } }: { user: User }) {
  return (
    <>
      {created_at && (
        <p className="muted">
          {location && <span dir="auto">{location} · </span>}
          here since {monthAndYear(created_at, locale)}
        </p>
      )}
      {interests.length > 0 && (
        <ul className="interests" aria-label="Interests">
          {interests.map((interest) => (
            <li key={interest} dir="auto">
              {interest}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
