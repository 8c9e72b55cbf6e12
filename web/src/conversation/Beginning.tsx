import type { Conversation } from "../api/types";
import { Avatar } from "../ui/Avatar";

interface Props {
  conversation: Conversation;
  older: { exist: boolean; isError: boolean; load: () => void };
}

/** What stands above the first row: the way to older messages, or where it all began. */
export function Beginning({ conversation, older }: Props) {
  const { title, user } = conversation;
  if (older.isError) {
    return (
      <button type="button" className="button" onClick={older.load}>
        Older messages could not be loaded. Try again
      </button>
    );
  }
  if (older.exist) return <span className="spinner" role="status" aria-label="Loading older" />;
  return (
    <>
      <Avatar
        id={user?.id ?? conversation.conversation}
        name={title}
        shape={user ? "round" : "square"}
        size="large"
      />
      <p>
        {user ? "This is the beginning of your conversation with " : "This is the beginning of "}
        <strong dir="auto">{title}</strong>
      </p>
    </>
  );
}
