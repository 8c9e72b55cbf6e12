import { Link } from "wouter";
import { paths } from "../model/paths";
import { useTitle } from "../state/title";
import { Icon } from "../ui/Icon";
import { Logo } from "../ui/Logo";
import { Notice } from "../ui/Notice";
import { PaneHeader } from "./PaneHeader";

export function NothingOpen() {
  useTitle("");
  return (
    <Notice picture={<Logo size={44} />} title="Pull up a chair">
      <p>
        Choose a conversation, or press <kbd>Ctrl</kbd> <kbd>K</kbd> to write to somebody new.
      </p>
    </Notice>
  );
}

/** The same whether there is no such conversation or it is somebody else's. */
export function NoSuchConversation() {
  useTitle("Not found");
  return (
    <>
      <PaneHeader title="Not found" />
      <Notice picture={<Icon name="search" size={28} />} title="There is no such conversation">
        <p>The link may be old, or the conversation is not one of yours.</p>
        <Link href={paths.newMessage} className="button">
          Write to somebody
        </Link>
      </Notice>
    </>
  );
}
