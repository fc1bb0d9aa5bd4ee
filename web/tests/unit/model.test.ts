import { describe, expect, it } from "vitest";

import {
  day,
  dropped,
  EMPTY,
  lastKnown,
  marked,
  next,
  offered,
  queued,
  received,
  together,
  type Event,
  type Unsent,
} from "../../src/chat/model";

const event = (n: number, more: Partial<Event> = {}): Event => ({
  n,
  from: "bot",
  text: `第${n}句`,
  at: 1000 * n,
  ...more,
});
const message = (id: string, state: Unsent["state"] = "waiting"): Unsent => ({
  id,
  text: id,
  at: 1,
  state,
});

describe("numbering", () => {
  it("orders events whichever way they came, and counts each once", () => {
    let now = received(EMPTY, [event(3), event(1)]);
    now = received(now, [event(2), event(3)]);
    expect(now.events.map((each) => each.n)).toEqual([1, 2, 3]);
  });

  it("asks for a replay after the last event before a gap", () => {
    expect(lastKnown([])).toBe(0);
    expect(lastKnown([event(1), event(2), event(5)])).toBe(2);
  });

  it("starts from the first event the server still has", () => {
    expect(lastKnown([event(41), event(42)])).toBe(42);
  });

  it("gives the same transcript for every order of arrival", () => {
    const all = [event(1), event(2, { from: "me", id: "a" }), event(3), event(4)];
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [1, 3, 0, 2],
      [2, 0, 3, 1],
    ];
    for (const order of orders) {
      let now = queued(EMPTY, message("a"));
      for (const i of order) now = received(now, [all[i] as Event]);
      expect(now).toEqual({ events: all, unsent: [] });
    }
  });
});

describe("the queue", () => {
  it("holds an id once, also when the server already has it", () => {
    let now = queued(queued(EMPTY, message("a")), message("a"));
    expect(now.unsent).toHaveLength(1);
    now = received(now, [event(1, { from: "me", id: "a" })]);
    expect(queued(now, message("a")).unsent).toHaveLength(0);
  });

  it("sends in order, and stops at one that failed", () => {
    let now = queued(queued(EMPTY, message("a")), message("b"));
    expect(next(now)?.id).toBe("a");
    now = marked(now, "a", "failed");
    expect(next(now)).toBeUndefined();
    expect(next(dropped(now, "a"))?.id).toBe("b");
    expect(next(marked(now, "a", "waiting"))?.id).toBe("a");
  });
});

describe("quick replies", () => {
  const yes = { title: "借过", payload: "/inform_loan" };

  it("are those of the bot's whole last turn", () => {
    const other = { title: "跳过", payload: "/skip" };
    const now = received(EMPTY, [
      event(1, { buttons: [other] }),
      event(2, { from: "me" }),
      event(3, { buttons: [yes] }),
      event(4, { buttons: [other] }),
    ]);
    expect(offered(now)).toEqual([yes, other]);
  });

  it("are gone once something was said, sent or not", () => {
    const now = received(EMPTY, [event(1, { buttons: [yes] })]);
    expect(offered(queued(now, message("a")))).toEqual([]);
    expect(offered(received(now, [event(2, { from: "me" })]))).toEqual([]);
  });
});

describe("groups", () => {
  const at = new Date(2026, 10, 24, 23, 59).getTime();

  it("join neighbours of one side within three minutes of one day", () => {
    const first = event(1, { at });
    expect(together(first, event(2, { at: at + 30_000 }))).toBe(true);
    expect(together(first, event(2, { at: at + 90_000 }))).toBe(false); // past midnight
    expect(together(first, event(2, { at: at - 0, from: "me" }))).toBe(false);
    expect(together(event(1, { at: 0 }), event(2, { at: 200_000 }))).toBe(false);
  });

  it("know the local day", () => {
    expect(day(at)).toBe("2026-11-24");
  });
});
