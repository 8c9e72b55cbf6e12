import { Link } from "wouter";
import { paths } from "../model/paths";
import { useInbox } from "../state/inbox";
import { Icon } from "../ui/Icon";
import { Logo } from "../ui/Logo";
import { Failure, Notice } from "../ui/Notice";
import { InboxSkeleton } from "../ui/Skeleton";
import { InboxList } from "./InboxList";
import { MyMenu } from "./MyMenu";

/** `open` is the conversation in the other pane. */
export function InboxPane({ open }: { open: string | null }) {
  return (
    <nav className="inbox" aria-label="Conversations">
      <header className="inbox-header">
        <Logo />
        <h1>Messages</h1>
        <Link
          href={paths.newMessage}
          className="icon-button"
          aria-label="New message"
          title="New message (Ctrl+K)"
        >
          <Icon name="pencil" />
        </Link>
        <MyMenu />
      </header>
      <InboxBody open={open} />
    </nav>
  );
}

function InboxBody({ open }: { open: string | null }) {
  const inbox = useInbox();
  if (inbox.data && inbox.data.rows.length > 0) return <InboxList inbox={inbox.data} open={open} />;
  if (inbox.data) return <EmptyInbox />;
  if (inbox.isError) return <Failure error={inbox.error} retry={() => inbox.refetch()} />;
  return <InboxSkeleton />;
}

function EmptyInbox() {
  return (
    <Notice picture={<Icon name="pencil" size={26} />} title="No conversations yet">
      <p>Write to somebody: all you need is their handle.</p>
      <Link href={paths.newMessage} className="button button-primary">
        New message
      </Link>
    </Notice>
  );
}
