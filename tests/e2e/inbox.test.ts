import { expect, test } from "./browser.ts";
import { inbox, log, message, row } from "./page.ts";

test("the inbox stands beside the conversation, newest first, and names when", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno, chloe] = [await person("Anna"), await friend("Bruno"), await friend("Chloe")];
  await bruno.write(anna, "From Bruno");
  await chloe.write(anna, "From Chloe");
  const page = await openAs(anna);
  await expect
    .poll(() => inbox(page).locator(".inbox-row-title").allInnerTexts())
    .toEqual(["Chloe", "Bruno"]);
  await row(page, "Bruno").click();
  await message(page, "From Bruno").waitFor();
  expect(await inbox(page).isVisible()).toBe(true);
  expect(await row(page, "Bruno").getAttribute("aria-current")).toBe("page");

  const time = message(page, "From Bruno").locator("time");
  expect(Date.now() - Date.parse((await time.getAttribute("datetime")) ?? "")).toBeLessThan(60_000);
  expect(await time.getAttribute("title")).toMatch(/^\w+, \d+ \w+ 20\d\d/);
});

test("what is read is not unread any more, in the list, in the title and on another device", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno, chloe] = [await person("Anna"), await friend("Bruno"), await friend("Chloe")];
  await bruno.write(anna, "one", "two", "three");
  await chloe.write(anna, "four", "five");
  const [phone, laptop] = [await openAs(anna), await openAs(anna)];
  for (const device of [phone, laptop]) {
    await expect.poll(() => device.title()).toBe("(5) Tavola");
    await row(device, "Bruno").getByText("3 unread").waitFor();
  }
  await row(phone, "Bruno").click();
  for (const device of [phone, laptop]) {
    await expect.poll(() => device.title()).toMatch(/^\(2\) /);
    await row(device, "Bruno").getByText("unread").waitFor({ state: "detached" });
  }
  await row(phone, "Chloe").click();
  await expect.poll(() => phone.title()).toBe("Chloe · Tavola");
  await expect.poll(() => laptop.title()).toBe("Tavola");
});

test("who has no conversation yet is told how to begin", async ({ openAs, person }) => {
  const page = await openAs(await person("Nina New"));
  await page.getByText("No conversations yet").waitFor();
  await inbox(page).getByRole("link", { name: "New message" }).last().click();
  await page.waitForURL("**/messages/new");
});

test("an inbox that cannot be read says so, and is there when it can", async ({
  openAs,
  person,
  friend,
  complaints,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await bruno.write(anna, "At last");
  complaints.expect(/status of 500/);
  const page = await openAs(anna, "/account");
  await page.route("**/api/v1/inbox*", (route) =>
    route.fulfill({
      status: 500,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "about:blank",
        title: "Internal error",
        status: 500,
        detail: "Something is wrong with the kitchen.",
        code: "internal",
        request_id: "r1",
        retryable: false,
      }),
    }),
  );
  await page.goto("/messages");
  const alert = page.getByRole("alert");
  await alert.getByText("Something is wrong with the kitchen.").waitFor();
  await page.unroute("**/api/v1/inbox*");
  await alert.getByRole("button", { name: "Try again" }).click();
  await row(page, "Bruno").waitFor();
});

test("a conversation of others is as one that does not exist", async ({
  openAs,
  person,
  friend,
  complaints,
}) => {
  const [anna, bruno, chloe] = [await person("Anna"), await friend("Bruno"), await friend("Chloe")];
  await bruno.write(chloe, "Between us");
  complaints.expect(/status of 404/);
  const page = await openAs(anna, `/messages/${bruno.conversationWith(chloe)}`);
  await page.getByText("There is no such conversation").waitFor();
  await page.goto("/messages/group:nobody-has-made-it");
  await page.getByText("There is no such conversation").waitFor();
  await page.goto("/nowhere");
  await page.getByText("There is nothing at this address").waitFor();
  expect(await log(page).count()).toBe(0);
});
