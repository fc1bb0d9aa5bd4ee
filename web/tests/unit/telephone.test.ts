import { expect, it } from "vitest";

import { parts, visible } from "../../src/chat/telephone";

const known = [
  { name: "报警", number: "110" },
  { name: "心理援助", number: "12356" },
];
const numbers = (text: string): string[] =>
  parts(text, known).flatMap((part) => (part.tel ? [part.text] : []));

it("links official numbers and nothing else", () => {
  expect(numbers("拨12356；有危险拨110，别拨4001234567。")).toEqual(["12356", "110"]);
});

it("never links what a stranger wrote, between quotation marks", () => {
  expect(numbers("对方说“请回拨110办理”，真要报警拨110。")).toEqual(["110"]);
  expect(numbers("“没有收尾，110")).toEqual([]);
});

it("does not find a number inside a longer one", () => {
  expect(numbers("13812356110 与 0110 与 110-12356")).toEqual([]);
});

it("loses no character", () => {
  const text = "a“b”110，12356!“110”\n<b>110</b>";
  expect(parts(text, known).map((part) => part.text).join("")).toBe(text);
});

it("shows digits in the order in which they are written", () => {
  expect(visible("\u202e011\u202c 和 \u2066a\u2069")).toBe("011 和 a");
});
