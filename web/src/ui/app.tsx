/** The screen: app bar, banners, transcript or welcome, quick replies, composer. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Conversation, State } from "../chat/conversation";
import { keep, kept } from "../chat/keep";
import { offered, type Button } from "../chat/model";
import { W } from "../chat/words";
import { embedded, leave, tellHost } from "../embedded";
import { Composer, pasteInto, type Draft } from "./composer";
import { Forget, Help, Menu, type Item } from "./dialog";
import { Icon, IconButton } from "./icon";
import { Log } from "./log";
import { useLooks } from "./looks";
import { useNewest } from "./scroll";
import { useVoice } from "./voice";
import { Welcome } from "./welcome";

type Open = "menu" | "help" | "forget" | null;

export type Shell = {
  shared: { text: string; picture: Blob | null };
  /** What a shortcut asked for: `paste`, `help`, `share`. */
  wish: string | null;
  waiting: boolean;
  update: () => void;
  canInstall: boolean;
  install: () => void;
};

export function App({ chat, shell }: { chat: Conversation; shell: Shell }) {
  const [state, setState] = useState<State>(chat.state);
  const [text, setText] = useState(shell.shared.text);
  const [open, setOpen] = useState<Open>(shell.wish === "help" ? "help" : null);
  const [veiled, setVeiled] = useState(kept("veiled") === "1");
  const [looks, toggle] = useLooks();
  const readable = useVoice();
  const input = useRef<HTMLTextAreaElement>(null);
  const draft: Draft = { text, set: setText };

  useLayoutEffect(() => chat.subscribe(() => setState(chat.state)), [chat]);
  useEffect(() => {
    if (shell.shared.text) setText(shell.shared.text);
  }, [shell.shared]);

  useEffect(() => {
    if (shell.wish === "paste") input.current?.focus();
  }, []);

  const { events, unsent } = state.transcript;
  const { scroller, end, unread, away, toNewest } = useNewest(state);
  useEffect(() => {
    tellHost({ unread });
  }, [unread]);

  const empty = veiled || (!events.length && !unsent.length);
  const chips = empty || state.typing ? [] : offered(state.transcript);
  const say = (words: string, payload?: string): void => {
    unveil();
    chat.say(words, payload);
    toNewest();
  };
  /** A quick reply goes away when it is chosen: with a keyboard, the focus goes on writing. */
  const choose = (chip: Button, byKeyboard: boolean): void => {
    say(chip.title, chip.payload);
    if (byKeyboard) input.current?.focus({ preventScroll: true });
  };
  const unveil = (): void => {
    keep("veiled", null);
    setVeiled(false);
  };
  const close = (): void => setOpen(null);
  const goAway = (): void => {
    chat.vanish();
    leave();
  };

  const items: Item[] = [
    { label: W.large, act: () => toggle("large"), checked: looks.large },
    { label: W.dark, act: () => toggle("dark"), checked: looks.dark },
    { label: W.contrast, act: () => toggle("contrast"), checked: looks.contrast },
    ...(shell.canInstall ? [{ label: W.install, act: shell.install }] : []),
    ...(embedded ? [{ label: W.newWindow, act: () => void window.open("./", "_blank", "noopener") }] : []),
    { label: W.mine, act: () => say(W.mineText) },
    { label: W.about, act: () => say(W.aboutText) },
    { label: W.restart, act: () => say(W.restartText) },
    { label: W.forget, act: () => setOpen("forget"), danger: true },
  ];

  return (
    <div class="app">
      <header class="bar">
        <span class="avatar" aria-hidden="true">
          稳
        </span>
        <h1>{W.name}</h1>
        <button type="button" class="text-button help" onClick={() => setOpen("help")}>
          <Icon name="heart" />
          {W.help}
        </button>
        <button type="button" class="text-button leave" onClick={goAway}>
          <Icon name="leave" />
          {W.leave}
        </button>
        <IconButton icon="more" label={W.menu} expanded={open === "menu"} onClick={() => setOpen("menu")} />
        {embedded && <IconButton icon="close" label={W.close} onClick={() => tellHost({ close: true })} />}
        {open === "menu" && <Menu items={items} onClose={close} />}
      </header>

      <div class="banners" role="status">
        {state.link === "offline" && <p class="banner">{W.offline}</p>}
        {state.notice && (
          <p class="banner note">
            <span>{state.notice}</span>
            <IconButton icon="close" label={W.close} class="small" onClick={() => chat.notice(null)} />
          </p>
        )}
        {shell.waiting && (
          <p class="banner note">
            <span>{W.update}</span>
            <button type="button" class="text-button" onClick={shell.update}>
              {W.updateNow}
            </button>
          </p>
        )}
      </div>

      <main class="scroller" ref={scroller} tabIndex={0} aria-label={W.log}>
        {empty && (
          <Welcome
            resume={veiled && kept("token") ? unveil : null}
            onSay={say}
            onPaste={() => {
              input.current?.focus();
              void pasteInto(draft, chat);
            }}
          />
        )}
        <div class="log" role="log" aria-live="polite" aria-relevant="additions" aria-label={W.log}>
          {!empty && (
            <Log
              transcript={state.transcript}
              typing={state.typing}
              hotlines={state.hotlines}
              chat={chat}
              readable={readable}
            />
          )}
        </div>
        {chips.length > 0 && (
          <div class="chips">
            {chips.map((chip) => (
              <button key={chip.payload + chip.title} type="button" class="chip" onClick={(event) => choose(chip, event.detail === 0)}>
                {chip.title}
              </button>
            ))}
          </div>
        )}
        <div ref={end} />
      </main>

      <footer class="dock">
        {away && !empty && (
          <button type="button" class="newest" onClick={toNewest} aria-label={unread ? `${W.newest}，${W.unread(unread)}` : W.newest}>
            <Icon name="down" />
            {unread > 0 && <b class="badge">{unread}</b>}
          </button>
        )}
        <Composer chat={chat} state={state} draft={draft} input={input} simple={looks.large} shared={shell.shared.picture} onSent={toNewest} />
      </footer>

      {open === "help" && <Help hotlines={state.hotlines} onClose={close} />}
      {open === "forget" && (
        <Forget
          onClose={close}
          onYes={() => {
            close();
            unveil();
            setText("");
            void chat.forget();
          }}
        />
      )}
    </div>
  );
}
