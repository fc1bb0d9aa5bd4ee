/** Fails when the widget grows beyond its budget, or names another host in its files. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Bytes after gzip of everything a visit loads: page, script, style, worker, launcher. */
const LIMIT = 45_000;
const COUNTED = /\.(html|js|css|webmanifest|svg)$/;

const files = readdirSync("dist", { recursive: true })
  .map(String)
  .filter((name) => COUNTED.test(name) && statSync(join("dist", name)).isFile());
let total = 0;
for (const name of files.sort()) {
  const content = readFileSync(join("dist", name));
  const size = gzipSync(content, { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(7)}  ${name}`);
}
console.log(`${String(total).padStart(7)}  of ${LIMIT} bytes gzip`);
if (total > LIMIT) {
  console.error("The widget is over its budget.");
  process.exit(1);
}
