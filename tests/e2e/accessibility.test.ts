import { inject } from "vitest";
import { findings } from "./axe.ts";
import { expect, test } from "./browser.ts";
import { row } from "./page.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test(`in the ${colorScheme}, everybody can use what is there`, async ({ open, complaints }) => {
    // The checker itself is a script from elsewhere.
    const page = await open({ url: inject("demoUrl"), colorScheme, bypassCSP: true });
    // What is still moving into its place lies over other things.
    const isClean = () => expect.poll(() => findings(page)).toEqual([]);
    await page.goto("/signin");
    await page.getByRole("button", { name: "Mira Castellanos" }).waitFor();
    await isClean();

    await page.getByRole("button", { name: "Mira Castellanos" }).click();
    await row(page, "Jonas Weber").waitFor();
    await isClean();

    await row(page, "Jonas Weber").click();
    await page.getByRole("log").getByRole("article").first().waitFor();
    await isClean();

    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("jo");
    await page.getByRole("option", { name: "@jonas" }).waitFor();
    await isClean();

    await page.goto("/account");
    await page.getByLabel("New password").waitFor();
    await isClean();
    await page.goto("/users/jonas");
    await page.getByRole("heading", { name: "Jonas Weber" }).waitFor();
    await isClean();

    await page.goto("/table");
    await page.locator(".item").first().waitFor();
    await page.getByText(/^\d+ kinds of items/).click();
    await isClean();
    await page.goto("/table?pattern=read_collection&pk=USER%23mira&limit=20");
    await page.getByRole("button", { name: "Everything of A" }).click();
    await page.getByText("Options").click();
    await isClean();
    complaints.expect(/status of 422/);
    await page.goto("/table?pattern=get_message&conversation=x&seq=y");
    await page.getByRole("alert").first().waitFor();
    await isClean();
  });
}
