import { describe, expect, it } from "vitest";

import { marks, view } from "../../src/chat/cards";

const finding = (phrase: string) => ({ phrase, title: "", why: "" });

describe("marks", () => {
  it("cuts a message at its phrases, in the order of the message", () => {
    expect(marks("今日不处理将上门", [finding("上门"), finding("今日")])).toEqual([
      { text: "今日", finding: 1 },
      { text: "不处理将" },
      { text: "上门", finding: 0 },
    ]);
  });

  it("marks overlapping and absent phrases at most once, and loses nothing", () => {
    const text = "加微信jx8866加微信";
    const cut = marks(text, [finding("加微信jx8866"), finding("微信"), finding("没有")]);
    expect(cut.map((each) => each.text).join("")).toBe(text);
    expect(cut.filter((each) => each.finding !== undefined)).toEqual([
      { text: "加微信jx8866", finding: 0 },
      { text: "微信", finding: 1 },
    ]);
  });
});

describe("view", () => {
  it.each([
    ["findings", { findings: "x" }],
    ["checklist", { items: null }],
    ["rights", {}],
    ["letter", { text: false }],
    ["timeline", { items: [{}] }],
    ["steps", { steps: [null, 1] }],
    ["unknown", { items: ["a"] }],
  ])("draws nothing for a %s card with nothing in it", (name, data) => {
    expect(view({ name, data })).toBeNull();
  });

  it("reads a checklist of plain lines as well as of objects", () => {
    const items = ["截图", { text: "录屏" }];
    expect(view({ name: "checklist", data: { items } })).toMatchObject({
      items: ["截图", "录屏"],
    });
  });
});
