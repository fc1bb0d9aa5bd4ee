/** Cuts, two tabs, and words written while there is no network. */
import { expect, it } from "vitest";

import { device, POLL, visit, withBrowser } from "./person";

withBrowser();

const mine = (bubbles: string[]): string[] =>
  bubbles.filter((each) => each.startsWith("我：")).map((each) => each.slice(2));

it("loses and doubles nothing over many cuts", async () => {
  const context = await device();
  const me = await visit(context);
  await me.say("你好");
  const said = ["你好"];
  for (let i = 1; i <= 8; i++) {
    const words = `第${i}次断网，怎么留证据`;
    said.push(words);
    // Cut before sending, or straight after it, while the answer is under way.
    if (i % 2) await context.setOffline(true);
    await me.input.fill(words);
    await me.button("发送").click();
    if (i % 2) {
      await me.page.getByText("没有网络").waitFor();
      await me.page.locator(".row.waiting").waitFor();
      if (i === 1) {
        await me.shot("offline");
        await me.accessible();
      }
    } else await context.setOffline(true);
    await context.setOffline(false);
    await expect.poll(async () => mine(await me.bubbles()), POLL).toEqual(said);
  }
  await me.quiet();
  const shown = await me.bubbles();
  await me.page.reload();
  await expect.poll(() => me.bubbles(), POLL).toEqual(shown);
});

it("keeps what was written offline through a reload, and sends it once", async () => {
  const context = await device();
  const me = await visit(context);
  await me.say("你好");
  // The shell comes from the worker, so the page opens without a network.
  await me.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await me.page.getByText("没有网络").waitFor();
  await me.input.fill("没网的时候写的");
  await me.button("发送").click();
  await me.page.reload();
  await me.page.locator(".row.waiting").getByText("没网的时候写的").waitFor();
  await context.setOffline(false);
  await expect.poll(async () => mine(await me.bubbles()), POLL).toEqual(["你好", "没网的时候写的"]);
  await me.quiet();
});

it("shows the same in two tabs", async () => {
  const context = await device();
  const one = await visit(context);
  await one.say("你好");
  const two = await visit(context);
  await expect.poll(() => two.bubbles(), POLL).toEqual(await one.bubbles());
  await two.say("没借过");
  await one.quiet();
  expect(await one.bubbles()).toEqual(await two.bubbles());
  await one.say("怕单位知道");
  await two.quiet();
  expect(await one.bubbles()).toEqual(await two.bubbles());
});
