import type { Page } from "playwright-core";
import { expect, test } from "./browser.ts";
import { box, message, row } from "./page.ts";

/** What was on screen in one frame. */
interface Frame {
  path: string;
  title: string;
  texts: string[];
  draft: string;
}

/** Looks at every frame from now on. */
async function film(page: Page): Promise<() => Promise<Frame[]>> {
  await page.evaluate(() => {
    const frames: Frame[] = [];
    Object.assign(window, { frames });
    const look = () => {
      frames.push({
        path: decodeURIComponent(location.pathname),
        title: document.querySelector(".pane-titles h2")?.textContent ?? "",
        texts: [...document.querySelectorAll(".log .text")].map((it) => it.textContent ?? ""),
        draft: document.querySelector<HTMLTextAreaElement>(".composer textarea")?.value ?? "",
      });
      requestAnimationFrame(look);
    };
    look();
  });
  return () => page.evaluate(() => (window as unknown as { frames: Frame[] }).frames);
}

test("no frame shows the messages or the draft of another conversation", async ({
  openAs,
  person,
  friend,
}) => {
  const [anna, bruno, chloe] = [await person("Anna"), await friend("Bruno"), await friend("Chloe")];
  const twenty = (word: string) => Array.from({ length: 20 }, (_, n) => `${word} ${n}`);
  await bruno.write(anna, ...twenty("Bruno says"));
  await chloe.write(anna, ...twenty("Chloe says"));
  const page = await openAs(anna);
  const frames = await film(page);

  // Answers of the server are late by more and less, so that they overtake each other.
  let late = 0;
  await page.route("**/api/v1/conversations/**", async (route) => {
    late += 1;
    await new Promise((resolve) => setTimeout(resolve, late % 2 ? 160 : 20));
    await route.continue().catch(() => {});
  });
  await row(page, "Bruno").click();
  await box(page, bruno).fill("Bruno only");
  for (let n = 0; n < 6; n += 1) {
    await row(page, "Chloe").click();
    await row(page, "Bruno").click();
  }
  await row(page, "Chloe").click();
  await message(page, "Chloe says 19").waitFor();
  expect(await box(page, chloe).inputValue()).toBe("");
  await row(page, "Bruno").click();
  await message(page, "Bruno says 19").waitFor();
  expect(await box(page, bruno).inputValue()).toBe("Bruno only");

  const seen = await frames();
  expect(new Set(seen.map(({ title }) => title))).toEqual(new Set(["", "Bruno", "Chloe"]));
  for (const frame of seen) {
    const own = frame.path.endsWith(anna.conversationWith(bruno)) ? "Bruno" : "Chloe";
    const strange = frame.texts.filter((text) => !text.startsWith(own));
    expect(strange, `on the page of ${own}`).toEqual([]);
    if (frame.title !== "") expect(frame.title).toBe(own);
    if (own === "Chloe") expect(frame.draft).toBe("");
  }
});
