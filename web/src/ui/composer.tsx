/** The bottom line: write, paste, attach, photograph, dictate, send. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Conversation, State } from "../chat/conversation";
import { W } from "../chat/words";
import { Icon, IconButton } from "./icon";
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
}) {
  const { chat, state, draft, input } = props;
  const [share, setShare] = useState<number | null>(null);
  const [open, setOpen] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const dictation = useDictation((text) => draft.set(text));
  const pictures = state.largest > 0;

  useLayoutEffect(() => {
    const area = input.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [draft.text, props.simple]);

  const send = (): void => {
    if (!draft.text.trim()) return;
    const before = state.transcript.unsent.length;
    chat.say(draft.text);
    if (chat.state.transcript.unsent.length > before || !chat.state.notice) draft.set("");
    input.current?.focus();
  };

  const upload = async (picture: Blob | undefined): Promise<void> => {
    if (!picture) return;
    if (!picture.type.startsWith("image/")) return chat.notice(W.uploadKind);
    if (picture.size > state.largest) {
      return chat.notice(W.uploadBig(Math.floor(state.largest / 1e6)));
    }
    setOpen(false);
    setShare(0);
    const answer = await chat.upload(picture, setShare);
    setShare(null);
    if ("error" in answer) return chat.notice(answer.error ?? W.uploadFailed);
    if (!answer.text.trim()) return chat.notice(W.readNone);
    chat.notice(W.readText);
    draft.set(answer.text);
    input.current?.focus();
  };

  useEffect(() => {
    if (props.shared && pictures) void upload(props.shared);
  }, [props.shared, pictures]);

  const take = (event: { currentTarget: HTMLInputElement }): void => {
    const picture = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    void upload(picture);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {share !== null && (
        <label class="progress">
          {share < 1 ? W.uploading : W.reading}
          <progress value={share < 1 ? share : undefined} max={1} />
        </label>
      )}
      {open && (
        <div class="tools" id="tools">
          <Tool icon="paste" label={W.paste} onClick={() => void pasteInto(draft, chat)} />
          {pictures && (
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
        <textarea
          ref={input}
          rows={1}
          value={draft.text}
          placeholder={W.input}
          aria-label={W.input}
          enterkeyhint="send"
          onInput={(event) => draft.set(event.currentTarget.value)}
          onPaste={(event) => {
            const picture = Array.from(event.clipboardData?.files ?? [])[0];
            if (picture && pictures) {
              event.preventDefault();
              void upload(picture);
            }
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            }
          }}
        />
        <IconButton icon="send" label={W.send} class="send" disabled={!draft.text.trim()} onClick={send} />
      </div>
      <input ref={file} type="file" accept={PICTURES} class="gone" tabIndex={-1} aria-hidden="true" onChange={take} />
      <input
        ref={camera}
        type="file"
        accept={PICTURES}
        capture="environment"
        class="gone"
        tabIndex={-1}
        aria-hidden="true"
        onChange={take}
      />
    </form>
  );
}

function Tool(props: { icon: "paste" | "image" | "camera" | "mic" | "stop"; label: string; onClick: () => void }) {
  return (
    <div class="tool">
      <IconButton {...props} class="tonal" />
      <span aria-hidden="true">{props.label}</span>
    </div>
  );
}
