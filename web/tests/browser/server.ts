/** Starts the bot as people start it, on a port and in a state folder of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the widget is. */
    address: string;
    /** The origin of the other site that frames it; nothing listens there yet. */
    host: string;
  }
}

const ROOT = resolve(import.meta.dirname, "../../..");
const START_MS = 280_000;

export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const host =
    process.env["WENZHU_WEB_FRAMES"] ?? `http://127.0.0.2:${await freePort("127.0.0.2")}`;
  project.provide("host", host);
  const given = process.env["WENZHU_WEB_URL"];
  if (given) {
    project.provide("address", given);
    return async () => undefined;
  }
  const port = await freePort();
  const state = mkdtempSync(join(tmpdir(), "wenzhu-web-"));
  const bot = spawn(join(ROOT, ".venv/bin/python"), ["-m", "launcher", "run"], {
    cwd: ROOT,
    env: {
      ...process.env,
      PORT: String(port),
      WENZHU_STATE_DIR: state,
      WENZHU_WEB_FRAMES: host,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  await new Promise<void>((ready, fail) => {
    const late = setTimeout(() => fail(new Error(`the bot did not start:\n${said}`)), START_MS);
    bot.stdout.on("data", (text: Buffer) => {
      said += text;
      if (!said.includes("ready")) return;
      clearTimeout(late);
      ready();
    });
    bot.on("exit", (code) => fail(new Error(`the bot ended with ${code}:\n${said}`)));
  });
  project.provide("address", `http://127.0.0.1:${port}/app/`);
  return async () => {
    bot.removeAllListeners("exit");
    const ended = new Promise((done) => bot.once("exit", done));
    bot.kill("SIGTERM");
    await ended;
    rmSync(state, { recursive: true, force: true });
  };
}

function freePort(address = "127.0.0.1"): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, address, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}
