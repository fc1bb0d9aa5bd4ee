/** The bottom line: write, paste, attach, photograph, dictate, send. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Conversation, State } from "../chat/conversation";
import { W } from "../chat/words";
import { Keep } from "./dialog";
import { Icon, IconButton, type IconName } from "./icon";
import { PictureBar, usePicture } from "./picture";
import { canDictate, useDictation } from "./voice";

const PICTURES = "image/png,image/jpeg,image/webp";

export type Draft = { text: string; set: (text: string) => void };

/** Puts the clipboard into the draft, or says how to paste by hand. */
export async function pasteInto(draft: Draft, chat: Conversation): Promise<void> {
  try {
    const text = await navigator.clipboard.readText();
    if (text.trim()) return draft.set(text);
  } catch {
    // refused or missing: the person pastes by hand
  }
  chat.notice(W.noClipboard);
}

export function Composer(props: {
  chat: Conversation;
  state: State;
  draft: Draft;
  input: RefObject<HTMLTextAreaElement | null>;
  simple: boolean;
  shared: Blob | null;
  onSent: () => void;
}) {
  const { chat, state, draft, input } = props;
  const [open, setOpen] = useState(false);
  const [keeping, setKeeping] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const dictation = useDictation((text) => draft.set(text));
  const takesPictures = state.largest > 0;
  const { picture, take, drop } = usePicture(chat, state, (text) => {
    draft.set(text);
    input.current?.focus();
  });

  useLayoutEffect(() => {
    const area = input.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [draft.text, props.simple]);

  const send = (): void => {
    if (!draft.text.trim() || !chat.say(draft.text)) return;
    draft.set("");
    setOpen(false);
    props.onSent();
  };

  useEffect(() => {
    if (props.shared && takesPictures) void take(props.shared);
  }, [props.shared, takesPictures]);

  const choose = (event: { currentTarget: HTMLInputElement }): void => {
    const chosen = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    setOpen(false);
    void take(chosen);
  };

  const paste = (): void => {
    setOpen(false);
    input.current?.focus();
    void pasteInto(draft, chat);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {picture && (
        <PictureBar
          picture={picture}
          mending={draft.text.trim() !== ""}
          onKeep={() => setKeeping(true)}
          onDrop={drop}
        />
      )}
      {picture && keeping && (
        <Keep
          asked={state.consent}
          onClose={() => setKeeping(false)}
          onYes={async () => {
            setKeeping(false);
            if (await chat.keepPicture(picture.blob)) drop();
          }}
        />
      )}
      {open && (
        <div class="tools" id="tools">
          <Tool icon="paste" label={W.paste} onClick={paste} />
          {takesPictures && (
            <>
              <Tool icon="image" label={W.attach} onClick={() => file.current?.click()} />
              <Tool icon="camera" label={W.camera} onClick={() => camera.current?.click()} />
            </>
          )}
          {canDictate && (
            <Tool
              icon={dictation.on ? "stop" : "mic"}
              label={dictation.on ? W.voiceStop : W.voice}
              onClick={dictation.toggle}
            />
          )}
        </div>
      )}
      <div class="line">
        <button
          type="button"
          class={`icon-button plus ${open ? "turned" : ""}`}
          aria-label={W.more}
          title={W.more}
          aria-expanded={open}
          aria-controls={open ? "tools" : undefined}
          onClick={() => setOpen(!open)}
        >
          <Icon name="add" />
        </button>
        <div class="field">
          <textarea
            ref={input}
            rows={1}
            value={draft.text}
            placeholder={W.input}
            aria-label={W.input}
            enterkeyhint="send"
            onInput={(event) => draft.set(event.currentTarget.value)}
            onPaste={(event) => {
              const pasted = Array.from(event.clipboardData?.files ?? [])[0];
              if (pasted && takesPictures) {
                event.preventDefault();
                void take(pasted);
              }
            }}
            onKeyDown={(event) => {
              if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
                event.preventDefault();
                send();
              }
            }}
          />
          {takesPictures && !draft.text && (
            <IconButton icon="image" label={W.screenshot} onClick={() => file.current?.click()} />
          )}
        </div>
        {/* A press leaves the focus where it is, so that a keyboard stays open or closed. */}
        <span onPointerDown={(event) => event.preventDefault()}>
          <IconButton icon="send" label={W.send} class="send" disabled={!draft.text.trim()} onClick={send} />
        </span>
      </div>
      <input ref={file} type="file" accept={PICTURES} class="gone" tabIndex={-1} aria-hidden="true" onChange={choose} />
      <input
        ref={camera}
        type="file"
        accept={PICTURES}
        capture="environment"
        class="gone"
        tabIndex={-1}
        aria-hidden="true"
        onChange={choose}
      />
    </form>
  );
}

function Tool(props: { icon: IconName; label: string; onClick: () => void }) {
  return (
    <div class="tool">
      <IconButton {...props} class="tonal" />
      <span aria-hidden="true">{props.label}</span>
    </div>
  );
}
