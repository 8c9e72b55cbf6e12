import { useEffect, useId, useRef } from "react";
import { explain } from "../api/errors";
import type { Message } from "../api/types";
import { useDeleteMessage } from "../state/conversation";

interface Props {
  message: Message;
  close: () => void;
}

export function DeleteDialog({ message, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const remove = useDeleteMessage(message);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={title} onClose={close}>
      <h2 id={title}>Delete this message?</h2>
      <p>Its text is removed for everybody. A note stays in its place.</p>
      {remove.isError && (
        <p className="form-error" role="alert">
          {explain(remove.error)}
        </p>
      )}
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={close}>
          Keep it
        </button>
        <button
          type="button"
          className="button button-danger"
          disabled={remove.isPending}
          onClick={() => remove.mutate()}
        >
          Delete
        </button>
      </div>
    </dialog>
  );
}
