import type { Locator, Page } from "playwright-core";
import { expect, test } from "./browser.ts";
import { section, told } from "./page.ts";

const box = (page: Page, name: string): Locator => page.getByRole("checkbox", { name });

const names = (page: Page): Promise<string[]> =>
  section(page, "Members")
    .locator(".row-name")
    .allInnerTexts()
    .then((all) => all.sort());

/** The bodies of what a page sets from now on. */
function sets(page: Page): unknown[] {
  const bodies: unknown[] = [];
  page.on("request", (request) => {
    if (request.method() === "PUT") bodies.push(request.postDataJSON());
  });
  return bodies;
}

test("the members of a group are chosen in one list, shown at once and after a reload", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno, chloe, dora] = [
    await person("Anna"),
    await friend("Bruno"),
    await friend("Chloe"),
    await friend("Dora"),
  ];
  const group = await anna.makeGroup("Choir", [bruno, chloe]);
  const page = await openAs(anna, `/groups/${group.id}`);
  const sent = sets(page);
  await page.getByRole("button", { name: "Choose members" }).click();
  await box(page, "Bruno").uncheck();
  await page.getByRole("searchbox").fill(dora.handle);
  await box(page, "Dora").check();
  await page.getByText("1 to add, 1 to remove").waitFor();
  await page.getByRole("searchbox").fill("");
  expect(await box(page, "Dora").isChecked()).toBe(true);
  expect(await box(page, "Bruno").isChecked()).toBe(false);
  await page.getByRole("button", { name: "Save" }).click();
  await told(page, "Added Dora. Removed Bruno.").waitFor();
  expect(await names(page)).toEqual(["Anna", "Chloe", "Dora"]);
  expect(sent).toEqual([{ users: expect.arrayContaining([anna.id, chloe.id, dora.id]) }]);

  await page.reload();
  await expect.poll(() => names(page)).toEqual(["Anna", "Chloe", "Dora"]);
});

test("the keyboard is enough to choose", async ({ openAs, person, friend }) => {
  const [anna, bruno, chloe] = [await person("Anna"), await friend("Bruno"), await friend("Chloe")];
  const group = await anna.makeGroup("Choir", [bruno]);
  const page = await openAs(anna, `/groups/${group.id}`);
  await page.getByRole("button", { name: "Choose members" }).press("Enter");
  const search = page.getByRole("searchbox");
  await expect.poll(() => search.evaluate((it) => it.matches(":focus"))).toBe(true);
  await page.keyboard.type(chloe.handle);
  await box(page, "Chloe").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("1 to add").waitFor();
  await page.keyboard.press("Escape");
  expect(await search.inputValue()).toBe("");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => box(page, "Chloe").evaluate((it) => it.matches(":focus"))).toBe(true);
  await page.keyboard.press("Space");
  await page.getByText("Nothing changed").waitFor();
  expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Cancel" }).press("Enter");
  const choose = page.getByRole("button", { name: "Choose members" });
  await expect.poll(() => choose.evaluate((it) => it.matches(":focus"))).toBe(true);
});

test("a long name makes no list wider than its box", async ({ openAs, person, friend }) => {
  const [anna, long] = [await person("Anna"), await friend(`Bo ${"W".repeat(190)}`)];
  const group = await anna.makeGroup("Choir");
  const page = await openAs(anna, `/groups/${group.id}`);
  const fits = (list: Locator) => list.evaluate((it) => it.scrollWidth <= it.clientWidth);
  await page.getByRole("button", { name: "Choose members" }).click();
  await page.getByRole("searchbox").fill(long.handle);
  await box(page, "Bo WWW").check();
  await page.getByText("to add", { exact: true }).waitFor();
  expect(await fits(page.locator(".choice-rows"))).toBe(true);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Add somebody" }).click();
  await page.getByRole("combobox").fill(long.handle);
  await page.getByRole("option").waitFor();
  expect(await fits(page.getByRole("listbox"))).toBe(true);
});

