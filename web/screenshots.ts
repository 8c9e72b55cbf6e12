/**
 * Takes the pictures of the documentation from the demo: `npm run screenshots`. They look as
 * intended with the fonts Inter and Noto Color Emoji (Debian: fonts-inter, fonts-noto-color-emoji).
 */

import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { launchOptions } from "../tests/e2e/chromium.ts";
import { Serving } from "../tests/e2e/serving.ts";

const FOLDER = join(import.meta.dirname, "../docs/images");
const BYTES_MAX = 250_000;

interface Picture {
  name: string;
  person: string;
  /** Leads from the inbox to what is to be seen, and waits until it stands still. */
  show: (page: Page) => Promise<void>;
  device: BrowserContextOptions;
}

const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const MIRA = "Mira Castellanos";
const MIRA_AND_JONAS = { person: MIRA, show: (page: Page) => conversation(page, "Jonas Weber") };
const MIRA_S_ITEMS = { person: MIRA, show: (page: Page) => collection(page, "USER#mira") };

const PICTURES: Picture[] = [
  { name: "conversation", ...MIRA_AND_JONAS, device: { ...DESK, colorScheme: "light" } },
  { name: "conversation-dark", ...MIRA_AND_JONAS, device: { ...DESK, colorScheme: "dark" } },
  { name: "mobile", ...MIRA_AND_JONAS, device: { ...PHONE, colorScheme: "light" } },
  { name: "group", person: MIRA, show: choosing, device: { ...DESK, colorScheme: "light" } },
  { name: "table", ...MIRA_S_ITEMS, device: { ...DESK, colorScheme: "light" } },
];

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const context = await browser.newContext({
    ...picture.device,
    baseURL: url,
    locale: "en-GB",
    timezoneId: "Europe/Athens",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto("/signin");
  await page.getByRole("button", { name: picture.person }).click();
  await page.locator(".inbox-row").first().waitFor();
  await picture.show(page);
  await page.evaluate(() => document.fonts.ready);
  const path = join(FOLDER, `${picture.name}.png`);
  await page.screenshot({ path });
  await context.close();
  const { size } = await stat(path);
  if (size > BYTES_MAX) throw new Error(`${path} has ${size} bytes; the limit is ${BYTES_MAX}.`);
  console.log(`${path}: ${Math.ceil(size / 1000)} kB`);
}

async function conversation(page: Page, title: string): Promise<void> {
  await page.locator(".inbox-row").filter({ hasText: title }).first().click();
  await page.getByRole("log").getByRole("article").first().waitFor();
  await standsStill(page);
}

/** A group whose members are being chosen. */
async function choosing(page: Page): Promise<void> {
  await page.goto("/groups");
  await page.getByRole("link", { name: "Plot 14b" }).click();
  await page.getByRole("button", { name: "Choose members" }).click();
  await page.getByRole("searchbox").fill("jonas");
  await page.getByRole("checkbox", { name: "Jonas Weber" }).click();
  await page.getByRole("searchbox").fill("theo");
  await page.getByRole("checkbox", { name: "Theo Okafor" }).click();
  await page.getByRole("searchbox").fill("");
  await page.mouse.move(0, 0);
}

async function collection(page: Page, pk: string): Promise<void> {
  const values = new URLSearchParams({ pattern: "read_collection", pk });
  await page.goto(`/table?${values}`);
  await page.locator(".item").first().waitFor();
}

/** Waits for the newest message, its being read and the end of all motion. */
async function standsStill(page: Page): Promise<void> {
  const jump = page.getByRole("button", { name: /^Jump to newest/ });
  if (await jump.isVisible()) await jump.click();
  await page.waitForFunction(() => {
    const log = document.querySelector(".log");
    return log && log.scrollHeight - log.scrollTop - log.clientHeight <= 1;
  });
  await page.locator("[aria-current=page] .badge").waitFor({ state: "detached" });
}

await mkdir(FOLDER, { recursive: true });
const serving = await Serving.start("--demo");
const browser = await chromium.launch(launchOptions());
try {
  for (const picture of PICTURES) await take(browser, serving.url, picture);
} finally {
  await browser.close();
  await serving.stop();
}
