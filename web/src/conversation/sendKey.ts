import type { KeyboardEvent } from "react";

/** Enter sends, Shift+Enter breaks the line. Not while an input method is composing a word. */
export function sendsOn(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return false;
  // On a touch keyboard there is no Shift+Enter; the button sends.
  return !window.matchMedia("(pointer: coarse)").matches;
}
