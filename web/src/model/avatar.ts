/** The picture of somebody who has none: initials on a colour that is always the same. */

/** The first letters of the first and the last word, as people see letters. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s\-–_.]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  if (!first) return "?";
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last]
    .map((word) => (word ? firstLetter(word) : ""))
    .join("")
    .toLocaleUpperCase("en");
}

function firstLetter(word: string): string {
  const letters = [...new Intl.Segmenter().segment(word)].map((part) => part.segment);
  return letters.find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? "";
}

export const TINTS = 12;

/** One of the stylesheet's tints for an id: FNV-1a, then mixed, so that similar ids differ. */
export function tintOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) % TINTS;
}
