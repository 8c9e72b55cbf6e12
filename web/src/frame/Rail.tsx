import { Link, useLocation } from "wouter";
import { unreadTotal } from "../model/inbox";
import { paths } from "../model/paths";
import { type Place, placeOf } from "../model/places";
import { useInbox } from "../state/inbox";
import { useMe } from "../state/session";
import { Icon, type IconName } from "../ui/Icon";

/** The way to the main pages: beside them, on a narrow screen below. */
export function Rail() {
  const me = useMe();
  const unread = unreadTotal(useInbox().data);
  return (
    <nav className="rail" aria-label="Main">
      <RailLink to={paths.inbox} place="messages" icon="message" name="Messages" count={unread} />
      <RailLink to={paths.groups} place="groups" icon="users" name="Groups" />
      <RailLink to={paths.people} place="people" icon="search" name="People" />
      <RailLink to={paths.user(me.handle)} place="profile" icon="user" name="Profile" />
      {me.admin && <RailLink to={paths.table} place="table" icon="table" name="Table" />}
    </nav>
  );
}

interface Props {
  to: string;
  place: Place;
  icon: IconName;
  name: string;
  count?: number;
}

function RailLink({ to, place, icon, name, count = 0 }: Props) {
  const me = useMe();
  const [path] = useLocation();
  return (
    <Link
      href={to}
      className="rail-link"
      aria-current={placeOf(path, me.handle) === place ? "page" : undefined}
    >
      <span className="rail-icon">
        <Icon name={icon} size={22} />
        {count > 0 && (
          <span className="rail-count">
            {count > 99 ? "99+" : count}
            <span className="hidden"> unread</span>
          </span>
        )}
      </span>
      {name}
    </Link>
  );
}
