/** Cards: a drawing of what the text beside them says. */
import { useId, useState } from "preact/hooks";

import { marks, view, type View } from "../chat/cards";
import type { Card } from "../chat/model";
import { visible, type Hotline } from "../chat/telephone";
import { W } from "../chat/words";
import { Letter } from "./letter";
import { Words } from "./log";

export function CardView({ card, hotlines }: { card: Card; hotlines: readonly Hotline[] }) {
  const seen = view(card);
  const id = useId();
  if (!seen) return null;
  return (
    <section class={`card ${seen.kind}`} aria-labelledby={id}>
      <h2 id={id}>{titleOf(seen)}</h2>
      <Body seen={seen} hotlines={hotlines} />
    </section>
  );
}

function titleOf(seen: View): string {
  return ("title" in seen && seen.title) || W.cards[seen.kind];
}

function Body({ seen, hotlines }: { seen: View; hotlines: readonly Hotline[] }) {
  switch (seen.kind) {
    case "findings":
      return <Findings seen={seen} />;
    case "checklist":
      return <Checklist items={seen.items} />;
    case "letter":
      return <Letter title={titleOf(seen)} text={seen.text} />;
    case "rights":
      return (
        <ul class="plain">
          {seen.rights.map((each) => (
            <li>
              <p>
                <Words text={each.text} hotlines={hotlines} />
              </p>
              <p class="source">
                {[each.article, each.source && `${W.cards.source}：${each.source}`]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            </li>
          ))}
        </ul>
      );
    case "timeline":
      return (
        <ol class="plain dated">
          {seen.items.map((each) => (
            <li>
              <b>{each.when}</b> {each.text}
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
      <ol class="plain">
        {seen.findings.map((each, i) => (
          <li>
            <b>
              {i + 1} {each.title || each.phrase}
            </b>
            {each.why && <p>{each.why}</p>}
          </li>
        ))}
      </ol>
      {seen.verdict && <p class="verdict">{seen.verdict}</p>}
    </>
  );
}

function Checklist({ items }: { items: string[] }) {
  const [done, setDone] = useState<ReadonlySet<number>>(new Set());
  const toggle = (i: number): void => {
    const now = new Set(done);
    if (!now.delete(i)) now.add(i);
    setDone(now);
  };
  return (
    <ul class="plain">
      {items.map((text, i) => (
        <li>
          <label class="check">
            <input type="checkbox" checked={done.has(i)} onChange={() => toggle(i)} />
            <span>{text}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}
