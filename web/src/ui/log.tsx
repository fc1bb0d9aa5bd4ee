/** The transcript: days, groups, bubbles, what is on its way, and typing dots. */
import { Fragment } from "preact";
import { memo } from "preact/compat";
import type { ComponentChildren } from "preact";

import type { Conversation } from "../chat/conversation";
import { day, together, type Event, type Transcript, type Unsent } from "../chat/model";
import { parts, visible, type Hotline } from "../chat/telephone";
import { dayOf, timeOf } from "../chat/when";
import { W } from "../chat/words";
import { CardView } from "./card";
import { FileLink } from "./letter";
import { IconButton } from "./icon";
import { canRead, useReading } from "./voice";

/** A text with its official numbers as links. */
export function Words({ text, hotlines }: { text: string; hotlines: readonly Hotline[] }) {
  return (
    <>
      {parts(visible(text), hotlines).map(({ text: part, tel }) =>
        tel ? (
          <a class="tel" href={`tel:${tel.number}`} aria-label={W.call(tel.name, tel.number)}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}

const Row = memo(function Row(props: {
  event: Event;
  first: boolean;
  last: boolean;
  hotlines: readonly Hotline[];
}) {
  const { event, first, last } = props;
  const { reading, read } = useReading(event.n);
  const mine = event.from === "me";
  return (
    <div class={`row ${mine ? "mine" : "bot"} ${first ? "first" : ""} ${last ? "last" : ""}`}>
      <div class="bubble" dir="auto">
        <span class="hidden">{mine ? W.me : W.bot}：</span>
        {mine ? visible(event.text) : <Words text={event.text} hotlines={props.hotlines} />}
      </div>
      {event.card && <CardView card={event.card} hotlines={props.hotlines} />}
      {event.file && <FileLink file={event.file} />}
      {last && (
        <div class="meta">
          <time dateTime={new Date(event.at).toISOString()}>{timeOf(event.at)}</time>
          {!mine && canRead() && (
            <IconButton
              icon={reading ? "stop" : "speak"}
              label={reading ? W.readStop : W.read}
              class="small"
              pressed={reading}
              onClick={() => read(event.text)}
            />
          )}
        </div>
      )}
    </div>
  );
});

function Waiting({ message, chat, last }: { message: Unsent; chat: Conversation; last: boolean }) {
  const failed = message.state === "failed";
  return (
    <div class={`row mine ${last ? "last" : ""} ${failed ? "failed" : "waiting"}`}>
      <div class="bubble" dir="auto">
        <span class="hidden">{W.me}：</span>
        {visible(message.text)}
      </div>
      <div class="meta">
        {failed ? W.failed : W.waiting}
        {failed && (
          <>
            <button type="button" class="text-button" onClick={() => chat.retry(message.id)}>
              {W.retry}
            </button>
            <button type="button" class="text-button" onClick={() => chat.discard(message.id)}>
              {W.discard}
            </button>
          </>
        )}
      </div>
    </div>
  );
}

function Day({ at }: { at: number }) {
  return (
    <div class="day">
      <span>{dayOf(at)}</span>
    </div>
  );
}

/** The rows, day by day; drawn again only when one of them changed, not at each key. */
export const Log = memo(function Log(props: {
  transcript: Transcript;
  typing: boolean;
  hotlines: readonly Hotline[];
  chat: Conversation;
}) {
  const { typing, hotlines, chat } = props;
  const { events, unsent } = props.transcript;
  const days: { key: string; at: number; rows: ComponentChildren[] }[] = [];
  events.forEach((event, i) => {
    const before = events[i - 1];
    const after = events[i + 1];
    if (!before || day(before.at) !== day(event.at)) {
      days.push({ key: day(event.at), at: event.at, rows: [] });
    }
    days.at(-1)?.rows.push(
      <Row
        key={event.n}
        event={event}
        first={!before || !together(before, event)}
        last={!after || !together(event, after)}
        hotlines={hotlines}
      />,
    );
  });
  return (
    <>
      {days.map((each) => (
        <Fragment key={each.key}>
          <Day at={each.at} />
          {each.rows}
        </Fragment>
      ))}
      {unsent.map((message, i) => (
        <Waiting key={message.id} message={message} chat={chat} last={i === unsent.length - 1} />
      ))}
      {typing && (
        <div class="row bot first last">
          <div class="bubble typing">
            <span class="hidden">{W.typing}</span>
            <i /> <i /> <i />
          </div>
        </div>
      )}
    </>
  );
});
