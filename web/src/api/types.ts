/**
 * What the server says and takes, by the names that this code uses. The shapes are generated from
 * its OpenAPI document into generated/schema.d.ts (`npm run api`).
 */

import type { components } from "../../generated/schema";

type Schemas = components["schemas"];

export type Person = Schemas["PersonView"];
export type User = Schemas["UserView"];
export type UserPage = Schemas["UsersView"];
export type Profile = Schemas["ProfileBody"];
export type Message = Schemas["MessageView"];
export type Conversation = Schemas["ConversationView"];
export type MessagePage = Schemas["MessagesView"];
export type MessageRequest = Schemas["SendBody"];
export type ReadMarker = Schemas["ReadView"];
export type Group = Schemas["GroupView"];
export type NamedGroup = Schemas["NamedGroupView"];
export type GroupPage = Schemas["GroupsView"];
export type JoinedGroup = Schemas["JoinedGroupView"];
export type JoinedPage = Schemas["JoinedGroupsView"];
export type Member = Schemas["MemberView"];
export type MemberPage = Schemas["MembersView"];
export type NewGroup = Schemas["GroupBody"];
export type GroupChange = Schemas["GroupChangeBody"];
export type MemberWish = Schemas["MemberBody"];
export type SetDone = Schemas["SetView"];
export type Session = Schemas["SessionView"];
export type Problem = Schemas["Problem"];
export type FieldProblem = Schemas["FieldError"];

export type TableItem = Schemas["ItemView"];
export type TablePage = Schemas["ItemsView"];
export type Entity = Schemas["EntityView"];
export type KeyPart = Schemas["KeyPartView"];
export type Attribute = Schemas["AttributeView"];
export type Value = Schemas["ValueView"];
export type Lead = Schemas["Lead"];

/** What has a default is still always said. */
export type Param = Required<Schemas["Param"]>;
export type Pattern = Required<Omit<Schemas["AccessPattern"], "params">> & { params: Param[] };
export type Table = Omit<Schemas["TableView"], "patterns"> & { patterns: Pattern[] };

/** A conversation in the inbox has at least one message, which the schema cannot say. */
export type InboxRow = Conversation & { head: Message };
export type InboxPage = Omit<Schemas["InboxView"], "conversations"> & {
  conversations: InboxRow[];
};
