import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { codePointsLeft, isSendable } from "../model/text";
import { useServices } from "../state/services";
import { Icon } from "../ui/Icon";
import { GrowingTextarea } from "./GrowingTextarea";
import { sendsOn } from "./sendKey";

interface Props {
  conversation: string;
  label: string;
  send: (body: string) => void;
  /** The arrow up in an empty box. */
  editLast: () => void;
}

export function Composer({ conversation, label, send, editLast }: Props) {
  const { drafts } = useServices();
  const [text, setText] = useState(drafts.get(conversation) ?? "");
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // On a touch screen the keyboard would cover what one came to read.
    if (!window.matchMedia("(pointer: coarse)").matches) box.current?.focus();
  }, []);
  const type = (typed: string) => {
    setText(typed);
    drafts.set(conversation, typed);
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!isSendable(text)) return;
    type("");
    send(text.trim());
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowUp" && text === "") {
      event.preventDefault();
      editLast();
    }
    if (!sendsOn(event)) return;
    event.preventDefault();
    submit();
  };
  return (
    <form className="composer" onSubmit={submit}>
      <GrowingTextarea
        ref={box}
        value={text}
        onChange={type}
        onKeyDown={onKeyDown}
        label={label}
        placeholder="Write a message"
      />
      <Counter text={text} />
      <button type="submit" className="send" disabled={!isSendable(text)} aria-label="Send">
        <Icon name="send" />
      </button>
    </form>
  );
}

function Counter({ text }: { text: string }) {
  const left = codePointsLeft(text.trim());
  if (left === null) return null;
  return (
    <output className="counter" data-over={left < 0}>
      {left}
      <span className="hidden"> characters left</span>
    </output>
  );
}
