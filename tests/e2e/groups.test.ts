import type { Locator, Page } from "playwright-core";
import { expect, test } from "./browser.ts";
import { box, chooseFrom, message, row, section, told } from "./page.ts";
import { makePerson, PASSWORD } from "./people.ts";
import { Serving } from "./serving.ts";

const listed = (page: Page, name: string): Locator =>
  page.getByRole("main").getByRole("link", { name });

const member = (page: Page, name: string): Locator =>
  section(page, "Members").getByRole("listitem").filter({ hasText: name });

const names = (page: Page): Promise<string[]> =>
  section(page, "Members").locator(".row-name").allInnerTexts();

test("a group is made, found by the beginning of its name, and renamed", async ({
  openAs,
  person,
}) => {
  const [anna, bruno] = [await person("Anna"), await person("Bruno")];
  const name = `Choir ${anna.handle}`;
  const page = await openAs(anna);
  await page.getByRole("link", { name: "Groups" }).click();
  await page.getByRole("button", { name: "New group" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("heading", { name }).waitFor();
  await page.getByText("You are an admin").waitFor();
  await expect.poll(() => names(page)).toEqual(["Anna"]);

  const his = await openAs(bruno, "/groups");
  await his.getByRole("searchbox").fill(name.toUpperCase().slice(0, -2));
  await listed(his, name).click();
  await his.getByText("Only members read and write here.").waitFor();
  expect(await his.getByRole("link", { name: "Open conversation" }).count()).toBe(0);
  expect(await his.getByRole("button", { name: "More about this group" }).count()).toBe(0);
  expect(await his.getByRole("button", { name: "Add somebody" }).count()).toBe(0);

  await chooseFrom(page, "More about this group", "Edit");
  await page.getByRole("dialog").getByLabel("Name").fill(`The new ${name}`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: `The new ${name}` }).waitFor();
  await his.reload();
  await his.getByRole("heading", { name: `The new ${name}` }).waitFor();
  await his.goto("/groups");
  await his.getByRole("searchbox").fill(name);
  await his.getByText(/There is no group whose name begins with/).waitFor();
});

test("a name in another script stands where all names stand", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, samir] = [await person("Anna"), await friend("سمير")];
  const group = await anna.makeGroup("جوقة", [samir]);
  const page = await openAs(anna, `/groups/${group.id}`);
  await anna.writeIn(group, "Hello");
  /** How far the text is from the left of its box (px). */
  const indent = (place: Locator) =>
    place.evaluate((it) => {
      const range = document.createRange();
      range.selectNodeContents(it);
      return range.getBoundingClientRect().left - it.getBoundingClientRect().left;
    });
  expect(await indent(page.getByRole("heading", { name: group.name }))).toBeLessThan(2);
  expect(await indent(page.locator(".row-name", { hasText: "سمير" }))).toBeLessThan(2);
  await page.getByRole("button", { name: "Choose members" }).click();
  expect(await indent(page.locator(".choice-row strong", { hasText: "سمير" }))).toBeLessThan(2);
  await page.goto("/groups?mine");
  expect(await indent(page.locator(".row-link strong"))).toBeLessThan(2);
  await page.goto("/messages");
  expect(await indent(page.locator(".inbox-row-title"))).toBeLessThan(2);
});

