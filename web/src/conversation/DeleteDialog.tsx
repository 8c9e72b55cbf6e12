import type { Message } from "../api/types";
import { useDeleteMessage } from "../state/conversation";
import { ConfirmDialog } from "../ui/ConfirmDialog";

interface Props {
  message: Message;
  close: () => void;
}

export function DeleteDialog({ message, close }: Props) {
  const remove = useDeleteMessage(message);
  return (
    <ConfirmDialog
      title="Delete this message?"
      verb="Delete"
      keep="Keep it"
      work={remove}
      close={close}
    >
      <p>Its text is removed for everybody. A note stays in its place.</p>
    </ConfirmDialog>
  );
}
