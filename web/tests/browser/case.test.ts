/** A whole case, from the first screen to a step to take, on a phone and on a desktop. */
import { describe, expect, it } from "vitest";

import { DESKTOP, device, PHONE, POLL, SMS, visit, withBrowser } from "./person";

withBrowser();

describe.each([
  ["phone", PHONE],
  ["desktop", DESKTOP],
  ["dark", { ...PHONE, colorScheme: "dark" as const }],
])("a whole case on a %s", (name, options) => {
  it("goes from the first screen to a step", async () => {
    const me = await visit(await device(options));
    expect(await me.page.title()).toBe("稳住");
    await me.button("我收到一条短信，很害怕").waitFor();
    await me.shot(`${name}-1-welcome`);
    await me.accessible();
    await me.largeTargets();

    await me.say("你好");
    await me.shot(`${name}-2-hello`);
    await me.choose("借过");
    await me.say(SMS);
    expect((await me.bubbles()).join("")).toContain("联系微信jx8866");
    await me.shot(`${name}-3-message`);
    await me.accessible();
    await me.largeTargets();

    await me.say("怕被抓，也怕单位知道");
    await me.shot(`${name}-4-fears`);
    const before = await me.bubbles();

    // A reload brings the same conversation back, from the server.
    await me.page.reload();
    await expect.poll(() => me.bubbles(), { timeout: 30_000 }).toEqual(before);
    await me.say("好");
    expect((await me.bubbles()).slice(0, before.length)).toEqual(before);
    await me.shot(`${name}-5-after-reload`);
    await me.accessible();
  });
});

it("gives crisis help at once: in the talk as links, and behind one button", async () => {
  const me = await visit(await device());
  await me.button("紧急求助").click();
  const calls = me.page.locator("dialog a[href^='tel:']");
  await expect.poll(() => calls.count(), { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
  const numbers = await calls.evaluateAll((all) => all.map((each) => each.getAttribute("href")));
  await me.shot("help");
  await me.accessible();
  await me.page.keyboard.press("Escape");

  await me.say("我不想活了");
  const linked = await me.page
    .locator(".row.bot a.tel")
    .evaluateAll((all) => all.map((each) => each.getAttribute("href")));
  expect(linked.length).toBeGreaterThanOrEqual(3);
  expect(numbers).toEqual(expect.arrayContaining(linked));
  await me.shot("crisis");
});

it("deletes my data, here and on the server", async () => {
  const context = await device();
  const me = await visit(context);
  await me.say("没借过");
  await me.button("菜单").click();
  await me.page.getByRole("menuitem", { name: "删除我的数据" }).click();
  await me.shot("delete");
  await me.accessible();
  await me.button("删除").click();
  await me.button("粘贴短信").waitFor();
  await me.page.reload();
  await me.button("粘贴短信").waitFor();
  await me.say("你好");
  expect((await me.bubbles()).join("")).not.toContain("没借过。");
  expect((await me.bubbles()).filter((each) => each.endsWith("没借过"))).toEqual([]);
});

it("leaves quickly: nothing is left on the screen, and a later visit does not show it", async () => {
  const context = await device();
  const me = await visit(context);
  await me.say("有人要上门");
  await me.button("快速离开").click();
  await me.page.waitForURL(/away\.html$/);
  expect(await me.page.locator("body").innerText()).toBe("");
  await me.page.goBack();
  expect(await me.page.content()).not.toContain("有人要上门");

  const later = await visit(context);
  await later.button("继续上次的对话").waitFor();
  expect(await later.page.content()).not.toContain("有人要上门");
  await later.accessible();
  await later.button("继续上次的对话").click();
  await expect.poll(async () => (await later.bubbles()).join("")).toContain("有人要上门");
});

it("reads a screenshot, and lets me mend the text before it is said", async () => {
  const context = await device();
  const drawn = await context.newPage();
  await drawn.setContent(
    `<body><p>${SMS}</p></body><style>p{font:26px/1.7 sans-serif;padding:24px;margin:0}</style>`,
  );
  const buffer = await drawn.screenshot();
  const me = await visit(context);
  await me.button("更多").click();
  await me.button("相册").waitFor();
  await me.shot("tools");
  await me.accessible();
  const file = me.page.locator("input[type=file]").first();
  await file.setInputFiles({ name: "a.png", mimeType: "image/png", buffer });
  await expect.poll(() => me.input.inputValue(), POLL).toContain("捷信");
  expect(await me.page.locator(".row").count()).toBe(0);
  await me.shot("picture-read");
  await me.button("发送").click();
  await me.answered(0);
  await me.shot("picture-said");
});

it("says the receipt after a deletion in the talk, and begins anew", async () => {
  const me = await visit(await device());
  await me.say("没借过");
  await me.say("删除我的数据");
  await me.shot("delete-in-talk");
  await me.choose("确认删除");
  expect(await me.lastAnswer()).toContain("删好了");
  await me.shot("delete-receipt");
  await me.page.reload();
  await me.button("粘贴短信").waitFor();
  expect(await me.bubbles()).toEqual([]);
});
