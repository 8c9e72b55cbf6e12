/** A question to the table: an access pattern with values, as it stands in the address. */

import type { Lead, Pattern } from "../../api/types";
import { paths } from "../paths";

export interface Question {
  pattern: string;
  /** By parameter, without those that are left to their defaults. */
  values: Record<string, string>;
}

const COLLECTION = "read_collection";

/** What an address asks; null where it asks nothing. */
export function questionOf(search: string): Question | null {
  const { pattern, ...values } = Object.fromEntries(new URLSearchParams(search));
  return pattern ? { pattern, values } : null;
}

export function pathOf({ pattern, values }: Question): string {
  return `${paths.table}?${new URLSearchParams({ pattern, ...values })}`;
}

/** Where a key leads: to its item collection, or with a sort key to one item of it. */
export function pathOfLead({ pk, sk }: Lead): string {
  return pathOf({ pattern: COLLECTION, values: sk ? { pk, low: sk, high: sk } : { pk } });
}

/** Whether a pattern can be run with these values; whether they are right is the server's to say. */
export function isComplete(pattern: Pattern, values: Record<string, string>): boolean {
  return pattern.reads && pattern.params.every(({ name, required }) => !required || values[name]);
}

/** What a form says, without what is empty or as it is anyway. */
export function valuesOf(pattern: Pattern, form: FormData): Record<string, string> {
  const said = pattern.params.map(({ name, kind, default: usual }): [string, string] => {
    const text = String(form.get(name) ?? (kind === "bool" ? "false" : ""));
    return [name, text === String(usual ?? "") ? "" : text];
  });
  return Object.fromEntries(said.filter(([, text]) => text !== ""));
}
