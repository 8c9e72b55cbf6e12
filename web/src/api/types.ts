/** What the server says and takes, by the names of its OpenAPI document. */

/** An RFC 3339 time in UTC with milliseconds; such texts sort as times. */
export type Time = string;

export interface Person {
  id: string;
  handle: string;
  display_name: string;
}

export interface User extends Person {
  location?: string;
  interests?: string[];
  created_at: Time;
}

export interface Message {
  id: string;
  conversation: string;
  seq: number;
  sender_id: string;
  kind: "text" | "system";
  /** Null once deleted. */
  body: string | null;
  created_at: Time;
  edited_at?: Time;
  deleted_at?: Time;
}

export interface Conversation {
  conversation: string;
  kind: "direct" | "group";
  title: string;
  user?: Person;
  head: Message | null;
  unread: number;
  read_seq: number;
}

/** A conversation in the inbox has at least one message. */
export interface InboxRow extends Conversation {
  head: Message;
}

export interface InboxPage {
  conversations: InboxRow[];
  next: string | null;
  /** False where a page is too full to be ordered inside its day. */
  exact: boolean;
}

export interface MessagePage {
  /** Newest first. */
  messages: Message[];
  head_seq: number;
  more_before: boolean;
  more_after: boolean;
  /** Who sent the messages of this page. */
  users: Person[];
}

export interface MessageRequest {
  id: string;
  to?: string;
  conversation?: string;
  body: string;
  after?: number;
}

export interface ReadMarker {
  read_seq: number;
  unread: number;
}

export interface Session {
  user: User | null;
  demo: { password: string; users: User[] } | null;
}

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

/** RFC 9457, with a `code` out of the server's catalogue. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  request_id?: string;
  retryable: boolean;
  errors?: FieldProblem[];
}
