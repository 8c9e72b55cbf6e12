/** The server's endpoints, one function each. */

import { request } from "./client";
import type {
  Conversation,
  Group,
  GroupChange,
  GroupPage,
  InboxPage,
  JoinedPage,
  MemberPage,
  MemberWish,
  Message,
  MessagePage,
  MessageRequest,
  NewGroup,
  Profile,
  ReadMarker,
  Session,
  SetDone,
  Table,
  TablePage,
  User,
  UserPage,
} from "./types";

type Signal = AbortSignal | undefined;
type PageOf = { limit: number; cursor?: string };

const conversationPath = (id: string) => `/conversations/${encodeURIComponent(id)}`;
const userPath = (who: string) => `/users/${encodeURIComponent(who)}`;
const groupPath = (id: string) => `/groups/${encodeURIComponent(id)}`;
const memberPath = (group: string, user: string) =>
  `${groupPath(group)}/users/${encodeURIComponent(user)}`;
const withSignal = (signal: Signal) => (signal ? { signal } : {});

export const getSession = (signal?: Signal) =>
  request<Session>("GET", "/session", withSignal(signal));

export const signIn = (handle: string, password: string) =>
  request<{ user: User }>("POST", "/session", { body: { handle, password } });

export const signOut = () => request<void>("DELETE", "/session");

export const changeProfile = (profile: Profile) => request<User>("PATCH", "/me", { body: profile });

export const changePassword = (current: string, wanted: string) =>
  request<void>("PUT", "/me/password", { body: { current, new: wanted } });

/** `who` is a user id or "@handle". */
export const getUser = (who: string, signal?: Signal) =>
  request<User>("GET", userPath(who), withSignal(signal));

export const findUsers = (prefix: string, signal?: Signal) =>
  request<{ users: User[] }>("GET", "/users", { query: { prefix }, ...withSignal(signal) });

/** Everybody by name; for admins. */
export const getUsers = (query: PageOf, signal?: Signal) =>
  request<UserPage>("GET", "/users", { query, ...withSignal(signal) });

export const blockUser = (id: string) => request<void>("PUT", `${userPath(id)}/block`);

export const unblockUser = (id: string) => request<void>("DELETE", `${userPath(id)}/block`);

export const getJoined = (user: string, query: PageOf, signal?: Signal) =>
  request<JoinedPage>("GET", `${userPath(user)}/groups`, { query, ...withSignal(signal) });

/** Makes exactly these groups a user's. */
export const putJoined = (user: string, groups: string[]) =>
  request<SetDone>("PUT", `${userPath(user)}/groups`, { body: { groups } });

export const getGroups = (query: PageOf & { prefix?: string }, signal?: Signal) =>
  request<GroupPage>("GET", "/groups", { query, ...withSignal(signal) });

export const postGroup = (group: NewGroup) => request<Group>("POST", "/groups", { body: group });

export const getGroup = (id: string, signal?: Signal) =>
  request<Group>("GET", groupPath(id), withSignal(signal));

export const changeGroup = (id: string, change: GroupChange) =>
  request<Group>("PATCH", groupPath(id), { body: change });

export const deleteGroup = (id: string, log: "keep" | "purge") =>
  request<void>("DELETE", groupPath(id), { query: { log } });

export const getMembers = (group: string, query: PageOf, signal?: Signal) =>
  request<MemberPage>("GET", `${groupPath(group)}/users`, { query, ...withSignal(signal) });

/** Makes exactly these users a group's. */
export const putMembers = (group: string, users: string[]) =>
  request<SetDone>("PUT", `${groupPath(group)}/users`, { body: { users } });

export const putMember = (group: string, user: string, wish: MemberWish) =>
  request<void>("PUT", memberPath(group, user), { body: wish });

export const deleteMember = (group: string, user: string) =>
  request<void>("DELETE", memberPath(group, user));

export const getInbox = (query: { limit?: number; cursor?: string }, signal?: Signal) =>
  request<InboxPage>("GET", "/inbox", { query, ...withSignal(signal) });

export const getConversation = (id: string, signal?: Signal) =>
  request<Conversation>("GET", conversationPath(id), withSignal(signal));

export const getMessages = (
  id: string,
  query: { before?: number; after?: number; around?: number; limit?: number },
  signal?: Signal,
) =>
  request<MessagePage>("GET", `${conversationPath(id)}/messages`, {
    query: { ...query, include: "users" },
    ...withSignal(signal),
  });

export const postMessage = (message: MessageRequest) =>
  request<Message>("POST", "/messages", { body: message });

export const editMessage = (id: string, seq: number, body: string) =>
  request<Message>("PATCH", `${conversationPath(id)}/messages/${seq}`, { body: { body } });

export const deleteMessage = (id: string, seq: number) =>
  request<Message>("DELETE", `${conversationPath(id)}/messages/${seq}`);

export const putRead = (id: string, seq: number) =>
  request<ReadMarker>("PUT", `${conversationPath(id)}/read`, { body: { seq } });

export const getTable = (signal?: Signal) => request<Table>("GET", "/table", withSignal(signal));

export const getTableItems = (query: { limit?: number; cursor?: string }, signal?: Signal) =>
  request<TablePage>("GET", "/table/items", { query, ...withSignal(signal) });

/** Runs an access pattern; it only reads. */
export const askTable = (
  body: { pattern: string; values: Record<string, string>; cursor?: string },
  signal?: Signal,
) => request<TablePage>("POST", "/table/query", { body, ...withSignal(signal) });