test("what went wrong is said, and the choice is kept", async ({
  openAs,
  person,
  friend,
  complaints,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  const group = await anna.makeGroup("Choir");
  const page = await openAs(anna, `/groups/${group.id}`);
  await page.getByRole("button", { name: "Choose members" }).click();
  await page.getByRole("searchbox").fill(bruno.handle);
  await box(page, "Bruno").check();
  complaints.expect(/status of 409/);
  const isSet = (url: URL) => url.pathname === `/api/v1/groups/${group.id}/users`;
  await page.route(isSet, (route) =>
    route.request().method() === "PUT"
      ? route.fulfill({
          status: 409,
          contentType: "application/problem+json",
          body: JSON.stringify({
            type: "about:blank",
            title: "Changed",
            status: 409,
            detail: "Somebody else was faster.",
            code: "changed",
            request_id: "r1",
            retryable: true,
          }),
        })
      : route.continue(),
  );
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").getByText("Somebody else was faster.").waitFor();
  expect(await box(page, "Bruno").isChecked()).toBe(true);
  await page.unroute(isSet);
  await page.getByRole("button", { name: "Save" }).click();
  await told(page, "Added Bruno.").waitFor();
});

test("a choice undoes nothing that somebody else did meanwhile", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno, chloe, dora] = [
    await person("Anna"),
    await friend("Bruno"),
    await friend("Chloe"),
    await friend("Dora"),
  ];
  const group = await anna.makeGroup("Choir", [bruno]);
  const page = await openAs(anna, `/groups/${group.id}`);
  await page.getByRole("button", { name: "Choose members" }).click();
  await box(page, "Bruno").waitFor();
  await anna.setMembers(group, [anna, chloe]);
  await page.getByRole("searchbox").fill(dora.handle);
  await box(page, "Dora").check();
  await page.getByRole("button", { name: "Save" }).click();
  await told(page, "Added Dora.").waitFor();
  expect(await names(page)).toEqual(["Anna", "Chloe", "Dora"]);
});

test("more members than can be set at once are not offered to be chosen", async ({
  openAs,
  person,
}) => {
  const anna = await person("Anna");
  const group = await anna.makeGroup("Crowd");
  const page = await openAs(anna, `/groups/${group.id}`);
  let pages = 0;
  await page.route(
    (url) => url.pathname === `/api/v1/groups/${group.id}/users` && url.searchParams.has("limit"),
    (route) => {
      if (!route.request().url().includes("limit=200")) return route.continue();
      pages += 1;
      const users = Array.from({ length: 200 }, (_, n) => ({
        id: `u-${pages}-${n}`,
        handle: `u-${pages}-${n}`,
        display_name: `U ${n}`,
        role: "member",
        joined_at: "2026-01-01T00:00:00.000Z",
      }));
      return route.fulfill({ json: { users, next: `page ${pages}` } });
    },
  );
  await page.getByRole("button", { name: "Choose members" }).click();
  await page.getByText("More than 1,000 members").waitFor();
  expect(await page.getByRole("checkbox").count()).toBe(0);
  await page.getByRole("button", { name: "Go back" }).click();
  await page.getByRole("button", { name: "Add somebody" }).waitFor();
});

test("an admin chooses the groups of somebody, who sees them and cannot", async ({
  openAs,
  admin,
  person,
}) => {
  const [root, anna] = [await admin("Root"), await person("Anna")];
  const [choir, chess] = [await root.makeGroup("Choir", [anna]), await root.makeGroup("Chess")];
  const page = await openAs(root, `/users/${anna.handle}`);
  const sent = sets(page);
  await section(page, "Groups").getByRole("link", { name: choir.name }).waitFor();
  await page.getByRole("button", { name: "Choose groups" }).click();
  await box(page, choir.name).uncheck();
  await page.getByRole("searchbox").fill(chess.name);
  await box(page, chess.name).check();
  await page.getByRole("button", { name: "Save" }).click();
  await told(page, `Added ${chess.name}. Removed ${choir.name}.`).waitFor();
  await section(page, "Groups").getByRole("link", { name: chess.name }).waitFor();
  expect(await section(page, "Groups").getByRole("link").count()).toBe(1);
  expect(sent).toEqual([{ groups: [chess.id] }]);
  await page.reload();
  await section(page, "Groups").getByRole("link", { name: chess.name }).waitFor();

  const hers = await openAs(anna, `/users/${anna.handle}`);
  await section(hers, "Groups").getByRole("link", { name: chess.name }).waitFor();
  expect(await hers.getByRole("button", { name: "Choose groups" }).count()).toBe(0);
});
