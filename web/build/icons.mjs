/** Draws the PNG icons from icon.svg with the browser of the tests; run by hand after a change. */
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const svg = readFileSync("public/icon.svg", "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const [name, size, square] of [
  ["icon-192", 192, false],
  ["icon-512", 512, false],
  ["icon-maskable", 512, true],
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const drawn = square ? svg.replace('rx="112"', "") : svg;
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${drawn}`);
  await page.screenshot({ path: `public/${name}.png`, omitBackground: true });
  await page.close();
}
await browser.close();