test("a group without a name is refused in words", async ({ openAs, person, complaints }) => {
  complaints.expect(/status of 422/);
  const page = await openAs(await person("Anna"), "/groups");
  await page.getByRole("button", { name: "New group" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill("\u200b");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("dialog").getByRole("alert").waitFor();
});

/** A server of its own, for so many people that they would fill the others' table. */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads what is needed from the pattern
const withServer = test.extend("serving", async ({}, { onCleanup }) => {
  const serving = await Serving.start();
  onCleanup(() => serving.stop());
  return serving;
});

withServer("groups, members and people come page by page", async ({ openAs, serving: { url } }) => {
  const anna = await makePerson(url, "Anna", PASSWORD, { admin: true });
  const many = Array.from({ length: 55 }, (_, n) => makePerson(url, `Friend ${n}`));
  const group = await anna.makeGroup("Crowd", await Promise.all(many));
  await Promise.all(Array.from({ length: 54 }, () => anna.makeGroup("Crowd")));
  await anna.makeGroup("Another");

  const page = await openAs(anna, `/groups/${group.id}`, { url });
  await expect.poll(() => names(page)).toHaveLength(50);
  await page.getByRole("button", { name: "More members" }).scrollIntoViewIfNeeded();
  await expect.poll(() => names(page)).toHaveLength(56);
  expect(new Set(await names(page)).size).toBe(56);
  await section(page, "Members").getByText("56", { exact: true }).waitFor();

  await page.goto("/groups");
  await listed(page, "Another").waitFor();
  await page.getByRole("searchbox").fill("crowd");
  await listed(page, "Another").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "More groups" }).scrollIntoViewIfNeeded();
  await expect.poll(() => listed(page, "Crowd").count()).toBe(55);

  await page.goto("/users");
  await listed(page, "Anna").waitFor();
  await page.getByRole("button", { name: "More people" }).scrollIntoViewIfNeeded();
  await expect.poll(() => listed(page, "@").count()).toBe(56);
});

test("one's own groups are a click away, and stay chosen", async ({ openAs, person, friend }) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  const [mine, his] = [await anna.makeGroup("Mine"), await bruno.makeGroup("His")];
  const page = await openAs(anna, "/groups");
  await page.getByText("Yours", { exact: true }).first().click();
  await listed(page, mine.name).waitFor();
  expect(await listed(page, his.name).count()).toBe(0);
  await page.reload();
  await listed(page, mine.name).waitFor();
  expect(await page.getByRole("radio", { name: "Yours" }).isChecked()).toBe(true);
  await page.getByRole("searchbox").fill("nothing like it");
  await page.getByText("Nothing found").waitFor();
});

test("a private group is shown to its members, and to nobody else", async ({
  openAs,
  person,
  complaints,
}) => {
  const [anna, bruno] = [await person("Anna"), await person("Bruno")];
  const group = await anna.makeGroup("Secret", [], { visibility: "private" });
  const page = await openAs(anna, "/groups");
  await page.getByRole("searchbox").fill(group.name);
  await listed(page, group.name).getByText("Private").waitFor();

  complaints.expect(/status of 404/);
  const his = await openAs(bruno, "/groups");
  await his.getByRole("searchbox").fill(group.name);
  await his.getByText("Nothing found").waitFor();
  for (const id of [group.id, "nobody-has-made-it"]) {
    await his.goto(`/groups/${id}`);
    await his.getByText("There is no such group").waitFor();
    await expect.poll(() => his.title()).toBe("Not found · Tavola");
  }
});

test("who is added sees what was written before, or does not", async ({ openAs, person }) => {
  const [anna, bruno, chloe] = [await person("Anna"), await person("Bruno"), await person("Chloe")];
  const group = await anna.makeGroup("Choir");
  await anna.writeIn(group, "Before you came");
  const page = await openAs(anna, `/groups/${group.id}`);
  for (const [who, history] of [
    [bruno, "They see it"],
    [chloe, "They do not see it"],
  ] as const) {
    await page.getByRole("button", { name: "Add somebody" }).click();
    await page.getByRole("combobox").fill(who.handle);
    await page.getByRole("option", { name: `@${who.handle}` }).click();
    await page.getByRole("radio", { name: history }).check();
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await told(page, `Added ${who.name}.`).waitFor();
    await member(page, who.name).waitFor();
  }
  await anna.writeIn(group, "Now you are here");
  const path = `/messages/group:${group.id}`;
  const [his, hers] = [await openAs(bruno, path), await openAs(chloe, path)];
  await message(his, "Now you are here").waitFor();
  await message(his, "Before you came").waitFor();
  await message(hers, "Now you are here").waitFor();
  expect(await message(hers, "Before you came").count()).toBe(0);

  await hers.getByRole("main").getByRole("link", { name: group.name }).click();
  await hers.waitForURL(`**/groups/${group.id}`);
  await hers.getByRole("link", { name: "Open conversation" }).click();
  await message(hers, "Now you are here").waitFor();
});

