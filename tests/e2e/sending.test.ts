import { expect, test } from "./browser.ts";
import { belowShown, box, isSent, message, row, send, texts } from "./page.ts";

test("Enter sends and empties the box, Shift+Enter breaks the line", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await anna.write(bruno, ...Array.from({ length: 30 }, (_, n) => `line ${n}`));
  const page = await openAs(anna, `/messages/${anna.conversationWith(bruno)}`);
  await message(page, "line 29").waitFor();

  await box(page, bruno).pressSequentially("first");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("second");
  expect(await box(page, bruno).inputValue()).toBe("first\nsecond");
  await page.keyboard.press("Enter");
  expect(await box(page, bruno).inputValue()).toBe("");
  await isSent(page, "first");
  expect((await texts(page)).at(-1)).toBe("first\nsecond");
  await expect.poll(() => belowShown(page)).toBeLessThanOrEqual(1);
  await row(page, "Bruno").getByText("You: first").waitFor();

  await page.reload();
  await isSent(page, "first");
  expect((await anna.messagesWith(bruno)).map(({ body }) => body)).toContain("first\nsecond");
});

test("many in a row keep their order", async ({ openAs, person, friend }) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await bruno.write(anna, "Go");
  const page = await openAs(anna, `/messages/${anna.conversationWith(bruno)}`);
  await message(page, "Go").waitFor();
  const quick = Array.from({ length: 8 }, (_, n) => `quick ${n}`);
  for (const text of quick) await send(page, bruno, text);
  await isSent(page, "quick 7");
  expect(await texts(page)).toEqual(["Go", ...quick]);
  expect((await bruno.messagesWith(anna)).map(({ body }) => body).reverse()).toEqual([
    "Go",
    ...quick,
  ]);
});

test("two people talk without a reload", async ({ openAs, person }) => {
  const [anna, bruno] = [await person("Anna"), await person("Bruno")];
  await anna.write(bruno, "Shall we?");
  const path = `/messages/${anna.conversationWith(bruno)}`;
  const [hers, his] = [await openAs(anna, path), await openAs(bruno, path)];
  await message(his, "Shall we?").waitFor();
  await message(hers, "Shall we?").waitFor();
  await send(his, anna, "We shall 🎉");
  await message(hers, "We shall 🎉").waitFor();
  await send(hers, bruno, "Then it is settled");
  await message(his, "Then it is settled").waitFor();
  for (const page of [hers, his]) {
    expect(await texts(page)).toEqual(["Shall we?", "We shall 🎉", "Then it is settled"]);
    await expect.poll(() => belowShown(page)).toBeLessThanOrEqual(1);
  }
});

test("a text is shown as it was written, and runs nothing", async ({ openAs, person, friend }) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  const wild = `<img src=x onerror="document.title='hacked'"> & <b>bold</b>`;
  await bruno.write(anna, wild, "مرحبا بكم", "see https://example.com/a?b=c.");
  const page = await openAs(anna, `/messages/${anna.conversationWith(bruno)}`);
  await message(page, "see https://example.com").waitFor();
  expect((await texts(page))[0]).toBe(wild);
  const link = page.getByRole("link", { name: "https://example.com/a?b=c", exact: true });
  expect(await link.getAttribute("rel")).toContain("noopener");
  expect(await page.title()).not.toContain("hacked");
});

test("what is too long cannot be sent, and counts down to that", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await bruno.write(anna, "Tell me everything");
  const page = await openAs(anna, `/messages/${anna.conversationWith(bruno)}`);
  await box(page, bruno).fill(`${"x".repeat(3990)}${"😀".repeat(20)}`);
  await page.getByText("-10 characters left").waitFor();
  expect(await page.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
  await box(page, bruno).fill("x".repeat(4000));
  await page.getByRole("button", { name: "Send" }).click();
  await isSent(page, "x".repeat(4000));
});
