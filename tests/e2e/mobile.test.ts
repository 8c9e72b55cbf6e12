import type { Page } from "playwright-core";
import { expect, test } from "./browser.ts";
import { belowShown, box, inbox, isSent, log, message, row } from "./page.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const widerThanScreen = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

test("on a phone, the inbox and a conversation take turns", async ({ openAs, person, friend }) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await anna.write(
    bruno,
    ...Array.from({ length: 20 }, (_, n) => `line ${n}`),
    `a-word-without-an-end-${"x".repeat(200)}`,
  );
  const page = await openAs(anna, "/messages", PHONE);
  await row(page, "Bruno").waitFor();
  expect(await page.getByText("Pull up a chair").isVisible()).toBe(false);
  expect(await widerThanScreen(page)).toBeLessThanOrEqual(0);

  await row(page, "Bruno").tap();
  await message(page, "a-word-without-an-end").waitFor();
  expect(await inbox(page).isVisible()).toBe(false);
  expect(await widerThanScreen(page)).toBeLessThanOrEqual(0);
  await expect.poll(() => belowShown(page)).toBeLessThanOrEqual(1);
  const shown = await box(page, bruno).boundingBox();
  expect(shown && shown.y + shown.height).toBeLessThanOrEqual(844);
  expect(await log(page).evaluate((it) => it.clientWidth)).toBe(390);

  // A touch keyboard has no Shift+Enter: its Enter breaks the line, the button sends.
  await box(page, bruno).fill("one");
  await page.keyboard.press("Enter");
  await page.keyboard.type("two");
  await page.getByRole("button", { name: "Send" }).tap();
  await isSent(page, "one");

  await page.getByRole("link", { name: "Back to the inbox" }).tap();
  await row(page, "Bruno").getByText("You: one").waitFor();
  expect(await log(page).count()).toBe(0);
});
