/** Tells the service worker which files make the offline shell, and their version. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const SHELL = ["manifest.webmanifest", "icon-192.png", "icon.svg", "away.html", "away.svg"];

/** Replaces `__SHELL__` and `__VERSION__` in `sw.js` once all names are known. */
export function offline(): Plugin {
  return {
    name: "wenzhu-offline",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") this.error("sw.js was not built");
      const built = Object.values(bundle).filter(
        (each) => !["sw.js", "embed.js"].includes(each.fileName),
      );
      const hash = createHash("sha256").update(worker.code);
      for (const each of built) {
        hash.update(each.fileName).update(each.type === "chunk" ? each.code : each.source);
      }
      for (const name of SHELL) hash.update(readFileSync(`public/${name}`));
      const files = ["./", ...built.map((each) => each.fileName), ...SHELL].filter(
        (name) => name !== "index.html",
      );
      worker.code = worker.code
        .replaceAll("__SHELL__", JSON.stringify(files))
        .replaceAll("__VERSION__", JSON.stringify(hash.digest("hex").slice(0, 12)));
    },
  };
}
