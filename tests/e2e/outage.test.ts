import { expect, test } from "./browser.ts";
import { box, isSent, message, send, texts } from "./page.ts";
import { makePerson, PASSWORD } from "./people.ts";
import { Serving } from "./serving.ts";

// What a browser may call it when a server dies under a request.
const OFFLINE =
  /ERR_(CONNECTION|EMPTY_RESPONSE|FAILED|SOCKET_NOT_CONNECTED|NETWORK|CONTENT_LENGTH_MISMATCH)/;

/** A server that these tests may end. */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads what is needed from the pattern
const withServer = test.extend("serving", async ({}, { onCleanup }) => {
  const serving = await Serving.start();
  onCleanup(() => serving.stop());
  return serving;
});

withServer(
  "a message on its way when the server dies is kept, and there once after its restart",
  async ({ openAs, serving, complaints }) => {
    const { url } = serving;
    const [anna, bruno] = [await makePerson(url, "Anna", PASSWORD), await makePerson(url, "Bruno")];
    await bruno.write(anna, "Before");
    const path = `/messages/${anna.conversationWith(bruno)}`;
    const page = await openAs(anna, path, { url });
    await message(page, "Before").waitFor();

    complaints.expect(OFFLINE);
    serving.pause();
    await send(page, bruno, "In the storm");
    await message(page, "In the storm").getByText("Sending …").waitFor();
    await serving.kill();
    await page.getByText("Tavola can’t be reached.").waitFor();
    expect(await texts(page)).toEqual(["Before", "In the storm"]);
    expect(await box(page, bruno).inputValue()).toBe("");

    await serving.restart();
    await isSent(page, "In the storm");
    await page.getByText("Tavola can’t be reached.").waitFor({ state: "detached" });
    expect((await anna.messagesWith(bruno)).map(({ body }) => body)).toEqual([
      "In the storm",
      "Before",
    ]);
    expect(await texts(page)).toEqual(["Before", "In the storm"]);
  },
);

withServer(
  "a message that was stored but never confirmed is not stored twice",
  async ({ openAs, serving, complaints }) => {
    const { url } = serving;
    const [anna, bruno] = [await makePerson(url, "Anna", PASSWORD), await makePerson(url, "Bruno")];
    await bruno.write(anna, "Before");
    const page = await openAs(anna, `/messages/${anna.conversationWith(bruno)}`, { url });
    await message(page, "Before").waitFor();

    complaints.expect(OFFLINE);
    await page.route(
      "**/api/v1/messages",
      async (route) => {
        expect((await route.fetch()).status()).toBe(201);
        await serving.kill();
        await route.abort();
      },
      { times: 1 },
    );
    await send(page, bruno, "Stored already");
    await page.getByText("Tavola can’t be reached.").waitFor();
    await message(page, "Stored already").waitFor();

    await serving.restart();
    await isSent(page, "Stored already");
    expect(await anna.messagesWith(bruno)).toHaveLength(2);
    await page.reload();
    await isSent(page, "Stored already");
  },
);

test("a message that the server refuses is kept, and can be sent again or dropped", async ({
  openAs,
  person,
  friend,
  complaints,
}) => {
  const [anna, bruno] = [await person("Anna"), await friend("Bruno")];
  await bruno.write(anna, "Hello");
  const page = await openAs(anna, `/messages/${anna.conversationWith(bruno)}`);
  await message(page, "Hello").waitFor();
  complaints.expect(/status of 409/);
  await page.route("**/api/v1/messages", (route) =>
    route.fulfill({
      status: 409,
      contentType: "application/problem+json",
      body: JSON.stringify({
        title: "Too much has been written since",
        status: 409,
        code: "stale_after",
        retryable: false,
      }),
    }),
  );
  await send(page, bruno, "Keep me");
  await send(page, bruno, "Drop me");
  await message(page, "Drop me").getByRole("button", { name: "Discard" }).click();
  await message(page, "Drop me").waitFor({ state: "detached" });
  await page.unroute("**/api/v1/messages");
  await message(page, "Keep me").getByRole("button", { name: "Retry" }).click();
  await isSent(page, "Keep me");
  expect(await anna.messagesWith(bruno)).toHaveLength(2);
});
