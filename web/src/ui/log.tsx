/** The transcript: days, groups, bubbles, what is on its way, and typing dots. */
import { Fragment } from "preact";
import { memo } from "preact/compat";
import type { ComponentChildren } from "preact";

import { saysItAll, view } from "../chat/cards";
import type { Conversation } from "../chat/conversation";
import { day, together, type Event, type Transcript, type Unsent } from "../chat/model";
import { numbers, parts, visible, type Hotline } from "../chat/telephone";
import { dayOf, timeOf } from "../chat/when";
import { W } from "../chat/words";
import { CardView } from "./card";
import { Call } from "./dialog";
import { FileLink } from "./letter";
import { IconButton } from "./icon";
import { useReading } from "./voice";

/** A text with its official numbers as links. */
function Words({ text, hotlines }: { text: string; hotlines: readonly Hotline[] }) {
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

/** The words of an event; a file beside it has a button, so its address is not read out. */
const wordsOf = ({ text, file }: Event): string =>
  file ? text.replace(file.url, "").replace(/\n{2,}/g, "\n").trim() : text;

/** The day on which the oldest of some numbers was checked. */
const checkedOn = (tels: readonly Hotline[]): string | undefined =>
  tels.map(({ checked }) => checked ?? "").sort()[0];

type RowProps = {
  event: Event;
  first: boolean;
  last: boolean;
  hotlines: readonly Hotline[];
  /** The whole reply, on its last bubble where it can be read aloud; else nothing. */
  spoken: string;
};

const Row = memo(function Row({ event, first, last, hotlines, spoken }: RowProps) {
  const { reading, read } = useReading(event.n);
  const mine = event.from === "me";
  const seen = event.card ? view(event.card) : null;
  const tels = mine ? [] : numbers(event.text, hotlines);
  const calls = tels.filter((tel) => tel.urgent);
  const checked = calls.length ? undefined : checkedOn(tels);
  const beside = seen || event.file || calls.length ? "beside" : "";
  return (
    <div
      class={`row ${mine ? "mine" : "bot"} ${first ? "first" : ""} ${last ? "last" : ""} ${beside}`}
      data-n={event.n}
    >
      {!(seen && saysItAll(seen)) && (
        <div class="bubble" dir="auto">
          <span class="hidden">{mine ? W.me : W.bot}：</span>
          {mine ? visible(event.text) : <Words text={wordsOf(event)} hotlines={hotlines} />}
        </div>
      )}
      {checked && <p class="checked">{W.numbersChecked(checked)}</p>}
      {calls.length > 0 && (
        <div class="calls">
          {calls.map((tel) => (
            <Call tel={tel} />
          ))}
        </div>
      )}
      {seen && <CardView seen={seen} n={event.n} />}
      {event.file && <FileLink file={event.file} />}
      {last && (
        <div class="meta">
          <time dateTime={new Date(event.at).toISOString()}>{timeOf(event.at)}</time>
          {spoken && (
            <IconButton
              icon={reading ? "stop" : "speak"}
              label={reading ? W.readStop : W.read}
              class="small"
              pressed={reading}
              onClick={() => read(spoken)}
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

/** The words of the group that ends with an event, for reading aloud. */
function reply(events: readonly Event[], end: number): string {
  let start = end;
  for (; start > 0; start--) {
    const [before, event] = [events[start - 1], events[start]];
    if (!before || !event || !together(before, event)) break;
  }
  return events.slice(start, end + 1).map(wordsOf).join("\n");
}

/** The rows, day by day; drawn again only when one of them changed, not at each key. */
export const Log = memo(function Log(props: {
  transcript: Transcript;
  typing: boolean;
  hotlines: readonly Hotline[];
  chat: Conversation;
  readable: boolean;
}) {
  const { typing, hotlines, chat, readable } = props;
  const { events, unsent } = props.transcript;
  const days: { key: string; at: number; rows: ComponentChildren[] }[] = [];
  events.forEach((event, i) => {
    const before = events[i - 1];
    const after = events[i + 1];
    const last = !after || !together(event, after);
    if (!before || day(before.at) !== day(event.at)) {
      days.push({ key: day(event.at), at: event.at, rows: [] });
    }
    days.at(-1)?.rows.push(
      <Row
        key={event.n}
        event={event}
        first={!before || !together(before, event)}
        last={last}
        hotlines={hotlines}
        spoken={readable && last && event.from === "bot" ? reply(events, i) : ""}
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
