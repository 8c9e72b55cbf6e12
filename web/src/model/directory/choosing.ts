/**
 * Choosing who, or what, belongs to an exact set: what is there, what a person wants to change of
 * it, and what is sent. A draft holds only the changes, so that it can be applied to what is there
 * by the time it is sent.
 */

import { folded } from "./folding";

/** Somebody, or a group, that can be chosen. */
export interface Choice {
  id: string;
  name: string;
  /** What tells it from others of that name: a handle, say. */
  detail: string;
}

export interface Draft {
  added: Choice[];
  /** Ids. */
  removed: string[];
}

export interface ChoiceRow {
  choice: Choice;
  isChosen: boolean;
  /** What saving would do to it, if anything. */
  change: "added" | "removed" | null;
}

export const UNCHANGED: Draft = { added: [], removed: [] };

/** Chooses what was not chosen, and the other way round. */
export function toggled(draft: Draft, choice: Choice, inside: readonly Choice[]): Draft {
  const { id } = choice;
  if (inside.some((one) => one.id === id)) {
    const removed = draft.removed.includes(id)
      ? draft.removed.filter((one) => one !== id)
      : [...draft.removed, id];
    return { ...draft, removed };
  }
  const others = draft.added.filter((one) => one.id !== id);
  const added = others.length < draft.added.length ? others : [choice, ...draft.added];
  return { ...draft, added };
}

/**
 * What to show: what is new comes first, then what is there, then what was found elsewhere. With a
 * text only what it is in: what was found may be of an earlier text.
 */
export function choiceRows(
  inside: readonly Choice[],
  draft: Draft,
  typed: string,
  found: readonly Choice[],
): ChoiceRow[] {
  const sought = folded(typed.trim().replace(/^@/, ""));
  const known = [...draft.added, ...inside.filter(({ id }) => !isIn(draft.added, id))];
  const all = [...known, ...found.filter(({ id }) => !isIn(known, id))];
  return all
    .filter(({ name, detail }) => folded(`${name}\n${detail}`).includes(sought))
    .map((choice) => rowOf(choice, inside, draft));
}

function rowOf(choice: Choice, inside: readonly Choice[], draft: Draft): ChoiceRow {
  const { id } = choice;
  if (isIn(inside, id)) {
    const isRemoved = draft.removed.includes(id);
    return { choice, isChosen: !isRemoved, change: isRemoved ? "removed" : null };
  }
  const isAdded = isIn(draft.added, id);
  return { choice, isChosen: isAdded, change: isAdded ? "added" : null };
}

/** The whole set to send: the changes, applied to what is there now. */
export function idsAfter(draft: Draft, now: readonly string[]): string[] {
  const kept = now.filter((id) => !draft.removed.includes(id));
  return [...new Set([...kept, ...draft.added.map(({ id }) => id)])];
}

export function isUnchanged({ added, removed }: Draft): boolean {
  return added.length === 0 && removed.length === 0;
}

/** What saving would do: "2 to add, 1 to remove". */
export function draftText({ added, removed }: Draft): string {
  const parts = [
    added.length > 0 && `${added.length} to add`,
    removed.length > 0 && `${removed.length} to remove`,
  ];
  return parts.filter(Boolean).join(", ") || "Nothing changed";
}

const NAMES_MAX = 5;

/** What saving did: "Added Bruno and Chloe. Removed Dora." */
export function doneText(
  done: { added: readonly string[]; removed: readonly string[] },
  known: readonly Choice[],
): string {
  const names = new Map(known.map(({ id, name }) => [id, name]));
  const told = (verb: string, ids: readonly string[]) =>
    ids.length > 0 && `${verb} ${list(ids.map((id) => names.get(id) ?? id))}.`;
  const parts = [told("Added", done.added), told("Removed", done.removed)].filter(Boolean);
  return parts.join(" ") || "It was so already.";
}

function list(names: string[]): string {
  const shown = names.slice(0, NAMES_MAX);
  const more = names.length - shown.length;
  return new Intl.ListFormat("en").format(more > 0 ? [...shown, `${more} more`] : shown);
}

const isIn = (choices: readonly Choice[], id: string) => choices.some((one) => one.id === id);
