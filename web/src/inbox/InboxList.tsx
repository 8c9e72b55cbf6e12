import { useEffect, useRef } from "react";
import type { Inbox } from "../model/inbox";
import { useMoreInbox } from "../state/inbox";
import { moveFocusWithArrows } from "../ui/arrowKeys";
import { InboxRowLink } from "./InboxRowLink";

interface Props {
  inbox: Inbox;
  open: string | null;
}

export function InboxList({ inbox, open }: Props) {
  const first = inbox.rows[0]?.conversation;
  const reachable = inbox.rows.some((row) => row.conversation === open) ? open : first;
  return (
    <div className="inbox-scroll">
      <ul className="inbox-list" onKeyDown={moveFocusWithArrows}>
        {inbox.rows.map((row) => (
          <li key={row.conversation}>
            <InboxRowLink
              row={row}
              open={row.conversation === open}
              reachable={row.conversation === reachable}
            />
          </li>
        ))}
      </ul>
      {inbox.next !== null && <MoreRows cursor={inbox.next} />}
    </div>
  );
}

/** Loads the next page when it comes into view; a click does it too. */
function MoreRows({ cursor }: { cursor: string }) {
  const more = useMoreInbox();
  const button = useRef<HTMLButtonElement>(null);
  const { mutate } = more;
  useEffect(() => {
    if (!button.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && mutate(cursor),
      { rootMargin: "300px" },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [cursor, mutate]);
  return (
    <button
      ref={button}
      type="button"
      className="inbox-more"
      disabled={more.isPending}
      onClick={() => mutate(cursor)}
    >
      {more.isError
        ? "This did not work. Try again"
        : more.isPending
          ? "Loading …"
          : "Older conversations"}
    </button>
  );
}
