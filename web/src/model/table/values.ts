/** Values of the table in words. They come with their type, as DynamoDB writes them. */

import type { Value } from "../../api/types";

/** How a value is best shown. */
export type Look = "text" | "number" | "time" | "opaque" | "word" | "set";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** UUIDs and digests: letters that say nothing to anybody. */
const OPAQUE = /^[\da-f-]{32,}$/;
const OPAQUE_SHOWN = 8;

export function typeOf(value: Value): string {
  return Object.keys(value)[0] ?? "";
}

export function lookOf(value: Value): Look {
  if (value.SS) return "set";
  if (value.S !== undefined) return lookOfText(value.S);
  return value.N !== undefined ? "number" : "word";
}

function lookOfText(text: string): Look {
  if (TIME.test(text)) return "time";
  return OPAQUE.test(text) ? "opaque" : "text";
}

export function shortened(text: string): string {
  return `${text.slice(0, OPAQUE_SHOWN)}…`;
}

/** A value as text; numbers keep all their digits. */
export function textOf(value: Value): string {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return value.N;
  if (value.BOOL !== undefined) return String(value.BOOL);
  if (value.SS) return value.SS.join(", ");
  if (value.L) return `[${value.L.map(textOf).join(", ")}]`;
  if (value.M) {
    const named = Object.entries(value.M).map(([name, part]) => `${name}: ${textOf(part)}`);
    return `{${named.join(", ")}}`;
  }
  return "null";
}
