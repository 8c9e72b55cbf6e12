import { expect, test } from "./browser.ts";
import { box, isSent, message, row, send } from "./page.ts";

test("a conversation begins with the search for a handle", async ({ openAs, person }) => {
  const [anna, bruno] = [await person("Anna"), await person("Bruno Costa")];
  const page = await openAs(anna);
  await page.getByRole("link", { name: "New message" }).first().click();
  await page.getByRole("combobox").fill(`@${bruno.handle.slice(0, -1)}`);
  await page.getByRole("option", { name: `@${bruno.handle}` }).click();
  await page.waitForURL(`**/messages/new/${bruno.handle}`);
  await send(page, bruno, "Nice to meet you");
  await page.waitForURL(`**/messages/${anna.conversationWith(bruno)}`);
  await isSent(page, "Nice to meet you");
  await row(page, "Bruno Costa").getByText("You: Nice to meet you").waitFor();
  await expect.poll(() => box(page, bruno).evaluate((it) => it.matches(":focus"))).toBe(true);

  const his = await openAs(bruno);
  await row(his, "Anna").click();
  await message(his, "Nice to meet you").waitFor();
});

test("a link with a handle leads to the conversation, new or not", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  const conversation = `/messages/${anna.conversationWith(bruno)}`;
  const page = await openAs(anna, `/messages/new/${bruno.handle}`);
  await send(page, bruno, "By link");
  await page.waitForURL(`**${conversation}`);
  await page.goto(`/messages/new/${bruno.handle.toUpperCase()}`);
  await message(page, "By link").waitFor();
  expect(new URL(page.url()).pathname).toBe(conversation);
});

test("nobody to write to is told", async ({ openAs, person, complaints }) => {
  const anna = await person("Anna");
  complaints.expect(/status of 404/);
  const page = await openAs(anna, "/messages/new/nobody-at-all");
  await page.getByText("Nobody is called @nobody-at-all").waitFor();
  await page.goto(`/messages/new/${anna.handle}`);
  await page.getByText("This is you").waitFor();
});

test("the keyboard is enough", async ({ openAs, person, friend }) => {
  const [anna, xavier, chloe] = [
    await person("Anna"),
    await friend("Xavier"),
    await friend("Chloe"),
  ];
  // Somebody else of the same first letters.
  await friend("Xantha");
  await chloe.write(anna, "Did you ask Xavier?");
  const page = await openAs(anna);
  await row(page, "Chloe").waitFor();
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  await press("Control+k");
  await expect
    .poll(() => page.getByRole("combobox").evaluate((it) => it.matches(":focus")))
    .toBe(true);
  await page.keyboard.type("no such handle");
  await page.getByText(/Nobody’s handle begins with/).waitFor();
  await press("Escape");
  await page.waitForURL("**/messages");
  await press("Control+k");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type(xavier.handle.slice(0, 2));
  await page.getByRole("option", { name: `@${xavier.handle}` }).waitFor();
  const chosen = page.locator('[role="option"][aria-selected="true"]');
  while (!(await chosen.innerText()).includes(`@${xavier.handle}`)) await press("ArrowDown");
  await press("Enter");
  await page.waitForURL(`**/messages/new/${xavier.handle}`);
  await box(page, xavier).waitFor();
  await page.keyboard.type("Chloe asks for you");
  await press("Enter");
  await isSent(page, "Chloe asks for you");
  await page.waitForURL(`**/messages/${anna.conversationWith(xavier)}`);

  // The last message can be mended from the empty box, and left as it was.
  await press("ArrowUp");
  await page.getByRole("textbox", { name: "Edit message" }).waitFor();
  await page.keyboard.type(" not sent");
  await press("Escape");
  await message(page, "Chloe asks for you").locator(".text").waitFor();

  // Arrows move in the inbox, Enter opens.
  await row(page, "Xavier").focus();
  await press("End");
  await expect.poll(() => row(page, "Chloe").evaluate((it) => it.matches(":focus"))).toBe(true);
  await press("Enter");
  await message(page, "Did you ask Xavier?").waitFor();
});