test("an admin of a group makes others admins, and takes people out", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno, chloe] = [await person("Anna"), await person("Bruno"), await friend("Chloe")];
  const group = await anna.makeGroup("Choir", [bruno, chloe]);
  const page = await openAs(anna, `/groups/${group.id}`);
  await chooseFrom(page, "Change Bruno", "Make an admin");
  await told(page, "Bruno is an admin now.").waitFor();
  await member(page, "Bruno").getByText("Admin").waitFor();

  const his = await openAs(bruno, `/groups/${group.id}`);
  await chooseFrom(his, "Change Chloe", "Remove");
  await his.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await told(his, "Removed Chloe.").waitFor();
  await expect.poll(async () => (await names(his)).sort()).toEqual(["Anna", "Bruno"]);
  await chooseFrom(his, "Change Anna", "Make a plain member");
  await told(his, "Anna is no admin any more.").waitFor();

  await page.reload();
  await page.getByText("Member", { exact: true }).waitFor();
  expect((await names(page)).sort()).toEqual(["Anna", "Bruno"]);
  expect(await page.getByRole("button", { name: "Change Bruno" }).count()).toBe(0);
});

test("who leaves has the group no more, and the last admin is warned", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  const group = await anna.makeGroup("Choir", [bruno]);
  await bruno.writeIn(group, "Stay with us");
  const page = await openAs(anna);
  await row(page, group.name).click();
  await message(page, "Stay with us").waitFor();
  await page.getByRole("main").getByRole("link", { name: group.name }).click();
  await chooseFrom(page, "More about this group", "Leave");
  await page.getByRole("dialog").getByText("You are its only admin").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await page.waitForURL("**/groups");
  await page.getByText("Yours", { exact: true }).first().click();
  await page.getByText("You are in no group").waitFor();
  await page.getByRole("link", { name: "Messages" }).click();
  await page.getByText("No conversations yet").waitFor();
  expect((await bruno.membersOf(group)).map(({ id }) => id)).toEqual([bruno.id]);
});

test("what somebody else did to a group meanwhile shows when one tries to change it", async ({
  openAs,
  person,
  admin,
  complaints,
}) => {
  const [anna, bruno, root] = [await person("Anna"), await person("Bruno"), await admin("Root")];
  const group = await anna.makeGroup("Choir", [bruno]);
  const page = await openAs(anna, `/groups/${group.id}`);
  await member(page, "Bruno").waitFor();
  const roots = await openAs(root, `/groups/${group.id}`);
  complaints.expect(/status of 40[34]/);

  await chooseFrom(roots, "Change Anna", "Make a plain member");
  await told(roots, "Anna is no admin any more.").waitFor();
  await chooseFrom(page, "Change Bruno", "Make an admin");
  await page.getByText("Only an admin of the group may do this.").waitFor();
  await page.getByText("Member", { exact: true }).waitFor();
  expect(await page.getByRole("button", { name: "Change Bruno" }).count()).toBe(0);

  const other = await openAs(root, `/groups/${group.id}`);
  await chooseFrom(other, "More about this group", "Edit");
  await chooseFrom(roots, "More about this group", "Delete");
  await roots.getByRole("button", { name: "Delete group" }).click();
  await roots.waitForURL("**/groups");
  await other.getByRole("button", { name: "Save" }).click();
  await other.getByText("There is no such group").waitFor();
});

test("a deleted group is gone for everybody", async ({ openAs, person, complaints }) => {
  const [anna, bruno] = [await person("Anna"), await person("Bruno")];
  const group = await anna.makeGroup("Choir", [bruno]);
  await anna.writeIn(group, "The last song");
  const page = await openAs(anna, `/groups/${group.id}`);
  await chooseFrom(page, "More about this group", "Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const more = page.getByRole("button", { name: "More about this group" });
  await expect.poll(() => more.evaluate((it) => it.matches(":focus"))).toBe(true);
  await chooseFrom(page, "More about this group", "Delete");
  await page.getByRole("radio", { name: "Delete it too" }).check();
  await page.getByRole("button", { name: "Delete group" }).click();
  await page.waitForURL("**/groups");

  complaints.expect(/status of 404/);
  const his = await openAs(bruno, `/groups/${group.id}`);
  await his.getByText("There is no such group").waitFor();
  await his.goto(`/messages/group:${group.id}`);
  await his.getByText("There is no such conversation").waitFor();
  expect(await box(his, anna).count()).toBe(0);
});
