/**
 * The transcript and how it changes, without a screen or a network.
 *
 * The server numbers every event of a conversation (`n` = 1, 2, 3 …). The transcript
 * is the numbered events in order, then what this device has not got across yet.
 */

export type Button = { title: string; payload: string };
export type Card = { name: string; data: Record<string, unknown> };
export type File = { title: string; url: string };

/** One numbered event as the server sends it. */
export type Event = {
  n: number;
  from: "me" | "bot";
  text: string;
  at: number;
  /** The client's own id, on events that began as a message of a client. */
  id?: string;
  buttons?: Button[];
  card?: Card;
  file?: File;
};

/** A message on its way; `failed` waits for the person, the others go by themselves. */
export type Unsent = {
  id: string;
  text: string;
  payload?: string;
  at: number;
  state: "waiting" | "failed";
};

export type Transcript = { events: readonly Event[]; unsent: readonly Unsent[] };

export const EMPTY: Transcript = { events: [], unsent: [] };

/** The number of the last event known without a gap: what to ask a replay after. */
export function lastKnown(events: readonly Event[]): number {
  let last = events[0]?.n ?? 0;
  for (const event of events) {
    if (event.n > last + 1) break;
    last = event.n;
  }
  return last;
}

/** Takes events in, whichever order they came in and however often. */
export function received(now: Transcript, incoming: readonly Event[]): Transcript {
  if (!incoming.length) return now;
  const byNumber = new Map(now.events.map((event) => [event.n, event]));
  const ids = new Set<string>();
  for (const event of incoming) {
    byNumber.set(event.n, event);
    if (event.id) ids.add(event.id);
  }
  return {
    events: [...byNumber.values()].sort((a, b) => a.n - b.n),
    unsent: now.unsent.filter((each) => !ids.has(each.id)),
  };
}

/** Puts a message in the queue; an id counts once. */
export function queued(now: Transcript, message: Unsent): Transcript {
  const known =
    now.unsent.some((each) => each.id === message.id) ||
    now.events.some((each) => each.id === message.id);
  return known ? now : { ...now, unsent: [...now.unsent, message] };
}

/** Marks one unsent message. */
export function marked(now: Transcript, id: string, state: Unsent["state"]): Transcript {
  return {
    ...now,
    unsent: now.unsent.map((each) => (each.id === id ? { ...each, state } : each)),
  };
}

/** Takes one unsent message out. */
export function dropped(now: Transcript, id: string): Transcript {
  return { ...now, unsent: now.unsent.filter((each) => each.id !== id) };
}

/** The next message to send: the oldest that waits, unless an older one failed. */
export function next(now: Transcript): Unsent | undefined {
  const first = now.unsent[0];
  return first?.state === "waiting" ? first : undefined;
}

/** The quick replies that still count: those of the bot's last turn, nothing said since. */
export function offered(now: Transcript): readonly Button[] {
  if (now.unsent.length) return [];
  const turn: Button[] = [];
  for (let i = now.events.length - 1; i >= 0; i--) {
    const event = now.events[i];
    if (!event || event.from === "me") break;
    turn.unshift(...(event.buttons ?? []));
  }
  return turn;
}

/** Milliseconds between two messages that still stand together as one group. */
const GROUP = 3 * 60_000;

/** Whether the second of two neighbours continues the group of the first. */
export function together(a: { from: string; at: number }, b: { from: string; at: number }): boolean {
  return a.from === b.from && b.at - a.at < GROUP && day(a.at) === day(b.at);
}

/** The local day of a moment, as a sortable key. */
export function day(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
