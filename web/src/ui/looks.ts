/** How it looks, by the person's choice: kept on the device, shown on the root element. */
import { useState } from "preact/hooks";

import { keep, kept } from "../chat/keep";

export type Looks = { large: boolean; contrast: boolean; dark: boolean };

const prefersDark = (): boolean => matchMedia("(prefers-color-scheme: dark)").matches;

export function looksNow(): Looks {
  const theme = kept("theme");
  return {
    large: kept("large") === "1",
    contrast: kept("contrast") === "1",
    dark: theme ? theme === "dark" : prefersDark(),
  };
}

/** Shows the looks; a theme is forced only once the person has chosen one. */
export function show(looks: Looks): void {
  const root = document.documentElement;
  root.toggleAttribute("data-large", looks.large);
  root.toggleAttribute("data-contrast", looks.contrast);
  const theme = kept("theme");
  if (theme) root.dataset["theme"] = theme;
}

export function useLooks(): [Looks, (name: keyof Looks) => void] {
  const [looks, set] = useState(looksNow);
  const toggle = (name: keyof Looks): void => {
    const now = { ...looks, [name]: !looks[name] };
    if (name === "dark") keep("theme", now.dark ? "dark" : "light");
    else keep(name, now[name] ? "1" : null);
    set(now);
    show(now);
  };
  return [looks, toggle];
}
