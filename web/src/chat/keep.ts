/**
 * What stays on this device: the session's token, settings, and unsent messages.
 * Never the transcript. Where storage is blocked (a frame of another site), memory
 * does, for as long as the page lives.
 */
import type { Unsent } from "./model";

const memory = new Map<string, string>();
const PREFIX = "wz.";

/** The value kept under a name, or null. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return memory.get(name) ?? null;
  }
}

/** Keeps a value; null takes it away. */
export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    if (value === null) memory.delete(name);
    else memory.set(name, value);
  }
}

const OUTBOX = "unsent.";
/** What was ticked on the card of an event, by its number. */
export const TICKS = "ticks.";

/** Reads one unsent message back; anything else is null. */
export function readUnsent(text: string): Unsent | null {
  let each: Partial<Unsent> | null;
  try {
    each = JSON.parse(text);
  } catch {
    return null;
  }
  const whole =
    typeof each?.id === "string" &&
    typeof each.text === "string" &&
    typeof each.at === "number" &&
    (each.state === "waiting" || each.state === "failed");
  return whole ? (each as Unsent) : null;
}

/** The unsent messages on this device, oldest first; one entry each, so that tabs do not overwrite each other. */
export function keptUnsent(): Unsent[] {
  const found: Unsent[] = [];
  for (const name of names()) {
    const each = name.startsWith(OUTBOX) && readUnsent(kept(name) ?? "");
    if (each) found.push(each);
  }
  return found.sort((a, b) => a.at - b.at);
}

/** Makes the kept messages equal to the queue, given what it was before. */
export function keepUnsent(before: readonly Unsent[], after: readonly Unsent[]): void {
  for (const each of after) {
    if (!before.includes(each)) keep(OUTBOX + each.id, JSON.stringify(each));
  }
  const left = new Set(after.map((each) => each.id));
  for (const { id } of before) if (!left.has(id)) keep(OUTBOX + id, null);
}

/** Takes away what belongs to a conversation that is no more. */
export function forgetTicks(): void {
  for (const name of names()) if (name.startsWith(TICKS)) keep(name, null);
}

/** Takes away all that was kept but the settings. */
export function forgetAll(): void {
  forgetTicks();
  for (const name of names()) {
    if (name === "token" || name.startsWith(OUTBOX)) keep(name, null);
  }
}

function names(): string[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length));
  } catch {
    return [...memory.keys()];
  }
}
