import type { Page } from "playwright-core";
import { expect, test } from "./browser.ts";
import { belowShown, inbox, isSent, log, message, row, send, texts } from "./page.ts";

const numbered = (count: number, more = "") =>
  Array.from({ length: count }, (_, n) => `number ${n + 1}.${more.repeat(n % 4)}`);

/** The message a third down the screen: its text, and how far down it is (px). */
function inTheMiddle(page: Page): Promise<{ text: string; top: number }> {
  return log(page).evaluate((it) => {
    const { top, height } = it.getBoundingClientRect();
    const rows = [...it.querySelectorAll("article")];
    const found = rows.find((one) => one.getBoundingClientRect().top > top + height / 3);
    return {
      text: found?.querySelector(".text")?.textContent ?? "",
      top: found?.getBoundingClientRect().top ?? 0,
    };
  });
}

const topOf = (page: Page, text: string) =>
  log(page).evaluate((it, wanted) => {
    const rows = [...it.querySelectorAll("article")];
    const found = rows.find((one) => one.querySelector(".text")?.textContent === wanted);
    return found?.getBoundingClientRect().top ?? null;
  }, text);

/** Where the log is scrolled to (px). */
const scrolledTo = (page: Page) => log(page).evaluate((it) => it.scrollTop);

/** Waits until the wheel's movement has come to its end. */
async function standStill(page: Page): Promise<void> {
  let before = -1;
  await expect
    .poll(async () => {
      const still = before === (await scrolledTo(page));
      before = await scrolledTo(page);
      return still;
    })
    .toBe(true);
}

test("scrolling up loads what is older and never jumps", async ({ openAs, person, friend }) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await anna.write(bruno, ...numbered(160, " It goes on for a while, over a line or two."));
  const page = await openAs(anna, `/messages/${anna.conversationWith(bruno)}`);
  await message(page, "number 160.").waitFor();
  await expect.poll(() => belowShown(page)).toBeLessThanOrEqual(1);
  await log(page).hover();

  const beginning = page.getByText("This is the beginning of your conversation with Bruno");
  let farthest = 0;
  const isAtBeginning = async () =>
    (await beginning.isVisible()) && (await beginning.evaluate(isOnScreen));
  for (let step = 0; step < 400 && !(await isAtBeginning()); step += 1) {
    const before = await inTheMiddle(page);
    await page.mouse.wheel(0, -300);
    // At the top nothing moves until what is older has come, and then it must not move either.
    const moved = async () =>
      (await topOf(page, before.text)) !== before.top || (await scrolledTo(page)) === 0;
    await expect.poll(moved).toBe(true);
    const after = await topOf(page, before.text);
    // At the very top there is less than a step left; a jump goes the other way or farther.
    if (after !== null) farthest = Math.max(farthest, after - before.top, before.top - after);
  }
  expect(await isAtBeginning()).toBe(true);
  await message(page, "number 1.").waitFor();
  expect(farthest).toBeLessThan(340);

  await page.getByRole("button", { name: "Jump to newest" }).click();
  await message(page, "number 160.").waitFor();
});

test("a slow machine too ends up at the newest message", async ({ openAs, person, friend }) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await anna.write(bruno, ...numbered(120, " It goes on for a while, over a line or two."));
  const page = await openAs(anna);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  await row(page, "Bruno").click();
  await message(page, "number 120.").waitFor();
  await expect.poll(() => belowShown(page)).toBeLessThanOrEqual(1);
});

