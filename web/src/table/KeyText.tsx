import { Link } from "wouter";
import type { KeyPart, Lead } from "../api/types";
import { segmentsOf } from "../model/table/keyText";
import { pathOfLead } from "../model/table/question";

interface Props {
  parts: KeyPart[];
  /** Whose key it is: where those pieces lead that lead nowhere else. */
  own: Lead;
}

/** A key; each piece of it is a link. */
export function KeyText({ parts, own }: Props) {
  return (
    <span className="key">
      {segmentsOf(parts, own).map(({ text, to, title, at }) => (
        <Link key={at} href={pathOfLead(to)} title={title || undefined}>
          {text}
        </Link>
      ))}
    </span>
  );
}
