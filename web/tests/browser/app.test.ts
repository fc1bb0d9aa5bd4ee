/** As an installed app: manifest, offline shell, shares, shortcuts; and cards as drawn. */
import { expect, it } from "vitest";

import { device, PHONE, POLL, visit, withBrowser } from "./person";

withBrowser();

it("can be installed: the browser finds no fault in the manifest", async () => {
  const me = await visit(await device());
  await me.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const session = await me.page.context().newCDPSession(me.page);
  const { errors, data } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data ?? "{}") as { icons: { src: string }[] };
  for (const { src } of manifest.icons) {
    expect((await me.page.request.get(new URL(src, me.page.url()).href)).status()).toBe(200);
  }
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // A test's context counts as incognito, where nothing is installed.
  expect(installabilityErrors.map((each) => each.errorId)).toEqual(["in-incognito"]);
});

it("opens without a network, and says so", async () => {
  const context = await device();
  const me = await visit(context);
  await me.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await me.page.reload();
  await me.page.getByText("没有网络").waitFor();
  await me.button("粘贴短信").waitFor();
  await me.shot("offline-shell");
  await context.setOffline(false);
  await me.say("你好");
});

it("takes a text that another app shares into the input line, and nowhere else", async () => {
  const me = await visit(await device());
  await me.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await me.page.reload();
  await me.page.evaluate(() => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: "share", enctype: "multipart/form-data" });
    const text = Object.assign(document.createElement("input"), { name: "text", value: "【某某金融】逾期" });
    form.append(text);
    document.body.append(form);
    form.submit();
  });
  await expect.poll(() => me.input.inputValue().catch(() => ""), POLL).toBe("【某某金融】逾期");
  expect(await me.page.evaluate(() => caches.has("wz-share"))).toBe(false);
  expect(new URL(me.page.url()).search).toBe("");
});

it("opens help straight from its shortcut", async () => {
  const me = await visit(await device(), "?do=help");
  await me.page.getByRole("dialog").waitFor();
});

it("pastes an SMS with one tap", async () => {
  const context = await device({ ...PHONE, permissions: ["clipboard-read", "clipboard-write"] });
  const me = await visit(context);
  await me.page.evaluate(() => navigator.clipboard.writeText("【某某金融】今日必须处理"));
  await me.button("粘贴短信").click();
  await expect.poll(() => me.input.inputValue()).toBe("【某某金融】今日必须处理");
});

it("says how to paste by hand where the clipboard may not be read", async () => {
  const me = await visit(await device());
  await me.button("粘贴短信").click();
  await me.page.getByText("长按").waitFor();
});

const CARDS = [
  {
    name: "findings",
    data: {
      text: "【捷信消费金融】您已逾期45天，今日不处理将上门并通知您单位，请联系微信jx8866",
      verdict: "这条有冒充的迹象。",
      findings: [
        { phrase: "联系微信jx8866", title: "要你加个人微信", why: "正规机构用官方App办事。" },
        { phrase: "上门并通知您单位", title: "拿单位吓你", why: "把你欠钱的事说给同事，可能侵犯隐私。" },
      ],
    },
  },
  { name: "checklist", data: { items: [{ text: "截图要看得见号码和日期" }, { text: "再录一段屏" }] } },
  { name: "rights", data: { items: [{ text: "没担保的人不用替还。", article: "第一条", source: "某某网" }] } },
  { name: "letter", data: { title: "核实函", text: "致：某某公司\n".repeat(30) } },
  { name: "timeline", data: { items: [{ when: "11月20日", text: "收到短信" }] } },
  { name: "steps", data: { title: "真实年化", steps: [{ label: "本金", value: "1,000元" }] } },
];

it("draws cards beside their text", async () => {
  const context = await device();
  // The bot's own events pass; the cards come with them, as a server would send them.
  await context.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(message));
    server.onMessage((message) => {
      socket.send(message);
      if (!String(message).startsWith('42["events"') || sent) return;
      sent = true;
      const events = CARDS.map((card, i) => ({ n: 900 + i, from: "bot", text: card.name, at: Date.now(), card }));
      socket.send(`42${JSON.stringify(["events", events])}`);
    });
    let sent = false;
  });
  const me = await visit(context);
  await me.say("你好");
  const cards = me.page.locator("section.card");
  await expect.poll(() => cards.count(), POLL).toBe(CARDS.length);
  expect(await cards.locator("mark").allTextContents()).toEqual(["上门并通知您单位2", "联系微信jx88661"]);
  await cards.getByRole("checkbox").first().check();
  await me.accessible();
  await me.largeTargets();
  const [saved] = await Promise.all([
    me.page.waitForEvent("download"),
    cards.getByRole("button", { name: "存成文字" }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe("核实函.txt");
  await me.shot("cards-2");
  await cards.first().scrollIntoViewIfNeeded();
  await me.shot("cards-1");
  await me.button("回到最新").click();
  await expect.poll(() => me.button("回到最新").count()).toBe(0);
});
