/** A person at a screen: opens the widget, says things, waits for answers, looks. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

export const PHONE: BrowserContextOptions = {
  viewport: { width: 412, height: 915 },
  isMobile: true,
  hasTouch: true,
};
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
export const SMS =
  "【捷信消费金融】提醒:您的贷款已逾期45天,欠款总额3,500.00元,今日不处理将上门并通知您单位,请联系微信jx8866";

const SHOTS = resolve(import.meta.dirname, "../../screenshots");
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let browser: Browser;
const open: BrowserContext[] = [];
let faults: string[] = [];

/** Makes a browser for a test file, and fails a test whose page logged an error. */
export function withBrowser(): void {
  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((context) => context.close()));
    const seen = faults;
    faults = [];
    expect(seen).toEqual([]);
  });
  afterAll(() => browser.close());
}

export async function device(options: BrowserContextOptions = PHONE): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: "zh-CN", ...options });
  open.push(context);
  return context;
}

/** Opens the widget; what it asks of another host is a fault, and so is an error. */
export async function visit(context: BrowserContext, path = ""): Promise<Person> {
  const page = await context.newPage();
  const home = new URL(inject("address"));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (line) => {
    const expected = /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|WebSocket connection/;
    if (line.type() === "error" && !expected.test(line.text())) faults.push(line.text());
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(http|ws)/.test(url.protocol) && url.host !== home.host) faults.push(`asked ${url.href}`);
  });
  await page.goto(new URL(path, home).href);
  return new Person(page);
}

export class Person {
  constructor(readonly page: Page) {}

  get input() {
    return this.page.getByRole("textbox", { name: "说点什么" });
  }

  button(name: string | RegExp) {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Every bubble that the server has, as the person reads it. */
  async bubbles(): Promise<string[]> {
    return this.page
      .locator(".row:not(.waiting):not(.failed) .bubble:not(.typing)")
      .allTextContents();
  }

  private answers() {
    return this.page.locator(".row.bot .bubble:not(.typing)");
  }

  /** Says something and waits until the bot has answered and gone quiet. */
  async say(text: string): Promise<void> {
    const before = await this.answers().count();
    await this.input.fill(text);
    await this.button("发送").click();
    await this.answered(before);
  }

  async choose(chip: string): Promise<void> {
    const before = await this.answers().count();
    await this.page.locator(".chips").getByRole("button", { name: chip, exact: true }).click();
    await this.answered(before);
  }

  async answered(before: number): Promise<void> {
    await expect.poll(() => this.answers().count(), POLL).toBeGreaterThan(before);
    await this.quiet();
  }

  /** Waits until nothing more comes: no dots, and the same bubbles twice. */
  async quiet(): Promise<void> {
    let seen = "";
    await expect
      .poll(async () => {
        const now = JSON.stringify(await this.bubbles());
        const same = now === seen && !(await this.page.locator(".typing").count());
        seen = now;
        return same;
      }, { ...POLL, interval: 500 })
      .toBe(true);
  }

  async lastAnswer(): Promise<string> {
    return (await this.answers().last().textContent()) ?? "";
  }

  async shot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  /** Runs axe over what is on the screen, by all its WCAG 2.2 AA rules and best practices. */
  async accessible(): Promise<void> {
    // Colours in the middle of a fade are nobody's contrast: what ends, is let end.
    await this.page.waitForFunction(() =>
      document
        .getAnimations()
        .every((each) => each.effect?.getComputedTiming().iterations === Infinity),
    );
    // The page's own policy would refuse axe.
    const session = await this.page.context().newCDPSession(this.page);
    await session.send("Page.setBypassCSP", { enabled: true });
    await this.page.evaluate(readFileSync(AXE, "utf8"));
    const found = await this.page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations } = await axe.run();
      return violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`);
    });
    expect(found).toEqual([]);
  }

  /** Everything that can be pressed is 48 px wide and high, but for words inside a sentence. */
  async largeTargets(): Promise<void> {
    const small = await this.page
      .locator(
        "button:visible, a:visible:not(.tel), textarea:visible, label.check:visible, summary:visible",
      )
      .evaluateAll((all) =>
        all.flatMap((each) => {
          const { width, height } = each.getBoundingClientRect();
          return width < 47.5 || height < 47.5 ? [`${each.outerHTML} ${width}×${height}`] : [];
        }),
      );
    expect(small).toEqual([]);
  }
}

/** A limit for what hangs, not a measure of speed. */
export const POLL = { timeout: 60_000, interval: 100 };
