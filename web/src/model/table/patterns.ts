/** The access patterns to choose from. */

import type { Param, Pattern } from "../../api/types";

/** A larger range is no help. */
const RANGE_TOLD_MAX = 1_000_000;

export interface PatternGroup {
  title: string;
  patterns: Pattern[];
}

/** Those that were looked for, first the questions that can be asked here. */
export function groupPatterns(patterns: Pattern[], sought: string): PatternGroup[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const found = patterns.filter((pattern) => {
    const text = `${pattern.name} ${pattern.question} ${pattern.key}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return [
    { title: "Questions", patterns: found.filter(({ reads }) => reads) },
    { title: "Not asked by hand", patterns: found.filter(({ reads }) => !reads) },
  ].filter((group) => group.patterns.length > 0);
}

/** What helps to fill in a parameter. */
export function helpOf({ kind, meaning, at_least, at_most, default: usual }: Param): string {
  const isBounded = kind === "int" && at_most !== null && at_most <= RANGE_TOLD_MAX;
  const range = isBounded ? `${at_least} to ${at_most.toLocaleString("en")}` : "";
  const given = usual === null || usual === "" || kind === "bool" ? "" : `${usual} if empty`;
  return [meaning, range, given].filter(Boolean).join("; ");
}
