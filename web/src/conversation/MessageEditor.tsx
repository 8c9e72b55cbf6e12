import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { explain } from "../api/errors";
import type { Message } from "../api/types";
import { isSendable } from "../model/text";
import { useEditMessage } from "../state/conversation";
import { GrowingTextarea } from "./GrowingTextarea";
import { sendsOn } from "./sendKey";

interface Props {
  message: Message;
  body: string;
  close: () => void;
}

/** In the place of the message; Enter saves, Esc leaves it as it was. */
export function MessageEditor({ message, body, close }: Props) {
  const [text, setText] = useState(body);
  const box = useRef<HTMLTextAreaElement>(null);
  const edit = useEditMessage(message);
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(body.length, body.length);
  }, [body]);
  const save = () => {
    if (text.trim() === body) return close();
    if (isSendable(text)) edit.mutate(text.trim(), { onSuccess: close });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    if (!sendsOn(event)) return;
    event.preventDefault();
    save();
  };
  return (
    <div className="editor">
      <GrowingTextarea
        ref={box}
        value={text}
        onChange={setText}
        onKeyDown={onKeyDown}
        label="Edit message"
      />
      {edit.isError && (
        <p className="form-error" role="alert">
          {explain(edit.error)}
        </p>
      )}
      <div className="editor-buttons">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="button button-primary"
          disabled={!isSendable(text) || edit.isPending}
          onClick={save}
        >
          Save
        </button>
      </div>
    </div>
  );
}