test("a message that arrives leaves a reader further up in peace", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await anna.write(bruno, ...numbered(60));
  const page = await openAs(anna, `/messages/${anna.conversationWith(bruno)}`);
  await message(page, "number 60.").waitFor();
  await log(page).hover();
  const older = page.waitForResponse(/[?&]before=/);
  await page.mouse.wheel(0, -700);
  const jump = page.getByRole("button", { name: /^Jump to newest/ });
  await jump.waitFor();
  await older; // what is put in above is not what this is about
  await standStill(page);
  const before = await inTheMiddle(page);

  await bruno.write(anna, "Psst");
  await jump.getByText("1 new").waitFor();
  expect(await topOf(page, before.text)).toBe(before.top);
  await row(page, "Bruno").getByText("1 unread").waitFor();
  expect(await anna.readSeqWith(bruno)).toBeLessThan(61);

  await jump.click();
  await message(page, "Psst").waitFor();
  await page.getByText("New messages").waitFor();
  await row(page, "Bruno").getByText("unread").waitFor({ state: "detached" });
});

test("many unread messages open at the first, and only what was on screen is read", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await anna.write(bruno, "old 1.", "old 2.", "old 3.");
  await bruno.write(anna, ...numbered(130));
  const page = await openAs(anna);
  await expect.poll(() => page.title()).toBe("(99+) Tavola");
  await row(page, "Bruno").click();
  await message(page, "number 1.").first().waitFor();
  const line = page.getByText("New messages");
  await expect.poll(() => line.evaluate(isOnScreen)).toBe(true);

  // The first screen is read, and nothing below it.
  await expect.poll(() => anna.readSeqWith(bruno)).toBeGreaterThan(3);
  expect(await anna.readSeqWith(bruno)).toBe(await lastShown(page));
  const unread = 133 - (await anna.readSeqWith(bruno));
  expect(unread).toBeGreaterThan(100);
  await page.getByRole("button", { name: `Jump to newest, ${unread} new` }).waitFor();

  await log(page).hover();
  const last = message(page, "number 130.");
  const isAtEnd = async () => (await last.isVisible()) && (await last.evaluate(isOnScreen));
  for (let step = 0; step < 60 && !(await isAtEnd()); step += 1) {
    const before = await inTheMiddle(page);
    await page.mouse.wheel(0, 500);
    await expect.poll(async () => (await topOf(page, before.text)) !== before.top).toBe(true);
  }
  expect(await isAtEnd()).toBe(true);
  await row(page, "Bruno").getByText("unread").waitFor({ state: "detached" });
  expect(await anna.readSeqWith(bruno)).toBe(133);
});

test("from many unread messages one can go to the newest, or answer at once", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await bruno.write(anna, ...numbered(120));
  const path = `/messages/${anna.conversationWith(bruno)}`;
  const [page, other] = [await openAs(anna, path), await openAs(anna, path)];
  for (const device of [page, other]) {
    await expect.poll(() => device.getByText("New messages").evaluate(isOnScreen)).toBe(true);
  }

  await page.getByRole("button", { name: /^Jump to newest/ }).click();
  await message(page, "number 120.").waitFor();
  await expect.poll(() => belowShown(page)).toBeLessThanOrEqual(1);
  await expect.poll(() => anna.readSeqWith(bruno)).toBe(120);

  await send(other, bruno, "I have not read all of it");
  await isSent(other, "I have not read all of it");
  await expect.poll(() => belowShown(other)).toBeLessThanOrEqual(1);
  expect((await texts(other)).slice(-2)).toEqual(["number 120.", "I have not read all of it"]);
  expect(await inbox(other).getByText("unread").count()).toBe(0);
});

function isOnScreen(line: Element): boolean {
  const { top, bottom } = line.getBoundingClientRect();
  const frame = line.closest("[role=log]")?.getBoundingClientRect();
  return frame !== undefined && top >= frame.top && bottom <= frame.bottom;
}

/** The `seq` of the last message that is on screen to its end; numbers begin after three. */
function lastShown(page: Page): Promise<number> {
  return log(page).evaluate((it) => {
    const { bottom } = it.getBoundingClientRect();
    const shown = [...it.querySelectorAll("article")].filter(
      (one) => one.getBoundingClientRect().bottom <= bottom + 12,
    );
    const text = shown.at(-1)?.querySelector(".text")?.textContent ?? "";
    return Number(/^number (\d+)/.exec(text)?.[1]) + 3;
  });
}
