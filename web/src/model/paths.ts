/** Where the pages are. */

const OWN_ORIGIN = "http://tavola.invalid";

export const paths = {
  inbox: "/messages",
  newMessage: "/messages/new",
  account: "/account",
  table: "/table",
  groups: "/groups",
  myGroups: "/groups?mine",
  group: (id: string) => `/groups/${encodeURIComponent(id)}`,
  conversation: (id: string) => `/messages/${id}`,
  newMessageTo: (handle: string) => `/messages/new/${encodeURIComponent(handle)}`,
  people: "/users",
  user: (handle: string) => `/users/${encodeURIComponent(handle)}`,
  signIn: (back: string) =>
    back === "/" || back === "/messages" ? "/signin" : `/signin?back=${encodeURIComponent(back)}`,
};

/** Where to go after signing in: a path of ours, never somebody else's address. */
export function returnPath(search: string): string {
  const back = new URLSearchParams(search).get("back") ?? "";
  if (!back.startsWith("/") || !URL.canParse(back, OWN_ORIGIN)) return paths.inbox;
  const url = new URL(back, OWN_ORIGIN);
  if (url.origin !== OWN_ORIGIN || url.pathname === "/signin") return paths.inbox;
  return url.pathname + url.search;
}
