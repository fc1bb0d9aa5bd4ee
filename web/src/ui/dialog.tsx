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

/** The numbers to call now: they come from the server, which has them from its knowledge. */
export function Help({ hotlines, onClose }: { hotlines: readonly Hotline[]; onClose: () => void }) {
  return (
    <Sheet title={W.helpTitle} onClose={onClose}>
      <p>{W.helpLine}</p>
      {!hotlines.length && <p role="status">{W.helpNone}</p>}
      <ul class="plain hotlines">
        {hotlines.map((each) => (
          <li>
            <a class="call" href={`tel:${each.number}`}>
              <Icon name="call" />
              <span>
                <b>{each.number}</b> {each.name}
                {each.checked && <small>{W.helpChecked(each.checked)}</small>}
              </span>
            </a>
          </li>
        ))}
      </ul>
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

export type Item = { label: string; act: () => void; checked?: boolean };

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
            onClick={() => {
              onClose();
              item.act();
            }}
          >
            <span class="tick">{item.checked && <Icon name="check" />}</span>
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}
