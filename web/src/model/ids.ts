/** Writes 16 random bytes as a UUID of version 4 (RFC 9562). */
export function uuidFrom(bytes: Uint8Array): string {
  const hex = [...bytes]
    .map((byte, at) => (at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte))
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** `crypto.randomUUID` is missing where a team serves plain HTTP in its own network. */
export function newMessageId(): string {
  return uuidFrom(crypto.getRandomValues(new Uint8Array(16)));
}
