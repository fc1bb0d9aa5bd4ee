import { describe, expect, it } from "vitest";

import { forgetAll, keep, kept, keptUnsent, keepUnsent, readUnsent } from "../../src/chat/keep";
import type { Unsent } from "../../src/chat/model";

// Node has no localStorage here: this is the frame where storage is blocked.
const message = (id: string, at: number): Unsent => ({ id, text: id, at, state: "waiting" });

describe("unsent messages", () => {
  it("come back oldest first, and leave one by one", () => {
    const [a, b] = [message("a", 2), message("b", 1)];
    keepUnsent([], [a, b]);
    expect(keptUnsent()).toEqual([b, a]);
    keepUnsent([a, b], [a]);
    expect(keptUnsent()).toEqual([a]);
  });

  it("keep what another tab queued", () => {
    keepUnsent([], [message("other", 1)]);
    const mine = message("mine", 3);
    keepUnsent([], [mine]);
    keepUnsent([mine], []);
    expect(keptUnsent().map((each) => each.id)).toContain("other");
  });

  it.each(["", "x", "null", "[]", "1", '{"id":1}', '{"id":"a","text":"b","at":1,"state":"gone"}'])(
    "ignore %j",
    (text) => expect(readUnsent(text)).toBeNull(),
  );

  it("are gone with the token when all is forgotten; settings stay", () => {
    keep("token", "t");
    keep("large", "1");
    keepUnsent([], [message("a", 1)]);
    forgetAll();
    expect(keptUnsent()).toEqual([]);
    expect(kept("token")).toBeNull();
    expect(kept("large")).toBe("1");
  });
});
