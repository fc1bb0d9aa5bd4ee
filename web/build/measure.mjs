/**
 * Measures a running widget as a slow phone meets it: node build/measure.mjs ADDRESS
 *
 * Chromium at 412×915, the processor slowed 4 times, 150 ms and 1.6 Mbit/s. Prints the
 * first paint, the first answer, and long tasks while 500 messages are scrolled
 * through. Figures are for people to compare; no test depends on them.
 */
import { chromium } from "playwright-core";

const address = process.argv[2] ?? "http://127.0.0.1:8000/app/";
const RUNS = 3;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

async function phone() {
  const context = await browser.newContext({ viewport: { width: 412, height: 915 }, locale: "zh-CN" });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: 1.6e6 / 8,
    uploadThroughput: 0.75e6 / 8,
  });
  return { context, page };
}

for (let run = 1; run <= RUNS; run++) {
  const { context, page } = await phone();
  const began = Date.now();
  await page.goto(address, { waitUntil: "commit" });
  await page.locator(".starters .chip").first().click();
  await page.locator(".row.bot .bubble:not(.typing)").first().waitFor();
  const answer = Date.now() - began;
  const paint = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  );
  console.log(`run ${run}: first paint ${Math.round(paint)} ms, first answer ${answer} ms`);
  await context.close();
}

const { context, page } = await phone();
await context.routeWebSocket(/socket\.io/, (socket) => {
  const server = socket.connectToServer();
  socket.onMessage((message) => server.send(message));
  server.onMessage((message) => {
    socket.send(message);
    if (!String(message).startsWith("40")) return;
    const events = Array.from({ length: 500 }, (_, i) => ({
      n: i + 1,
      from: i % 3 ? "bot" : "me",
      text: `第${i}句。先不点链接、不回拨、不加它给的微信。要核实，用你自己找到的渠道。`,
      at: Date.now() - (500 - i) * 60_000,
    }));
    socket.send(`42${JSON.stringify(["events", events])}`);
  });
});
await page.goto(address);
await page.locator(".row").nth(499).waitFor({ state: "attached" });
await page.waitForTimeout(2000);
const long = await page.evaluate(async () => {
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: "longtask" });
  const area = document.querySelector(".scroller");
  for (let at = area.scrollHeight; at > 0; at -= 400) {
    area.scrollTop = at;
    await new Promise(requestAnimationFrame);
  }
  await new Promise((done) => setTimeout(done, 300));
  return tasks.map((task) => Math.round(task.duration));
});
console.log(`scrolling 500 messages: ${long.length} long tasks ${JSON.stringify(long)} ms`);
await browser.close();
