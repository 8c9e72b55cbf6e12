/** The server's endpoints, one function each. */

import { request } from "./client";
import type {
  Conversation,
  InboxPage,
  Message,
  MessagePage,
  MessageRequest,
  Profile,
  ReadMarker,
  Session,
  Table,
  TablePage,
  User,
} from "./types";

type Signal = AbortSignal | undefined;

const conversationPath = (id: string) => `/conversations/${encodeURIComponent(id)}`;
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
  request<User>("GET", `/users/${encodeURIComponent(who)}`, withSignal(signal));

export const findUsers = (prefix: string, signal?: Signal) =>
  request<{ users: User[] }>("GET", "/users", { query: { prefix }, ...withSignal(signal) });

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
