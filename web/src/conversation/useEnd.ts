import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const AT_END_PX = 40;
/** A list whose height has not changed for so long, and for so many frames, stands still. */
const STILL_MS = 200;
const STILL_FRAMES = 3;
const TAKEOVERS = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

/** What is on screen; `atEnd` is null until it is known. */
export interface Shown {
  atEnd: boolean | null;
  /** The last message that is on screen to its end. */
  lastSeq: number;
}

interface List {
  scroller: RefObject<HTMLElement | null>;
  /** The height of all rows, as far as it is known (px). */
  height: number;
  /** Scrolls to where the reader wants to be. */
  aim: () => void;
  /** The last message that ends above a height (px from the top of the list). */
  lastSeqAbove: (bottom: number) => number;
}

/**
 * Which part of the log is on screen; unknown at first, for what was not on screen must not count
 * as read. Rows are measured as they come into view, which moves what one aims at: it is aimed
 * again until the list stands still, or the reader takes over. Whoever is at the end stays there
 * when the box below grows or a keyboard opens. `look` is for each scroll.
 */
export function useEnd(list: List) {
  const { scroller, height } = list;
  const [shown, setShown] = useState<Shown>({ atEnd: null, lastSeq: 0 });
  const latest = useRef(list);
  latest.current = list;
  const held = useRef(false);
  const aiming = useRef(true);
  const frame = useRef(0);

  const look = useCallback(() => {
    const log = scroller.current;
    if (!log || aiming.current) return;
    held.current = isAtEnd(log);
    const lastSeq = latest.current.lastSeqAbove(log.scrollTop + log.clientHeight);
    setShown((before) =>
      before.atEnd === held.current && before.lastSeq === lastSeq
        ? before
        : { atEnd: held.current, lastSeq },
    );
  }, [scroller]);

  const aimAgain = useCallback(() => {
    aiming.current = true;
    latest.current.aim();
    cancelAnimationFrame(frame.current);
    const since = performance.now();
    const wait = (frames: number) => {
      frame.current = requestAnimationFrame((now) => {
        if (frames < STILL_FRAMES || now - since < STILL_MS) return wait(frames + 1);
        aiming.current = false;
        look();
        // Almost at the end is not where one aimed.
        if (held.current) stayAtEnd(scroller.current);
      });
    };
    wait(1);
  }, [scroller, look]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: with another height all has moved
  useLayoutEffect(() => {
    if (aiming.current) aimAgain();
  }, [height, aimAgain]);

  useEffect(() => {
    const log = scroller.current;
    if (!log) return;
    const takeOver = () => {
      aiming.current = false;
      cancelAnimationFrame(frame.current);
    };
    for (const event of TAKEOVERS) log.addEventListener(event, takeOver, { passive: true });
    const observer = new ResizeObserver(() => {
      if (aiming.current) aimAgain();
      else if (held.current) stayAtEnd(log);
      else look();
    });
    observer.observe(log);
    return () => {
      takeOver();
      for (const event of TAKEOVERS) log.removeEventListener(event, takeOver);
      observer.disconnect();
    };
  }, [scroller, look, aimAgain]);

  return { shown, look, aimAgain };
}

function stayAtEnd(log: HTMLElement | null): void {
  if (log) log.scrollTop = log.scrollHeight;
}

function isAtEnd(log: HTMLElement): boolean {
  return log.scrollHeight - log.scrollTop - log.clientHeight <= AT_END_PX;
}
