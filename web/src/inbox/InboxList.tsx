import type { Inbox } from "../model/inbox";
import { useMoreInbox } from "../state/inbox";
import { moveFocusWithArrows } from "../ui/arrowKeys";
import { MoreButton } from "../ui/MoreButton";
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
      {inbox.next !== null && <OlderRows cursor={inbox.next} />}
    </div>
  );
}

function OlderRows({ cursor }: { cursor: string }) {
  const more = useMoreInbox();
  return (
    <MoreButton
      name="Older conversations"
      isPending={more.isPending}
      isError={more.isError}
      load={() => more.mutate(cursor)}
    />
  );
}
