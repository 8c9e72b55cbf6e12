import { expect, test } from "vitest";
import type { Group, Member, User } from "../../api/types";
import {
  byName,
  canManage,
  groupConversation,
  groupOf,
  isOnlyAdmin,
  namesBeginning,
} from "./groups";

const group: Group = { id: "g", name: "Choir", visibility: "listed", created_at: "" };
const me: User = { id: "ada", handle: "ada", display_name: "Ada" };
const member = (id: string, role: Member["role"]): Member => ({
  id,
  handle: id,
  display_name: id,
  joined_at: "",
  role,
});

test("a group is managed by its admins and by admins", () => {
  expect(canManage(group, me)).toBe(false);
  expect(canManage({ ...group, role: "member" }, me)).toBe(false);
  expect(canManage({ ...group, role: "admin" }, me)).toBe(true);
  expect(canManage(group, { ...me, admin: true })).toBe(true);
});

test("the only admin is who has nobody beside them", () => {
  const [ada, bea] = [member("ada", "admin"), member("bea", "member")];
  expect(isOnlyAdmin([ada, bea], "ada")).toBe(true);
  expect(isOnlyAdmin([ada, bea], "bea")).toBe(false);
  expect(isOnlyAdmin([ada, member("bea", "admin")], "ada")).toBe(false);
  expect(isOnlyAdmin([], "ada")).toBe(false);
});

test("a group and its conversation lead to each other", () => {
  expect(groupOf(groupConversation("g-1"))).toBe("g-1");
  expect(groupOf("dm:a:b")).toBeNull();
});

test("names are sorted as people do it", () => {
  const names = ["zoo", "Élan", "room 10", "echo", "Room 9"].map((name) => ({ name }));
  expect(byName(names).map(({ name }) => name)).toEqual([
    "echo",
    "Élan",
    "Room 9",
    "room 10",
    "zoo",
  ]);
});

test("names are found by their beginning, in any case", () => {
  const groups = ["Choir", "Chess club", "The choir"].map((name) => ({ name }));
  expect(namesBeginning(groups, " CHO").map(({ name }) => name)).toEqual(["Choir"]);
  expect(namesBeginning(groups, "")).toEqual(groups);
});
