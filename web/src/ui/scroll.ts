/**
 * Keeps the newest in sight while the person is at the end, and counts what came while
 * not. An answer higher than the screen is shown from its beginning, to be read downwards.
 */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { State } from "../chat/conversation";
import type { Event } from "../chat/model";
import { W } from "../chat/words";

/** Pixels from the end that still count as being there. */
const NEAR = 80;
/** Milliseconds in which rows that just came may still get their height. */
const FRESH_MS = 400;
/** Pixels left above the beginning of a long answer. */
const ABOVE = 12;

/** The number of the first bubble of the bot's last turn; 0 while the person spoke last. */
export function answerStart(events: readonly Event[]): number {
  let start = 0;
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i];
    if (event?.from !== "bot") break;
    start = event.n;
  }
  return start;
}

export function useNewest(state: State): {
  scroller: RefObject<HTMLElement | null>;
  /** Goes on an empty element after the newest. */
  end: RefObject<HTMLDivElement | null>;
  unread: number;
  away: boolean;
  toNewest: () => void;
} {
  const scroller = useRef<HTMLElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  const [seen, setSeen] = useState(0);
  const follow = useRef(true);
  const { events, unsent } = state.transcript;
  const last = events.at(-1)?.n ?? 0;
  const start = useRef(0);
  const fresh = useRef(false);
  start.current = unsent.length ? 0 : answerStart(events);

  const toNewest = (): void => {
    follow.current = true;
    const area = scroller.current;
    if (area) area.scrollTop = area.scrollHeight;
  };

  /** While the person is at the end: the end, or the beginning of what just came. */
  const settle = (): void => {
    const area = scroller.current;
    if (!follow.current || !area) return;
    const first = fresh.current && start.current && area.querySelector<HTMLElement>(`[data-n="${start.current}"]`);
    const top = first ? first.offsetTop - ABOVE : area.scrollHeight;
    if (area.scrollHeight - top <= area.clientHeight) return toNewest();
    follow.current = false;
    area.scrollTop = top;
    setSeen(last);
  };

  useEffect(() => {
    const area = scroller.current;
    if (!area) return;
    // Asking the area where it stands would lay out every row at every scroll.
    const look = new IntersectionObserver(
      ([mark]) => {
        const near = mark?.isIntersecting ?? true;
        follow.current = near;
        setAway(!near);
      },
      { root: area, rootMargin: `0px 0px ${NEAR}px` },
    );
    if (end.current) look.observe(end.current);
    return () => look.disconnect();
  }, []);

  useEffect(() => {
    const area = scroller.current;
    if (!area) return;
    // The keyboard, the composer and rows drawn late change the heights.
    const size = new ResizeObserver(settle);
    for (const each of [area, ...area.querySelectorAll("[role=log]")]) size.observe(each);
    return () => size.disconnect();
  }, [last]);

  useLayoutEffect(() => {
    fresh.current = true;
    settle();
    const old = setTimeout(() => (fresh.current = false), FRESH_MS);
    return () => clearTimeout(old);
  }, [last, unsent.length]);
  useLayoutEffect(settle, [state.typing]);

  useEffect(() => {
    const read = (): void => {
      if (!document.hidden && !away) setSeen(last);
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [last, away]);

  const unread = events.filter((event) => event.n > seen && event.from === "bot").length;
  useEffect(() => {
    document.title = document.hidden && unread ? `(${unread}) ${W.name}` : W.name;
    const badge = navigator as Navigator & {
      setAppBadge?: (n: number) => Promise<void>;
      clearAppBadge?: () => Promise<void>;
    };
    const done = unread ? badge.setAppBadge?.(unread) : badge.clearAppBadge?.();
    done?.catch(() => undefined);
  }, [unread]);
  return { scroller, end, unread, away, toNewest };
}
