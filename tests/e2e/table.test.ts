import type { Locator, Page } from "playwright-core";
import { inject } from "vitest";
import { expect, test } from "./browser.ts";
import { row } from "./page.ts";
import { makePerson, PASSWORD, type Person } from "./people.ts";

/** The rows of one partition key. */
const collection = (page: Page, pk: string): Locator =>
  page.getByRole("region", { name: pk, exact: true });

const rows = (page: Page, pk: string): Locator => collection(page, pk).locator(".item");

const question = (page: Page): URLSearchParams => new URL(page.url()).searchParams;

const admin = (name: string): Promise<Person> =>
  makePerson(inject("url"), name, PASSWORD, { admin: true });

async function signedIn(open: (options: { url: string }) => Promise<Page>): Promise<Page> {
  const page = await open({ url: inject("demoUrl") });
  await page.goto("/signin");
  await page.getByRole("button", { name: "Mira Castellanos" }).click();
  await row(page, "Jonas Weber").waitFor();
  return page;
}

test("an admin finds the table in the menu and sees all items, page by page", async ({ open }) => {
  const page = await signedIn(open);
  await page.getByRole("button", { name: /^Your account/ }).click();
  await page.getByRole("menuitem", { name: "Table" }).click();
  await page.getByRole("heading", { name: "All items" }).waitFor();
  await page.getByText("SQLite").waitFor();
  await rows(page, "DM#aiko#jonas").first().waitFor();
  expect(await page.locator(".item").count()).toBe(50);
  await page.getByText("50 items").waitFor();

  await page.getByRole("button", { name: "More items" }).click();
  await page.getByText("100 items").waitFor();
  const keys = await page.locator(".collection h3").allInnerTexts();
  expect(new Set(keys).size).toBe(keys.length);

  await page.getByText(/^\d+ kinds of items/).click();
  await page.getByText("HANDLE#{first 2 characters}").waitFor();
});

test("a pattern is found, filled in and run, with its units and price", async ({ open }) => {
  const page = await signedIn(open);
  await page.goto("/table");
  await page.getByRole("searchbox").fill("page of messages");
  await page.getByRole("link", { name: "A page of messages" }).click();
  await page.getByLabel("conversation").fill("dm:jonas:mira");
  await page.getByLabel("low").fill("1");
  await page.getByLabel("high").fill("5");
  await page.keyboard.press("Enter");
  await expect.poll(() => rows(page, "DM#jonas#mira").count()).toBe(5);
  await page.getByText("5 items").waitFor();
  await page.getByText("0.5 RRU · promised 2 RRU for 50").waitFor();
  await page.getByText("$0.0625 a million times").waitFor();
  expect(Object.fromEntries(question(page))).toEqual({
    pattern: "read_messages",
    conversation: "dm:jonas:mira",
    low: "1",
    high: "5",
  });
  expect(await rows(page, "DM#jonas#mira").first().getByText("000000000005").count()).toBe(1);

  await page.reload();
  await expect.poll(() => rows(page, "DM#jonas#mira").count()).toBe(5);
  expect(await page.getByLabel("high").inputValue()).toBe("5");
});

test("every key leads on, and back again", async ({ open }) => {
  const page = await signedIn(open);
  await page.goto("/table?pattern=read_collection&pk=USER%23mira");
  await rows(page, "USER#mira").first().waitFor();
  const pointer = rows(page, "USER#mira").filter({ hasText: "dm:jonas:mira" });
  await pointer.locator(".key").getByRole("link", { name: "dm:jonas:mira" }).click();
  await rows(page, "DM#jonas#mira").first().waitFor();
  expect(question(page).get("pk")).toBe("DM#jonas#mira");
  expect(await page.getByLabel("pk").inputValue()).toBe("DM#jonas#mira");

  const first = rows(page, "DM#jonas#mira").first();
  await first.getByRole("link", { name: "000000000001" }).click();
  await page.getByText("1 item").waitFor();
  expect(question(page).get("low")).toBe("000000000001");
  await page.getByRole("link", { name: "jonas", exact: true }).first().click();
  await rows(page, "USER#jonas").first().waitFor();

  await page.goBack();
  await page.getByText("1 item").waitFor();
  await page.goBack();
  await expect.poll(() => rows(page, "DM#jonas#mira").count()).toBe(50);
  await page.goBack();
  await rows(page, "USER#mira").first().waitFor();
  expect(await page.getByLabel("pk").inputValue()).toBe("USER#mira");
});

test("a link begins at the top, and back is where one was", async ({ open }) => {
  const page = await signedIn(open);
  const scrolled = () => page.evaluate(() => Math.round(window.scrollY));
  await page.goto("/table");
  const item = page.locator(".item").nth(30);
  await item.scrollIntoViewIfNeeded();
  const before = await scrolled();
  expect(before).toBeGreaterThan(0);
  await item.locator(".key").getByRole("link").click();
  await page.getByText("1 item").waitFor();
  expect(await scrolled()).toBe(0);
  await page.goBack();
  await expect.poll(scrolled).toBe(before);
});

