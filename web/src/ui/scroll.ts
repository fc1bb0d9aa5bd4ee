/** Keeps the newest in sight while the person is at the end, and counts what came while not. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { State } from "../chat/conversation";
import { W } from "../chat/words";

/** Pixels from the end that still count as being there. */
const NEAR = 80;

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
  const { events } = state.transcript;
  const last = events.at(-1)?.n ?? 0;

  const toNewest = (): void => {
    follow.current = true;
    const area = scroller.current;
    if (area) area.scrollTop = area.scrollHeight;
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
    // The keyboard, the composer and rows drawn late change the heights.
    const size = new ResizeObserver(() => follow.current && toNewest());
    for (const each of [area, ...area.querySelectorAll("[role=log]")]) size.observe(each);
    return () => {
      look.disconnect();
      size.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    if (follow.current) toNewest();
  });

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
