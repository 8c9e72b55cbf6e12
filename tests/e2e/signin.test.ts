import { inject } from "vitest";
import { expect, test } from "./browser.ts";
import { box, fillSignIn, inbox, message, row, signOut } from "./page.ts";
import { PASSWORD } from "./people.ts";

test("in the demo, one click on a person signs in", async ({ open }) => {
  const page = await open({ url: inject("demoUrl") });
  await page.goto("/");
  await page.waitForURL("**/signin");
  await page.getByRole("button", { name: "Mira Castellanos" }).click();
  await row(page, "Jonas Weber").waitFor();
  expect(new URL(page.url()).pathname).toBe("/messages");
});

test("a wrong password is told, the right one signs in, and signing out ends it", async ({
  open,
  person,
  complaints,
}) => {
  const anna = await person("Anna Lindgren");
  const page = await open();
  await page.goto("/signin");
  await page.getByText("Sign in to your messages.").waitFor();
  complaints.expect(/status of 401/);
  await fillSignIn(page, anna.handle, "not this one");
  await page.getByRole("alert").getByText("Handle or password is wrong.").waitFor();
  expect(await page.getByLabel("Handle").inputValue()).toBe(anna.handle);
  await fillSignIn(page, `@${anna.handle}`, PASSWORD);
  await inbox(page).waitFor();

  await signOut(page);
  await page.goto("/messages");
  await page.waitForURL("**/signin");
});

test("a page that was asked for is there after signing in", async ({ open, person, friend }) => {
  const [anna, bruno] = [await person("Anna Lindgren"), await friend("Bruno Costa")];
  await bruno.write(anna, "Have you seen this?");
  const page = await open();
  await page.goto(`/messages/${anna.conversationWith(bruno)}`);
  await fillSignIn(page, anna.handle, PASSWORD);
  await message(page, "Have you seen this?").waitFor();
});

test("who has to sign in again in between is back at once, with what was typed", async ({
  openAs,
  person,
  friend,
  complaints,
}) => {
  const [anna, bruno] = [await person("Anna Lindgren"), await friend("Bruno Costa")];
  await bruno.write(anna, "Where were we?");
  const conversation = `/messages/${anna.conversationWith(bruno)}`;
  const page = await openAs(anna, conversation);
  await message(page, "Where were we?").waitFor();
  await box(page, bruno).fill("Half a thought");

  complaints.expect(/status of 401/);
  await page.context().clearCookies();
  await page.waitForURL("**/signin?back=**");
  await fillSignIn(page, anna.handle, PASSWORD);
  await message(page, "Where were we?").waitFor();
  expect(new URL(page.url()).pathname).toBe(conversation);
  expect(await box(page, bruno).inputValue()).toBe("Half a thought");
});

test("somebody else who signs in then sees nothing of it", async ({
  openAs,
  person,
  friend,
  complaints,
}) => {
  const [anna, bruno, chloe] = [
    await person("Anna L"),
    await friend("Bruno"),
    await person("Chloe"),
  ];
  await bruno.write(anna, "Only for Anna");
  const page = await openAs(anna, `/messages/${anna.conversationWith(bruno)}`);
  await message(page, "Only for Anna").waitFor();

  complaints.expect(/status of 401/);
  await page.context().clearCookies();
  await page.waitForURL("**/signin?back=**");
  await fillSignIn(page, chloe.handle, PASSWORD);
  await page.getByText("No conversations yet").waitFor();
  expect(new URL(page.url()).pathname).toBe("/messages");
  expect(await page.getByText("Only for Anna").count()).toBe(0);
});
