/** Time that passes while the page is open, and the reader's way of writing it. */

import { useSyncExternalStore } from "react";
import { displayLocale } from "../model/time";

const MINUTE_MS = 60_000;

export const locale = displayLocale(navigator.languages);

let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  now = Date.now();
  for (const watcher of watchers) watcher();
  schedule();
}

function schedule(): void {
  clearTimeout(timer);
  if (watchers.size > 0) timer = setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS));
}

function watch(watcher: () => void): () => void {
  if (watchers.size === 0) now = Date.now();
  watchers.add(watcher);
  if (watchers.size === 1) schedule();
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) clearTimeout(timer);
  };
}

/** The current minute; all times on the page move on together. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

function watchFocus(watcher: () => void): () => void {
  window.addEventListener("focus", watcher);
  window.addEventListener("blur", watcher);
  document.addEventListener("visibilitychange", watcher);
  return () => {
    window.removeEventListener("focus", watcher);
    window.removeEventListener("blur", watcher);
    document.removeEventListener("visibilitychange", watcher);
  };
}

/** Whether somebody is looking: the page is visible and its window has the focus. */
export function useIsFocused(): boolean {
  return useSyncExternalStore(
    watchFocus,
    () => document.visibilityState === "visible" && document.hasFocus(),
  );
}
