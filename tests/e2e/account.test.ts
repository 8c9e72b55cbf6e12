import { expect, test } from "./browser.ts";
import { fillSignIn, inbox, message, row, signOut } from "./page.ts";
import { PASSWORD } from "./people.ts";

test("others see a new name, and one's place oneself", async ({ openAs, person }) => {
  const [anna, bruno] = [await person("Anna"), await person("Bruno")];
  await anna.write(bruno, "Guess who");
  const page = await openAs(anna);
  await page.getByRole("button", { name: /^Your account/ }).click();
  await page.getByRole("menuitem", { name: "Account" }).click();
  await page.getByLabel("Name").fill("Anna Newname");
  await page.getByLabel("Location").fill("Trieste");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Your profile is saved.").waitFor();

  const his = await openAs(bruno);
  await row(his, "Anna Newname").click();
  await message(his, "Guess who").waitFor();
  await his.getByRole("main").getByRole("link", { name: "Anna Newname" }).click();
  await his.getByRole("heading", { name: "Anna Newname" }).waitFor();
  expect(await his.getByText("Trieste").count()).toBe(0);

  await page.goto(`/users/${anna.handle}`);
  await page.getByText("Trieste").waitFor();
});

test("a password changes only for who knows it", async ({ openAs, person, complaints }) => {
  const anna = await person("Anna");
  const page = await openAs(anna, "/account");
  complaints.expect(/status of 401/);
  const change = async (current: string, wanted: string) => {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password").fill(wanted);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("not this one", "another password");
  await page.getByRole("alert").waitFor();
  await change(PASSWORD, "another password");
  await page.getByText("Your password is changed.").waitFor();

  await page.getByRole("link", { name: "Messages" }).click();
  await signOut(page);
  await fillSignIn(page, anna.handle, PASSWORD);
  await page.getByText("Handle or password is wrong.").waitFor();
  await fillSignIn(page, anna.handle, "another password");
  await inbox(page).waitFor();
  expect(await page.getByText("No conversations yet").isVisible()).toBe(true);
});
