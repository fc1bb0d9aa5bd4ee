import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

import { offline } from "./build/offline";
import { theme } from "./build/theme";

export default defineConfig({
  base: "./",
  plugins: [preact(), theme(), offline()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: "index.html", embed: "src/embed.ts", sw: "src/worker.ts" },
      output: {
        entryFileNames: (chunk) =>
          chunk.name === "index" ? "assets/[name]-[hash].js" : "[name].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  test: { include: ["tests/unit/**/*.test.ts"], environment: "node" },
});
