import { proseParts } from "../model/text";

/** A sentence in which `backticks` mark code. */
export function Prose({ text }: { text: string }) {
  return proseParts(text).map(({ text: part, code, at }) =>
    code ? <code key={at}>{part}</code> : part,
  );
}
