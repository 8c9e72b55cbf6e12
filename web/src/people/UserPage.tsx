import { Link } from "wouter";
import { isNotFound } from "../api/errors";
import type { User } from "../api/types";
import { paths } from "../model/paths";
import { monthAndYear } from "../model/time";
import { locale } from "../state/clock";
import { useUser } from "../state/people";
import { useMe } from "../state/session";
import { useTitle } from "../state/title";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import { Failure, Notice } from "../ui/Notice";

export function UserPage({ handle }: { handle: string }) {
  const user = useUser(`@${handle}`);
  useTitle(user.data?.display_name ?? `@${handle}`);
  return (
    <main className="whole-page">
      <Link href={paths.inbox} className="back-link">
        <Icon name="back" /> Messages
      </Link>
      {user.data ? (
        <Profile user={user.data} />
      ) : isNotFound(user.error) ? (
        <Notice picture={<Icon name="user" size={28} />} title={`Nobody is called @${handle}`}>
          <p>Handles can change. Perhaps a search finds them.</p>
          <Link href={paths.newMessage} className="button">
            Find somebody
          </Link>
        </Notice>
      ) : (
        user.isError && <Failure error={user.error} retry={() => user.refetch()} />
      )}
    </main>
  );
}

function Profile({ user }: { user: User }) {
  const me = useMe();
  return (
    <article className="profile">
      <Avatar id={user.id} name={user.display_name} size="large" />
      <h1 dir="auto">{user.display_name}</h1>
      <p className="muted">@{user.handle}</p>
      {user.interests && user.interests.length > 0 && (
        <ul className="interests" aria-label="Interests">
          {user.interests.map((interest) => (
            <li key={interest} dir="auto">
              {interest}
            </li>
          ))}
        </ul>
      )}
      {user.created_at && (
        <p className="muted">
          {user.location && <span dir="auto">{user.location} · </span>}
          here since {monthAndYear(user.created_at, locale)}
        </p>
      )}
      {user.id === me.id ? (
        <p className="muted">This is how others see you.</p>
      ) : (
        <Link href={paths.newMessageTo(user.handle)} className="button button-primary">
          Message
        </Link>
      )}
    </article>
  );
}
