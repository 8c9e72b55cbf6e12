/** What a person sees of the page, by the words and roles they would name it with. */

import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Person } from "./people.ts";

export const inbox = (page: Page): Locator =>
  page.getByRole("navigation", { name: "Conversations" });

/** The row of a conversation in the inbox. */
export const row = (page: Page, title: string): Locator =>
  inbox(page)
    .getByRole("link")
    .filter({ has: page.locator(".inbox-row-title").getByText(title, { exact: true }) });

export const log = (page: Page): Locator => page.getByRole("log");

/** Messages whose text holds this one. */
export const message = (page: Page, text: string): Locator =>
  log(page).getByRole("article").filter({ hasText: text });

export const box = (page: Page, to: Person): Locator =>
  page.getByRole("textbox", { name: `Message to ${to.name}` });

/** The texts in the log, from the top. */
export const texts = (page: Page): Promise<string[]> => log(page).locator(".text").allInnerTexts();

/** How far the end of the log is below what is shown (px). */
export const belowShown = (page: Page): Promise<number> =>
  log(page).evaluate((it) => Math.round(it.scrollHeight - it.scrollTop - it.clientHeight));

export async function send(page: Page, to: Person, text: string): Promise<void> {
  await box(page, to).fill(text);
  await page.keyboard.press("Enter");
}

/** Waits until a message stands in the log and is not on its way any more. */
export async function isSent(page: Page, text: string): Promise<void> {
  await message(page, text).locator(".bubble:not([data-state])").waitFor();
  await expect.poll(() => message(page, text).count()).toBe(1);
}

/** The part of a page that has this heading. */
export const section = (page: Page, heading: string): Locator =>
  page.getByRole("region", { name: heading });

/** What has just been done, as the page tells it. */
export const told = (page: Page, text: string): Locator =>
  page.getByRole("status").filter({ hasText: text });

/** Chooses from the menu of three dots with this name. */
export async function chooseFrom(page: Page, menu: string, item: string): Promise<void> {
  await page.getByRole("button", { name: menu, exact: true }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

export async function fillSignIn(page: Page, handle: string, password: string): Promise<void> {
  await page.getByLabel("Handle").fill(handle);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Your account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/signin");
}
