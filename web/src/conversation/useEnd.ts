import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

const AT_END_PX = 40;
/** While rows are measured for the first time, the list may seem shorter than it is. */
const SETTLED_AFTER_MS = 200;

/**
 * Whether the newest message is on screen; null until it is known, for what was not on screen
 * must not count as read. Whoever is at the end stays there when the box below grows or a
 * keyboard opens. `look` is for each scroll.
 */
export function useEnd(scroller: RefObject<HTMLElement | null>) {
  const [atEnd, setAtEnd] = useState<boolean | null>(null);
  const held = useRef(true);
  const settled = useRef(false);
  const look = useCallback(() => {
    if (!scroller.current) return;
    held.current = isAtEnd(scroller.current);
    if (settled.current) setAtEnd(held.current);
  }, [scroller]);

  useEffect(() => {
    const timer = setTimeout(() => {
      settled.current = true;
      look();
    }, SETTLED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [look]);

  useEffect(() => {
    const log = scroller.current;
    if (!log) return;
    const observer = new ResizeObserver(() => {
      if (held.current) log.scrollTop = log.scrollHeight;
      else look();
    });
    observer.observe(log);
    return () => observer.disconnect();
  }, [scroller, look]);

  return { atEnd, look };
}

function isAtEnd(log: HTMLElement): boolean {
  return log.scrollHeight - log.scrollTop - log.clientHeight <= AT_END_PX;
}
