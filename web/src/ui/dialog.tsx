/** Modal sheets (help, delete) and the menu; focus goes in, and back where it was. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Hotline } from "../chat/telephone";
import { W } from "../chat/words";
import { Icon, IconButton } from "./icon";

export function Sheet(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const was = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => was?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby="sheet-title"
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) props.onClose();
      }}
    >
      <div class="sheet-body">
        <header>
          <h2 id="sheet-title">{props.title}</h2>
          <IconButton icon="close" label={W.close} onClick={props.onClose} />
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

/** An official number to tap, with what it is for and the day it was checked. */
export function Call({ tel }: { tel: Hotline }) {
  const small = [tel.hours, tel.checked && W.checked(tel.checked)].filter(Boolean).join("；");
  return (
    <a class={`call ${tel.urgent ? "urgent" : ""}`} href={`tel:${tel.number}`}>
      <Icon name="call" />
      <span>
        <b>{tel.number}</b> {tel.name}
        <small>{small}</small>
      </span>
    </a>
  );
}

/** The numbers to call now: they come from the server, which has them from its knowledge. */
export function Help({ hotlines, onClose }: { hotlines: readonly Hotline[]; onClose: () => void }) {
  const others = hotlines.filter((each) => !each.urgent);
  return (
    <Sheet title={W.helpTitle} onClose={onClose}>
      <p>{W.helpLine}</p>
      {!hotlines.length && <p role="status">{W.helpNone}</p>}
      <div class="calls">
        {hotlines.map((each) => each.urgent && <Call tel={each} />)}
      </div>
      {others.length > 0 && (
        <details>
          <summary>
            <span>{W.helpOthers}</span>
            <Icon name="open" />
          </summary>
          <div class="calls">
            {others.map((each) => (
              <div>
                <Call tel={each} />
                <p class="scope">{each.scope}</p>
              </div>
            ))}
          </div>
        </details>
      )}
    </Sheet>
  );
}

export function Forget({ onYes, onClose }: { onYes: () => void; onClose: () => void }) {
  return (
    <Sheet title={W.forget} onClose={onClose}>
      <p>{W.forgetAsk}</p>
      <div class="actions end">
        <button type="button" class="text-button" onClick={onClose}>
          {W.cancel}
        </button>
        <button type="button" class="filled danger" onClick={onYes}>
          {W.forgetYes}
        </button>
      </div>
    </Sheet>
  );
}

/** Asks before a picture is kept, in the words that the server will write down. */
export function Keep(props: { asked: string; onYes: () => void; onClose: () => void }) {
  return (
    <Sheet title={W.keep} onClose={props.onClose}>
      <p>{props.asked}</p>
      <div class="actions end">
        <button type="button" class="text-button" onClick={props.onClose}>
          {W.keepNo}
        </button>
        <button type="button" class="filled" onClick={props.onYes}>
          {W.keepYes}
        </button>
      </div>
    </Sheet>
  );
}

export type Item = { label: string; act: () => void; checked?: boolean; danger?: boolean };

/** The menu by the rules of ARIA: arrows move, Escape and Tab close. */
export function Menu({ items, onClose }: { items: Item[]; onClose: () => void }) {
  const list = useRef<HTMLDivElement>(null);
  const buttons = (): HTMLElement[] =>
    Array.from(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? []);
  useEffect(() => {
    const was = document.activeElement as HTMLElement | null;
    buttons()[0]?.focus();
    return () => was?.focus();
  }, []);
  const move = (event: KeyboardEvent): void => {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) all.at(to % all.length)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div class="veil" onClick={onClose} />
      <div class="menu" role="menu" aria-label={W.menu} ref={list} onKeyDown={move}>
        {items.map((item) => (
          <button
            type="button"
            role={item.checked === undefined ? "menuitem" : "menuitemcheckbox"}
            aria-checked={item.checked}
            tabIndex={-1}
            class={item.danger ? "danger" : ""}
            onClick={() => {
              onClose();
              item.act();
            }}
          >
            {item.label}
            {item.checked && <Icon name="check" />}
          </button>
        ))}
      </div>
    </>
  );
}