test("an item opens to everything that is stored, and no hash of a password", async ({
  open,
  openAs,
}) => {
  const page = await signedIn(open);
  await page.goto("/table?pattern=get_user&user_id=mira");
  await page.getByRole("button", { name: "Everything of A" }).click();
  const fields = page.getByRole("table");
  await fields.getByRole("row", { name: "names_rev N 1" }).waitFor();
  await fields.getByText("grows with each change of handle or name").waitFor();

  const root = await admin("Root");
  const his = await openAs(root, `/table?pattern=read_collection&pk=PASSWORD%23${root.id}`);
  await rows(his, `PASSWORD#${root.id}`).first().getByText("(hidden)").waitFor();
  expect(await his.content()).not.toContain("$argon2");
});

test("what is wrong is said at its field, and what is not there is said too", async ({
  open,
  complaints,
}) => {
  const page = await signedIn(open);
  await page.goto("/table?pattern=get_message");
  complaints.expect(/status of 422/);
  await page.getByLabel("conversation").fill("dm:mira:jonas");
  await page.getByLabel("seq").fill("one");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText("must be dm:A:B, A before B, or group:ID").waitFor();
  await page.getByText("must be a whole number").waitFor();
  expect(await page.getByLabel("conversation").getAttribute("aria-invalid")).toBe("true");
  expect(
    await page.getByLabel("conversation").evaluate((it) => it === document.activeElement),
  ).toBe(true);

  await page.getByLabel("conversation").fill("dm:jonas:mira");
  await page.getByLabel("seq").fill("1");
  await page.getByRole("button", { name: "Run" }).click();
  await expect.poll(() => rows(page, "DM#jonas#mira").count()).toBe(1);

  await page.getByLabel("seq").fill("999999");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByRole("heading", { name: "Nothing is there" }).waitFor();

  await page.goto("/table?pattern=no_such_pattern");
  await page.getByRole("heading", { name: "There is no such access pattern" }).waitFor();
});

test("running again reads again", async ({ openAs, friend }) => {
  const root = await admin("Root");
  const [anna, bruno] = [await friend("Anna"), await friend("Bruno")];
  await anna.write(bruno, "first");
  const conversation = anna.conversationWith(bruno);
  const page = await openAs(
    root,
    `/table?pattern=read_messages&conversation=${conversation}&low=1&high=9`,
  );
  await page.getByText("1 item").waitFor();
  await anna.write(bruno, "second");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText("2 items").waitFor();
});

test("what writes shows its cost and cannot be run", async ({ open }) => {
  const page = await signedIn(open);
  await page.goto("/table");
  await page.getByRole("link", { name: "Append a message append_message" }).click();
  await page.getByText("It cannot be run from here.").waitFor();
  await page.getByRole("main").getByText("1 WRU", { exact: true }).waitFor();
  expect(await page.getByRole("button", { name: "Run" }).count()).toBe(0);
});

test("who is no admin is told so, and finds no link to it", async ({ openAs, person }) => {
  const anna = await person("Anna");
  const page = await openAs(anna, "/table");
  await page.getByRole("heading", { name: "The table is for admins" }).waitFor();
  await page.getByRole("link", { name: "Go to your messages" }).click();
  await page.getByRole("button", { name: /^Your account/ }).click();
  await page.getByRole("menuitem", { name: "Account" }).waitFor();
  expect(await page.getByRole("menuitem", { name: "Table" }).count()).toBe(0);
});

test("on a phone, patterns and items take turns", async ({ openAs, friend }) => {
  const root = await admin("Root");
  const [anna, bruno] = [await friend("Anna"), await friend("Bruno")];
  await anna.write(bruno, `a-word-without-an-end-${"x".repeat(300)}`);
  const page = await openAs(root, "/table", {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await page.locator(".item").first().waitFor();
  const patterns = page.getByRole("navigation", { name: "Access patterns" });
  expect(await patterns.isVisible()).toBe(false);
  await page.getByRole("button", { name: "Patterns" }).tap();
  expect(await page.getByRole("main").isVisible()).toBe(false);
  await patterns.getByRole("link", { name: "A direct conversation's head" }).tap();
  await page.getByLabel("conversation").fill(anna.conversationWith(bruno));
  await page.getByRole("button", { name: "Run" }).tap();
  await page.getByText("a-word-without-an-end").waitFor();
  await page.getByRole("button", { name: /^Everything of 0/ }).tap();
  await page.getByRole("table").waitFor();
  const tooWide = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  expect(tooWide).toBeLessThanOrEqual(0);
});
