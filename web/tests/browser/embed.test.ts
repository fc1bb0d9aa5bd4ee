/** On another site: one script tag, a frame, and a page that learns nothing. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";

import { DESKTOP, device, PHONE, POLL, withBrowser } from "./person";

withBrowser();

const DEMO = resolve(import.meta.dirname, "../../demo/index.html");
let host: Server;

beforeAll(async () => {
  const page = readFileSync(DEMO, "utf8").replace("http://127.0.0.1:8000/app/", inject("address"));
  host = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/html; charset=utf-8");
    answer.end(page);
  });
  const { hostname, port } = new URL(inject("host"));
  await new Promise<void>((done) => host.listen(Number(port), hostname, done));
});
afterAll(() => host.close());

it.each([
  ["desktop", DESKTOP],
  ["phone", PHONE],
])("talks inside a page of another origin (%s)", async (name, options) => {
  const context = await device(options);
  const page = await context.newPage();
  await page.goto(inject("host"));
  const launcher = page.locator("wenzhu-launcher");
  await launcher.waitFor({ state: "attached" });
  expect(await launcher.evaluate((each) => each.shadowRoot)).toBeNull();
  await page.screenshot({ path: `screenshots/embed-${name}-1.png` });

  // The tree is closed to the page, so a person's own keys open it.
  for (let i = 0; i < 10 && !page.frames()[1]; i++) {
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
  }
  await expect.poll(() => page.frames().length, POLL).toBe(2);
  const frame = page.frames()[1];
  if (!frame) throw new Error("no frame");
  await frame.getByRole("textbox").fill("你好");
  await frame.getByRole("button", { name: "发送" }).click();
  await frame.locator(".row.bot .bubble:not(.typing)").first().waitFor();
  await page.screenshot({ path: `screenshots/embed-${name}-2.png` });
  expect(await page.locator("body").innerText()).not.toContain("你好");
  // The page's scripts cannot even find the frame.
  expect(await page.evaluate(() => window.frames.length)).toBe(0);

  await frame.getByRole("button", { name: "快速离开" }).click();
  await launcher.waitFor({ state: "detached" });
});

it("works where a frame of another site may store nothing", async () => {
  const context = await device();
  await context.addInitScript(() => {
    if (window.parent === window) return;
    Object.defineProperty(window, "localStorage", {
      get: () => {
        throw new DOMException("blocked", "SecurityError");
      },
    });
  });
  const page = await context.newPage();
  await page.goto(inject("host"));
  await page.evaluate((src) => {
    const frame = document.createElement("iframe");
    frame.src = src;
    document.body.append(frame);
  }, inject("address"));
  await expect.poll(() => page.frames().length, POLL).toBe(2);
  const frame = page.frames()[1];
  if (!frame) throw new Error("no frame");
  await frame.getByRole("textbox").fill("你好");
  await frame.getByRole("button", { name: "发送" }).click();
  await frame.locator(".row.bot .bubble:not(.typing)").first().waitFor();
});
