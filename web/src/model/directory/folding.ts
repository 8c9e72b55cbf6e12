/**
 * A text without its case and width, to compare what was typed with names. As good as Unicode's
 * case folding: upper case first makes "ß" an "ss".
 */
export function folded(text: string): string {
  return text.normalize("NFKC").toUpperCase().toLowerCase();
}
