import { Link } from "wouter";
import type { InboxRow } from "../api/types";
import { paths } from "../model/paths";
import { firstLine } from "../model/text";
import { shortTime } from "../model/time";
import { useMe } from "../state/session";
import { Avatar } from "../ui/Avatar";
import { Time } from "../ui/Time";

interface Props {
  row: InboxRow;
  open: boolean;
  /** Whether the Tab key comes here; the arrow keys reach the others. */
  reachable: boolean;
}

export function InboxRowLink({ row, open, reachable }: Props) {
  return (
    <Link
      href={paths.conversation(row.conversation)}
      className="inbox-row"
      aria-current={open ? "page" : undefined}
      data-unread={row.unread > 0}
      tabIndex={reachable ? 0 : -1}
    >
      <Avatar
        id={row.user?.id ?? row.conversation}
        name={row.title}
        shape={row.kind === "group" ? "square" : "round"}
      />
      <span className="inbox-row-title" dir="auto">
        {row.title}
      </span>
      <span className="inbox-row-time">
        <Time time={row.head.created_at} format={shortTime} />
      </span>
      <Preview row={row} />
      {row.unread > 0 && (
        <span className="badge">
          {row.unread > 99 ? "99+" : row.unread}
          <span className="hidden"> unread</span>
        </span>
      )}
    </Link>
  );
}

function Preview({ row: { head } }: { row: InboxRow }) {
  const me = useMe();
  if (head.body === null) {
    return <span className="inbox-row-preview muted-italic">Message deleted</span>;
  }
  const mine = head.sender_id === me.id && head.kind === "text";
  return (
    <span className="inbox-row-preview">
      {mine && "You: "}
      <bdi>{firstLine(head.body)}</bdi>
    </span>
  );
}
