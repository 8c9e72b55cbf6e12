import { useEffect, useRef, useState } from "react";
import type { Message, Person } from "../api/types";

interface Props {
  messages: Message[];
  people: Record<string, Person>;
  me: string;
}

/**
 * Reads arriving messages out, politely. The list itself cannot: it only holds the rows around
 * what is on screen, so that scrolling would be read out as well.
 */
export function Announcer({ messages, people, me }: Props) {
  const [text, setText] = useState("");
  const newest = messages.at(-1);
  const known = useRef(newest?.seq ?? 0);
  useEffect(() => {
    if (!newest || newest.seq <= known.current) return;
    known.current = newest.seq;
    if (newest.sender_id === me || newest.body === null) return;
    setText(`${people[newest.sender_id]?.display_name ?? "Somebody"}: ${newest.body}`);
  }, [newest, people, me]);
  return (
    <div className="hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
