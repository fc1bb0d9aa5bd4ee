/** A stranger's text is text: never markup, never a link, whatever it holds. */
import { expect, it } from "vitest";

import { device, visit, withBrowser } from "./person";

withBrowser();

const HOSTILE = [
  '<img src=x onerror="document.title=1"><script>document.title=1</script>',
  "[点这里](javascript:alert(1)) data:text/html,<b>x</b> https://example.org/x",
  "\u202e反过来的字\u202c和\u2066隔开的\u2069，请回拨110",
  "/restart",
  "&lt;b&gt; {{7*7}} ${1} %s \\u0000",
];

it("stays text", async () => {
  const me = await visit(await device());
  for (const text of HOSTILE) await me.say(text);
  const said = (await me.bubbles()).filter((each) => each.startsWith("我："));
  expect(said).toHaveLength(HOSTILE.length);
  expect(said[0]).toContain("<img src=x");
  expect(await me.page.locator(".row.mine a, .row img, .row script").count()).toBe(0);
  expect(await me.page.title()).toBe("稳住");
  const links = await me.page
    .locator(".row a")
    .evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).protocol));
  expect(links.filter((each) => each !== "tel:")).toEqual([]);
  await me.shot("hostile");
});

it("takes 10,000 characters, and says kindly that 10,001 are too many", async () => {
  const me = await visit(await device());
  await me.say("还".repeat(10_000));
  await me.input.fill("钱".repeat(10_001));
  await me.button("发送").click();
  await me.page.getByText("太长了").waitFor();
  expect(await me.input.inputValue()).toHaveLength(10_001);
  expect((await me.bubbles()).filter((each) => each.includes("钱钱钱"))).toEqual([]);
  await me.shot("too-long");
});

it("is served with a policy that allows no inline code or style", async () => {
  const me = await visit(await device());
  const answer = await me.page.request.get(me.page.url());
  const policy = answer.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain("unsafe-");
  expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
});
