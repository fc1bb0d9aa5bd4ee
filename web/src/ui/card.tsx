/** Cards: a drawing of what the text beside them says. */
import { useId, useState } from "preact/hooks";

import { marks, type View } from "../chat/cards";
import { keep, kept, TICKS } from "../chat/keep";
import { visible } from "../chat/telephone";
import { W } from "../chat/words";
import { Icon, type IconName } from "./icon";
import { Letter } from "./letter";

const ICONS: Record<View["kind"], IconName> = {
  findings: "search",
  checklist: "list",
  timeline: "clock",
  rights: "law",
  letter: "letter",
  steps: "sum",
};

/** Draws a card; `n` is the number of its event, under which ticks are kept. */
export function CardView({ seen, n }: { seen: View; n: number }) {
  const id = useId();
  const title = ("title" in seen && seen.title) || W.cards[seen.kind];
  return (
    <section class={`card ${seen.kind}`} aria-labelledby={id}>
      <h2 id={id}>
        <Icon name={ICONS[seen.kind]} />
        <span>{title}</span>
        {seen.kind === "findings" && seen.verdict && (
          <span class={`pill ${seen.alarm ? "alarm" : ""}`}>{seen.verdict}</span>
        )}
      </h2>
      <Body seen={seen} title={title} n={n} />
    </section>
  );
}

function Body({ seen, title, n }: { seen: View; title: string; n: number }) {
  switch (seen.kind) {
    case "findings":
      return <Findings seen={seen} />;
    case "checklist":
      return <Checklist items={seen.items} n={n} />;
    case "letter":
      return <Letter title={title} text={seen.text} />;
    case "rights":
      return (
        <ul class="plain">
          {seen.rights.map((each) => (
            <li>
              <details>
                <summary>
                  <span>
                    {each.article}
                    <small>{each.source && `${W.cards.source}：${each.source}`}</small>
                  </span>
                  <Icon name="open" />
                </summary>
                <p>{each.text}</p>
              </details>
            </li>
          ))}
        </ul>
      );
    case "timeline":
      return (
        <ol class="plain dated">
          {seen.items.map((each) => (
            <li>
              <b>{each.when}</b>
              {visible(each.text)}
            </li>
          ))}
        </ol>
      );
    case "steps":
      return (
        <dl>
          {seen.steps.map((each) => (
            <div>
              <dt>{each.label}</dt>
              <dd>{each.value}</dd>
            </div>
          ))}
        </dl>
      );
  }
}

/** The message itself with its findings marked and numbered, and a line on each. */
function Findings({ seen }: { seen: Extract<View, { kind: "findings" }> }) {
  return (
    <>
      <blockquote dir="auto">
        {marks(visible(seen.text), seen.findings).map(({ text, finding }) =>
          finding === undefined ? (
            text
          ) : (
            <mark>
              {text}
              <sup>{finding + 1}</sup>
            </mark>
          ),
        )}
      </blockquote>
      <ol class="plain numbered">
        {seen.findings.map((each, i) => (
          <li>
            <span class="number">{i + 1}</span>
            <div>
              <b>{each.title || each.phrase}</b>
              {each.why && <p>{each.why}</p>}
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

/** A list to tick; the ticks stay on this device, and say nothing by themselves. */
function Checklist({ items, n }: { items: string[]; n: number }) {
  const name = `${TICKS}${n}`;
  const [done, setDone] = useState<ReadonlySet<string>>(
    () => new Set(kept(name)?.split(",").filter(Boolean)),
  );
  const toggle = (key: string): void => {
    const now = new Set(done);
    if (!now.delete(key)) now.add(key);
    keep(name, now.size ? [...now].join(",") : null);
    setDone(now);
  };
  return (
    <>
      <ul class="plain">
        {items.map((text, i) => (
          <li>
            <label class="check">
              <input type="checkbox" checked={done.has(String(i))} onChange={() => toggle(String(i))} />
              <span>{text}</span>
            </label>
          </li>
        ))}
      </ul>
      <p class="progress-line" role="status">
        {W.cards.done(done.size, items.length)}
      </p>
    </>
  );
}
