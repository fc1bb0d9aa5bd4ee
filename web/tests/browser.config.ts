import { defineConfig } from "vitest/config";

/** The widget in Debian's Chromium against the real bot; one page after the other. */
export default defineConfig({
  test: {
    include: ["tests/browser/**/*.test.ts"],
    environment: "node",
    globalSetup: ["tests/browser/server.ts"],
    fileParallelism: false,
    // Generous: a limit for what hangs, not a measure of speed.
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
