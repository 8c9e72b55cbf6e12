/** What a message's text is made of. */

export const BODY_CODE_POINTS_MAX = 4000;
const COUNTER_FROM = 3600;

export interface TextPart {
  text: string;
  /** Set where the text is a link. */
  href?: string;
  /** Where it begins: tells equal parts apart. */
  at: number;
}

/** Code points, as the server counts: an emoji outside the BMP is one, not two. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** How many code points are left, once few are; null before. */
export function codePointsLeft(text: string): number | null {
  const count = codePoints(text);
  return count < COUNTER_FROM ? null : BODY_CODE_POINTS_MAX - count;
}

export function isSendable(text: string): boolean {
  return text.trim() !== "" && codePoints(text.trim()) <= BODY_CODE_POINTS_MAX;
}

/** Splits a sentence of ours at the `backticks` that mark code. */
export function proseParts(text: string): { text: string; code: boolean; at: number }[] {
  return text
    .split("`")
    .map((part, at) => ({ text: part, code: at % 2 === 1, at }))
    .filter((part) => part.text !== "");
}

/** Splits a text at its links. Only http and https count: a `javascript:` link is plain text. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(/\bhttps?:\/\/[^\s<>"“”]+/gi)) {
    const link = withoutClosing(match[0]);
    if (!isLink(link)) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), at: end });
    parts.push({ text: link, href: link, at: match.index });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), at: end });
  return parts;
}

/** Whether a text is one to three emoji and nothing else, and may be shown large. */
export function isJumboEmoji(text: string): boolean {
  const graphemes = [...new Intl.Segmenter().segment(text.trim())].map((part) => part.segment);
  const solid = graphemes.filter((grapheme) => grapheme.trim() !== "");
  return solid.length > 0 && solid.length <= 3 && solid.every((g) => /\p{RGI_Emoji}/v.test(g));
}

/** The first line of a text, for previews. */
export function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

/** Cuts off what ends the sentence, not the link. */
function withoutClosing(link: string): string {
  const last = link.at(-1) ?? "";
  if (/[.,;:!?'*_~\]}]/.test(last)) return withoutClosing(link.slice(0, -1));
  // "(see https://en.wikipedia.org/wiki/Table_(furniture))" holds one bracket too many.
  if (last === ")" && count(link, ")") > count(link, "(")) return withoutClosing(link.slice(0, -1));
  return link;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function isLink(text: string): boolean {
  return URL.canParse(text) && new URL(text).hostname !== "";
}
