/**
 * Conversation ids, as they stand in URLs: `dm:{a}:{b}` with the two user ids in byte order, and
 * `group:{id}`.
 */

export function directConversationId(one: string, other: string): string {
  // Ids are ASCII, so that comparing code units is comparing bytes; localeCompare would not be.
  return one < other ? `dm:${one}:${other}` : `dm:${other}:${one}`;
}

export function isConversationId(text: string): boolean {
  const id = "[A-Za-z0-9_-]{1,64}";
  const direct = new RegExp(`^dm:(${id}):(${id})$`).exec(text);
  if (direct?.[1] && direct[2]) return direct[1] < direct[2];
  return new RegExp(`^group:${id}$`).test(text);
}

/** The other one of the two, or null where it is no direct conversation of mine. */
export function otherPersonId(conversation: string, me: string): string | null {
  const [kind, one, other] = conversation.split(":");
  if (kind !== "dm" || !one || !other) return null;
  if (one === me) return other;
  return other === me ? one : null;
}
