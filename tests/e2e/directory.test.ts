import { expect, test } from "./browser.ts";
import { box, chooseFrom, isSent, message, row, section, send, told } from "./page.ts";

test("the rail leads to the main pages, and the table is for admins", async ({
  openAs,
  person,
  friend,
  admin,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await bruno.write(anna, "one", "two");
  const page = await openAs(anna, "/groups");
  const rail = page.getByRole("navigation", { name: "Main" });
  const here = rail.locator("[aria-current=page]");
  await rail.getByText("2 unread").waitFor();
  expect(await here.innerText()).toBe("Groups");
  await rail.getByRole("link", { name: "Profile" }).click();
  await page.getByRole("heading", { name: "Anna" }).waitFor();
  expect(await here.innerText()).toBe("Profile");
  await rail.getByRole("link", { name: "Messages" }).click();
  await row(page, "Bruno").waitFor();
  expect(await rail.getByRole("link", { name: "Table" }).count()).toBe(0);

  const hers = await openAs(await admin("Root"));
  await hers.getByRole("link", { name: "Table" }).click();
  await hers.getByRole("heading", { name: "All items" }).waitFor();
});

test("of others one sees who they are and no more; admins and oneself see the rest", async ({
  openAs,
  person,
  admin,
  complaints,
}) => {
  const [anna, bruno] = [await person("Anna"), await person("Bruno")];
  const group = await anna.makeGroup("Choir");
  const page = await openAs(anna, "/account");
  await page.getByLabel("Location").fill("Trieste");
  await page.getByLabel("Interests").fill("tea, chess, tea,");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Your profile is saved.").waitFor();
  const path = `/users/${anna.handle}`;
  const root = await admin("Root");
  for (const insider of [page, await openAs(root)]) {
    await insider.goto(path);
    await insider.getByText("Trieste").waitFor();
    const interests = insider.getByRole("list", { name: "Interests" }).getByRole("listitem");
    expect(await interests.allInnerTexts()).toEqual(["chess", "tea"]);
    await section(insider, "Groups").getByRole("link", { name: group.name }).waitFor();
  }

  const his = await openAs(bruno, path);
  await his.getByRole("link", { name: "Message", exact: true }).waitFor();
  const words = await his.getByRole("main").innerText();
  for (const secret of ["Trieste", "chess", group.name, "since"]) {
    expect(words).not.toContain(secret);
  }
  complaints.expect(/status of 404/);
  await his.goto("/users/nobody-at-all");
  await his.getByText("Nobody is called @nobody-at-all").waitFor();
});

test("people are found by handle; an admin begins with everybody", async ({
  openAs,
  person,
  friend,
  admin,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  const page = await openAs(anna, "/users");
  await page.getByText("Type the first two letters of a handle.").waitFor();
  expect(await page.getByRole("main").getByRole("link").count()).toBe(0);
  await page.getByRole("searchbox").fill(`@${bruno.handle}`);
  await page.getByRole("main").getByRole("link", { name: "Bruno" }).click();
  await page.waitForURL(`**/users/${bruno.handle}`);
  await page.getByRole("heading", { name: "Bruno" }).waitFor();

  const zoe = await admin("Aaa Zoe");
  const hers = await openAs(zoe, "/users");
  const listed = hers.getByRole("main").getByRole("link");
  await listed
    .filter({ hasText: `@${zoe.handle}` })
    .getByText("Admin")
    .waitFor();
  await hers.getByRole("searchbox").fill("nobody-at-all");
  await hers.getByText(/Nobody’s handle begins with/).waitFor();
  // A name, which is no beginning of a handle, is answered like any other.
  await hers.getByRole("searchbox").fill("Aaa Zoe");
  await told(hers, "Nobody’s handle begins with “Aaa Zoe”.").waitFor();
  expect(await hers.getByRole("button", { name: "Try again" }).count()).toBe(0);
});

test("a long word is never wider than a phone", async ({ openAs, person, friend }) => {
  const [anna, long] = [await person("Anna"), await friend(`Bo ${"W".repeat(190)}`)];
  const options = { viewport: { width: 390, height: 844 } };
  const page = await openAs(anna, "/account", options);
  const fits = (place = "html") =>
    page.locator(place).evaluate((it) => it.scrollWidth <= it.clientWidth);
  await page.getByLabel("Location").fill("L".repeat(200));
  await page.getByLabel("Interests").fill("W".repeat(100));
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Your profile is saved.").waitFor();
  await page.goto(`/users/${anna.handle}`);
  await page.getByText("LLL").waitFor();
  expect(await fits()).toBe(true);
  await page.goto("/users");
  await page.getByRole("searchbox").fill("q".repeat(300));
  await told(page, "Nobody’s handle begins with").waitFor();
  expect(await fits()).toBe(true);
  await page.goto(`/users/${long.handle}`);
  await chooseFrom(page, `More about ${long.name}`, "Block");
  await page.getByRole("dialog").waitFor();
  expect(await fits("dialog")).toBe(true);
});

test("another handle leads to oneself, and the old one to nobody", async ({
  openAs,
  person,
  friend,
  complaints,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  complaints.expect(/status of 404/, /status of 409/, /status of 422/);
  const page = await openAs(anna, "/account");
  const save = async (handle: string) => {
    await page.getByLabel("Handle").fill(handle);
    await page.getByRole("button", { name: "Save" }).click();
  };
  await save(bruno.handle);
  await page.getByRole("alert").filter({ hasText: "belongs to somebody else" }).waitFor();
  await save("not a handle");
  await expect.poll(() => page.getByLabel("Handle").getAttribute("aria-invalid")).toBe("true");
  await page.getByRole("alert").filter({ hasText: /must/ }).waitFor();
  await save(`@new.${anna.handle}`);
  await page.getByText("Your profile is saved.").waitFor();
  await page.getByRole("link", { name: "Profile" }).first().click();
  await page.waitForURL(`**/users/new.${anna.handle}`);
  await page.getByText(`@new.${anna.handle}`).waitFor();
  await page.goto(`/users/${anna.handle}`);
  await page.getByText(`Nobody is called @${anna.handle}`).waitFor();
});

test("a message begins at somebody's page", async ({ openAs, person, friend }) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  const page = await openAs(anna, `/users/${bruno.handle}`);
  await page.getByRole("link", { name: "Message", exact: true }).click();
  await send(page, bruno, "Found you");
  await isSent(page, "Found you");
  await page.getByRole("main").getByRole("link", { name: "Bruno" }).click();
  await page.waitForURL(`**/users/${bruno.handle}`);
});

test("who is blocked can be unblocked, and until then neither writes", async ({
  openAs,
  person,
}) => {
  const [anna, bruno] = [await person("Anna"), await person("Bruno")];
  await bruno.write(anna, "Hello again");
  const page = await openAs(anna, `/users/${bruno.handle}`);
  await chooseFrom(page, "More about Bruno", "Block");
  await page.getByRole("dialog").getByRole("button", { name: "Block" }).click();
  await page.getByText("Blocked", { exact: true }).waitFor();
  const hasFocus = (name: string) => () =>
    page.getByRole("button", { name }).evaluate((it) => it.matches(":focus"));
  await expect.poll(hasFocus("Unblock")).toBe(true);
  await page.keyboard.press("Enter");
  await expect.poll(hasFocus("More about Bruno")).toBe(true);
  await chooseFrom(page, "More about Bruno", "Block");
  await page.getByRole("dialog").getByRole("button", { name: "Block" }).click();
  await page.getByText("Blocked", { exact: true }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Unblock" }).waitFor();
  await expect(bruno.write(anna, "Can you read this?")).rejects.toThrow(/conversation_closed/);

  const conversation = `/messages/${anna.conversationWith(bruno)}`;
  await page.goto(conversation);
  await message(page, "Hello again").waitFor();
  await page.getByText("You have blocked Bruno.").waitFor();
  expect(await box(page, bruno).count()).toBe(0);
  // Who is blocked is told nothing, there or elsewhere.
  const his = await openAs(bruno, `/users/${anna.handle}`);
  await his.getByRole("link", { name: "Message", exact: true }).waitFor();
  expect(await his.getByText("Block").count()).toBe(0);

  await page.getByRole("button", { name: "Unblock" }).click();
  await send(page, bruno, "Sorry about that");
  await isSent(page, "Sorry about that");
});
