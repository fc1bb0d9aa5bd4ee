/** By keyboard alone, with large print, high contrast, and without motion. */
import { expect, it } from "vitest";

import { DESKTOP, device, PHONE, visit, withBrowser } from "./person";

withBrowser();

it("can be used by keyboard alone, and focus comes back", async () => {
  const me = await visit(await device(DESKTOP));
  const focused = () =>
    me.page.evaluate(() => {
      const at = document.activeElement;
      return at?.getAttribute("aria-label") ?? at?.textContent ?? "";
    });
  const tabTo = async (name: string): Promise<void> => {
    for (let i = 0; i < 40 && (await focused()) !== name; i++) await me.page.keyboard.press("Tab");
    expect(await focused()).toBe(name);
  };
  await tabTo("紧急求助");
  await me.page.keyboard.press("Enter");
  await me.page.getByRole("dialog").waitFor();
  await me.page.keyboard.press("Escape");
  await expect.poll(focused).toBe("紧急求助");

  await tabTo("菜单");
  await me.page.keyboard.press("Enter");
  await me.page.getByRole("menu").waitFor();
  await me.page.keyboard.press("ArrowDown");
  expect(await focused()).toBe("深色");
  await me.page.keyboard.press("End");
  expect(await focused()).toBe("删除我的数据");
  await me.page.keyboard.press("Escape");
  await expect.poll(focused).toBe("菜单");

  await tabTo("说点什么，或粘贴短信");
  await me.page.keyboard.type("你好");
  await me.page.keyboard.press("Enter");
  await me.answered(0);
  await me.page.keyboard.press("Shift+Tab");
  for (let i = 0; i < 20 && (await focused()) !== "没借过"; i++) {
    await me.page.keyboard.press("Shift+Tab");
  }
  expect(await focused()).toBe("没借过");
  const before = await me.page.locator(".row.bot .bubble").count();
  await me.page.keyboard.press("Enter");
  await me.answered(before);
  expect(await focused()).toBe("说点什么，或粘贴短信");
});

it.each([
  ["large", PHONE, ["大字版"]],
  ["contrast", PHONE, ["高对比"]],
  ["large-dark-contrast", PHONE, ["大字版", "深色", "高对比"]],
] as const)("looks well and can be read: %s", async (name, options, switches) => {
  const me = await visit(await device(options));
  for (const label of switches) {
    await me.button("菜单").click();
    await me.page.getByRole("menuitemcheckbox", { name: label }).click();
  }
  await me.shot(`${name}-1-welcome`);
  await me.accessible();
  await me.largeTargets();
  await me.say("你好");
  await me.shot(`${name}-2-hello`);
  await me.accessible();
  await me.largeTargets();
  await me.button("菜单").click();
  await me.accessible();
});

it("holds at a font of 200 % on a narrow phone: nothing is cut off sideways", async () => {
  const me = await visit(await device({ viewport: { width: 360, height: 740 } }));
  await me.page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await me.say("你好");
  const wide = await me.page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll(".scroller, .bar, .composer")].filter(
      (each) => each.scrollWidth > each.clientWidth + 1,
    ).length,
  );
  expect(wide).toBe(0);
  expect(await me.input.isVisible()).toBe(true);
  await me.shot("font-200");
});

it("announces answers politely, and stands still where motion is unwanted", async () => {
  const me = await visit(await device({ ...PHONE, reducedMotion: "reduce" }));
  const log = me.page.getByRole("log", { name: "对话" });
  expect(await log.getAttribute("aria-live")).toBe("polite");
  await me.input.fill("你好");
  await me.button("发送").click();
  await me.page.locator(".row.bot .bubble").first().waitFor();
  expect(await me.page.evaluate(() => document.getAnimations().length)).toBe(0);
  await me.quiet();
});
