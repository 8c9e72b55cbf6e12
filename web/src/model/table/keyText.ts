/** A key's text in pieces, each a link to where it leads. */

import type { KeyPart, Lead } from "../../api/types";

export interface Segment {
  text: string;
  to: Lead;
  /** What it is, for those who point at it. */
  title: string;
  /** Where it begins: tells equal segments apart. */
  at: number;
}

/** What leads nowhere else leads to `own`: the item or collection whose key this is. */
export function segmentsOf(parts: KeyPart[], own: Lead): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const part of parts) {
    const { text, leads } = part;
    const before = segments.at(-1);
    if (!leads && before && before.to === own) {
      before.text += text;
      before.title = [before.title, told(part)].filter(Boolean).join(", ");
    } else {
      segments.push({ text, to: leads ?? own, title: told(part), at });
    }
    at += text.length;
  }
  return segments;
}

function told({ field, value }: KeyPart): string {
  return field ? `${field}: ${value}` : "";
}
