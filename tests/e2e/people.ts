/** People on a server, made over its API, and what they do there without a browser. */

import { randomBytes, randomUUID } from "node:crypto";
import type { Group, Member, Message, User } from "../../web/src/api/types.ts";
import { directConversationId } from "../../web/src/model/conversation.ts";
import { token } from "./serving.ts";

export const PASSWORD = "correct horse battery";

export class Person {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly #url: string;

  constructor(url: string, user: User) {
    this.#url = url;
    this.id = user.id;
    this.handle = user.handle;
    this.name = user.display_name;
  }

  conversationWith(other: Person): string {
    return directConversationId(this.id, other.id);
  }

  /** `body` is one text or several, sent one after the other. */
  async write(to: Person, ...bodies: string[]): Promise<Message> {
    let sent: Message | undefined;
    for (const body of bodies) {
      sent = await this.#call("POST", "/messages", { id: randomUUID(), to: to.id, body });
    }
    if (!sent) throw new Error("There is nothing to write.");
    return sent;
  }

  async edit({ conversation, seq }: Message, body: string): Promise<void> {
    await this.#call("PATCH", `/conversations/${conversation}/messages/${seq}`, { body });
  }

  async messagesWith(other: Person): Promise<Message[]> {
    const path = `/conversations/${this.conversationWith(other)}/messages?limit=200`;
    return (await this.#call<{ messages: Message[] }>("GET", path)).messages;
  }

  async readSeqWith(other: Person): Promise<number> {
    const path = `/conversations/${this.conversationWith(other)}`;
    return (await this.#call<{ read_seq: number }>("GET", path)).read_seq;
  }

  /** Makes a group whose name nobody else's begins with, with these members. */
  async makeGroup(
    name: string,
    members: Person[] = [],
    more: { visibility?: "private" } = {},
  ): Promise<Group> {
    const unique = `${name} ${randomBytes(4).toString("hex")}`;
    const group = await this.#call<Group>("POST", "/groups", { name: unique, ...more });
    if (members.length > 0) await this.setMembers(group, [this, ...members]);
    return group;
  }

  async setMembers({ id }: Group, members: Person[]): Promise<void> {
    await this.#call("PUT", `/groups/${id}/users`, { users: members.map((one) => one.id) });
  }

  async membersOf({ id }: Group): Promise<Member[]> {
    return (await this.#call<{ users: Member[] }>("GET", `/groups/${id}/users?limit=200`)).users;
  }

  async writeIn({ id }: Group, body: string): Promise<void> {
    await this.#call("POST", "/messages", { id: randomUUID(), conversation: `group:${id}`, body });
  }

  #call<T>(method: string, path: string, body?: object): Promise<T> {
    return call(this.#url, token(this.id), method, path, body);
  }
}

/**
 * Makes a user whose handle nobody else has; `name` is the one that is shown. Hashing a password
 * takes long, so that only who needs one has it.
 */
export async function makePerson(
  url: string,
  name: string,
  password?: string,
  more: { admin?: boolean } = {},
): Promise<Person> {
  const first =
    name
      .split(" ")[0]
      ?.toLowerCase()
      .replace(/[^a-z]/g, "") || "somebody";
  const user = {
    handle: `${first}-${randomBytes(4).toString("hex")}`,
    display_name: name,
    ...(password && { password }),
    ...more,
  };
  return new Person(
    url,
    await call<User>(url, token("host-app", { scope: "admin" }), "POST", "/users", user),
  );
}

async function call<T>(
  url: string,
  bearer: string,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const reply = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" },
    body: body ? JSON.stringify(body) : null,
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as T;
}
