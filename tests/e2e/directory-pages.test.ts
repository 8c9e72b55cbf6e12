import type { Page } from "playwright-core";
import { findings } from "./axe.ts";
import { expect, test } from "./browser.ts";
import { section } from "./page.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const widerThanScreen = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

for (const colorScheme of ["light", "dark"] as const) {
  for (const [device, options] of [
    ["desk", {}],
    ["phone", PHONE],
  ] as const) {
    test(`on a ${device}, in the ${colorScheme}, everybody can use the pages of people and groups`, async ({
      openAs,
      admin,
      friend,
      complaints,
    }) => {
      const root = await admin("Root");
      const [bruno, chloe] = [await friend("Bruno"), await friend("Chloe")];
      const name = `A name without an end${"-and-on".repeat(20)}`;
      const group = await root.makeGroup(name, [bruno], { visibility: "private" });
      // The checker itself is a script from elsewhere.
      const page = await openAs(root, "/groups", { ...options, colorScheme, bypassCSP: true });
      // What is still moving into its place lies over other things.
      const isFine = async () => {
        await expect.poll(() => findings(page)).toEqual([]);
        expect(await widerThanScreen(page)).toBeLessThanOrEqual(0);
      };
      await page.getByRole("searchbox").fill(group.name);
      await page.getByRole("main").getByRole("link", { name: group.name }).waitFor();
      await isFine();
      await page.getByRole("button", { name: "New group" }).click();
      await page.getByRole("dialog").waitFor();
      await isFine();

      await page.goto(`/groups/${group.id}`);
      await section(page, "Members").getByText("Bruno", { exact: true }).waitFor();
      await isFine();
      await page.getByRole("button", { name: "Add somebody" }).click();
      await page.getByRole("combobox").fill(chloe.handle);
      await page.getByRole("option", { name: "Chloe" }).waitFor();
      await isFine();
      await page.getByRole("option", { name: "Chloe" }).click();
      await page.getByRole("radio", { name: "They see it" }).waitFor();
      await isFine();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Choose members" }).click();
      await page.getByRole("checkbox", { name: "Bruno" }).uncheck();
      await isFine();
      // Nothing lies over the button: a click reaches it.
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Removed Bruno.").waitFor();

      await page.goto("/users");
      await page.getByRole("searchbox").fill(bruno.handle);
      await page.getByRole("main").getByRole("link", { name: "Bruno" }).waitFor();
      await isFine();
      await page.goto(`/users/${bruno.handle}`);
      await page.getByRole("button", { name: "Choose groups" }).click();
      await page.getByRole("checkbox").first().waitFor();
      await isFine();
      await page.goto(`/users/${root.handle}`);
      await section(page, "Groups").getByRole("link", { name: group.name }).waitFor();
      await isFine();
      await page.goto("/account");
      await page.getByLabel("Interests").waitFor();
      await isFine();
      complaints.expect(/status of 404/);
      await page.goto("/groups/nobody-has-made-it");
      await page.getByText("There is no such group").waitFor();
      await isFine();
    });
  }
}
