/**
 * Tests with a browser. Whatever a page complains about fails the test: errors of scripts,
 * warnings in the console, breaches of the content security policy, failed requests. A test that
 * causes a failure on purpose names it with `complaints.expect`.
 */

import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { test as base, expect, inject } from "vitest";
import { launchOptions } from "./chromium.ts";
import { makePerson, PASSWORD, type Person } from "./people.ts";
import { token } from "./serving.ts";

const WAIT_MS_MAX = 12_000;

export class Complaints {
  readonly all: string[] = [];
  readonly #expected: RegExp[] = [];

  expect(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  get unexpected(): string[] {
    return this.all.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
  }

  listen(context: BrowserContext): void {
    context.on("weberror", (error) => this.all.push(`error: ${error.error().stack}`));
    context.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      this.all.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
  }
}

type Options = BrowserContextOptions & { url?: string };

export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what is needed from the pattern
  .extend("browser", { scope: "worker" }, async ({}, { onCleanup }) => {
    const browser = await chromium.launch(launchOptions());
    onCleanup(() => browser.close());
    return browser;
  })
  // biome-ignore lint/correctness/noEmptyPattern: see above
  .extend("complaints", ({}, { onCleanup }) => {
    const complaints = new Complaints();
    onCleanup(() => expect(complaints.unexpected).toEqual([]));
    return complaints;
  })
  /** Opens a device: a browser context of its own, with one page. */
  .extend("open", ({ browser, complaints }, { onCleanup }) => {
    const contexts: BrowserContext[] = [];
    onCleanup(async () => {
      await Promise.all(contexts.map((context) => context.close()));
    });
    return async ({ url = inject("url"), ...options }: Options = {}): Promise<Page> => {
      const context = await browser.newContext({
        baseURL: url,
        viewport: { width: 1280, height: 800 },
        locale: "en-GB",
        timezoneId: "Europe/Rome",
        reducedMotion: "reduce",
        ...options,
      });
      contexts.push(context);
      context.setDefaultTimeout(WAIT_MS_MAX);
      complaints.listen(context);
      return context.newPage();
    };
  })
  /** Opens a device on which a person is signed in, at a path. */
  .extend("openAs", ({ open }) => {
    return async (person: Person, path = "/messages", options: Options = {}): Promise<Page> => {
      const page = await open(options);
      // What signing in would leave there, without the long check of a password.
      const value = token(person.id, { aud: "tavola-session" });
      const url = options.url ?? inject("url");
      await page.context().addCookies([{ name: "tavola_session", value, url, httpOnly: true }]);
      await page.goto(path);
      return page;
    };
  })
  /** Makes somebody who can sign in, by the name that is shown. */
  .extend("person", () => (name: string) => makePerson(inject("url"), name, PASSWORD))
  /** Makes an admin of the installation who can sign in. */
  .extend(
    "admin",
    () => (name: string) => makePerson(inject("url"), name, PASSWORD, { admin: true }),
  )
  /** Makes somebody who writes without a browser. */
  .extend("friend", () => (name: string) => makePerson(inject("url"), name));

export { expect } from "vitest";
