/**
 * Reads the values of a card with care: a server of another version, or a fault, must
 * leave the text standing. A card repeats the text beside it, so null loses nothing.
 */
import type { Card } from "./model";

export type Finding = { phrase: string; title: string; why: string };
export type Right = { text: string; article: string; source: string };
export type View =
  | { kind: "findings"; text: string; verdict: string; alarm: boolean; findings: Finding[] }
  | { kind: "checklist"; title: string; items: string[] }
  | { kind: "rights"; title: string; rights: Right[] }
  | { kind: "letter"; title: string; text: string }
  | { kind: "timeline"; items: { when: string; text: string }[] }
  | { kind: "steps"; title: string; steps: { label: string; value: string }[] };

type Values = Record<string, unknown>;

const say = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

const list = (value: unknown): Values[] =>
  Array.isArray(value)
    ? value.map((each) =>
        each && typeof each === "object" ? (each as Values) : { text: say(each) },
      )
    : [];

/** What to draw for a card, or null where it has nothing that can be drawn. */
export function view(card: Card): View | null {
  const { data } = card;
  switch (card.name) {
    case "findings": {
      const findings = list(data["findings"])
        .map((each) => ({
          phrase: say(each["phrase"]),
          title: say(each["title"]),
          why: say(each["why"]),
        }))
        .filter((each) => each.phrase);
      const text = say(data["text"]);
      const alarm = data["alarm"] === true;
      return text ? { kind: "findings", text, verdict: say(data["verdict"]), alarm, findings } : null;
    }
    case "checklist": {
      const items = list(data["items"]).map((each) => say(each["text"])).filter(Boolean);
      return items.length ? { kind: "checklist", title: say(data["title"]), items } : null;
    }
    case "rights": {
      const rights = list(data["items"])
        .map((each) => ({
          text: say(each["text"]),
          article: say(each["article"]),
          source: say(each["source"]),
        }))
        .filter((each) => each.text);
      return rights.length ? { kind: "rights", title: say(data["title"]), rights } : null;
    }
    case "letter": {
      const text = say(data["text"]);
      return text ? { kind: "letter", title: say(data["title"]), text } : null;
    }
    case "timeline": {
      const items = list(data["items"])
        .map((each) => ({ when: say(each["when"]), text: say(each["text"]) }))
        .filter((each) => each.text);
      return items.length ? { kind: "timeline", items } : null;
    }
    case "steps": {
      const steps = list(data["steps"])
        .map((each) => ({ label: say(each["label"]), value: say(each["value"]) }))
        .filter((each) => each.label);
      return steps.length ? { kind: "steps", title: say(data["title"]), steps } : null;
    }
    default:
      return null;
  }
}

/** Whether a card holds all that the text beside it says, so that the text is not drawn too. */
export const saysItAll = (view: View): boolean => view.kind === "letter" || view.kind === "timeline";

/** Cuts a letter at its blanks, 〔…〕, which the person fills in. */
export const blanks = (text: string): string[] => text.split(/(〔[^〔〕]*〕)/);

/** Cuts a message at its findings: each phrase once, in order, never overlapping. */
export function marks(
  text: string,
  findings: readonly Finding[],
): { text: string; finding?: number }[] {
  const spans: { start: number; end: number; finding: number }[] = [];
  findings.forEach((each, finding) => {
    for (let start = text.indexOf(each.phrase); start >= 0; ) {
      const end = start + each.phrase.length;
      if (!spans.some((span) => span.start < end && start < span.end)) {
        spans.push({ start, end, finding });
        return;
      }
      start = text.indexOf(each.phrase, start + 1);
    }
  });
  spans.sort((a, b) => a.start - b.start);
  const cut: { text: string; finding?: number }[] = [];
  let at = 0;
  for (const { start, end, finding } of spans) {
    if (start > at) cut.push({ text: text.slice(at, start) });
    cut.push({ text: text.slice(start, end), finding });
    at = end;
  }
  if (at < text.length) cut.push({ text: text.slice(at) });
  return cut;
}
