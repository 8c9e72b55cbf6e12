/** Who may do what in a group, and how its standing is called. */

import type { Group, Member, User } from "../../api/types";
import { folded } from "./folding";

/** Its admins, and admins of the installation. */
export function canManage(group: Group, me: User): boolean {
  return me.admin === true || group.role === "admin";
}

/** Whether nobody of these but this person may change the group. */
export function isOnlyAdmin(members: readonly Member[], id: string): boolean {
  const admins = members.filter(({ role }) => role === "admin");
  return admins.length === 1 && admins[0]?.id === id;
}

export const groupConversation = (id: string) => `group:${id}`;

/** The group that a conversation belongs to; null where it is one of two people. */
export function groupOf(conversation: string): string | null {
  return conversation.startsWith("group:") ? conversation.slice("group:".length) : null;
}

/** In the order of their names, as people sort them. */
export function byName<T extends { name: string }>(groups: readonly T[]): T[] {
  const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });
  return groups.toSorted((a, b) => collator.compare(a.name, b.name));
}

/** Those whose names begin with a text, whatever its case. */
export function namesBeginning<T extends { name: string }>(
  groups: readonly T[],
  typed: string,
): T[] {
  const sought = folded(typed.trim());
  return groups.filter(({ name }) => folded(name).startsWith(sought));
}
