import { expect, test } from "./browser.ts";
import { message, row, texts } from "./page.ts";

test("an edit and a deletion show at once, in the log and in the preview, on both sides", async ({
  openAs,
  person,
}) => {
  const [anna, bruno] = [await person("Anna"), await person("Bruno")];
  await anna.write(bruno, "Meet at noon", "Bring a hat");
  const path = `/messages/${anna.conversationWith(bruno)}`;
  const [hers, his] = [await openAs(anna, path), await openAs(bruno)];
  await row(his, "Anna").getByText("Bring a hat").waitFor();

  await message(hers, "Bring a hat").hover();
  await message(hers, "Bring a hat").getByRole("button", { name: "Edit or delete" }).click();
  await hers.getByRole("menuitem", { name: "Edit" }).click();
  await hers.getByRole("textbox", { name: "Edit message" }).fill("Bring an umbrella");
  await hers.getByRole("button", { name: "Save" }).click();
  await message(hers, "Bring an umbrella").getByText("edited").waitFor();
  await row(hers, "Bruno").getByText("You: Bring an umbrella").waitFor();
  await row(his, "Anna").getByText("Bring an umbrella").waitFor();

  await message(hers, "Bring an umbrella").hover();
  await message(hers, "Bring an umbrella").getByRole("button", { name: "Edit or delete" }).click();
  await hers.getByRole("menuitem", { name: "Delete" }).click();
  await hers.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await message(hers, "You deleted this").waitFor();
  await row(hers, "Bruno").getByText("Message deleted").waitFor();
  await row(his, "Anna").getByText("Message deleted").waitFor();
  await row(his, "Anna").click();
  await message(his, "Message deleted").waitFor();
  expect(await texts(his)).toEqual(["Meet at noon"]);
});

test("what somebody else edits changes in front of the reader", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  const sent = await bruno.write(anna, "Teh best");
  const page = await openAs(anna);
  await page.clock.install();
  await row(page, "Bruno").click();
  await message(page, "Teh best").waitFor();
  await bruno.edit(sent, "The best");
  // Edits are looked for now and then.
  await page.clock.fastForward(11_000);
  await message(page, "The best").waitFor();
  expect(await texts(page)).toEqual(["The best"]);
});

test("a deletion can be thought over", async ({ openAs, person, friend }) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await anna.write(bruno, "I take it back");
  const page = await openAs(anna, `/messages/${anna.conversationWith(bruno)}`);
  await message(page, "I take it back").hover();
  await message(page, "I take it back").getByRole("button", { name: "Edit or delete" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await texts(page)).toEqual(["I take it back"]);
});
