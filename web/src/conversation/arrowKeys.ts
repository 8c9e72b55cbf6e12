import type { KeyboardEvent } from "react";

/** In the list of messages: up and down go from one to the next, Enter opens its menu. */
export function moveAmongMessages(event: KeyboardEvent<HTMLElement>): void {
  const focused = document.activeElement;
  const inside = focused === event.currentTarget || focused?.matches(".message");
  if (!inside || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter") {
    focused?.querySelector<HTMLElement>("[aria-haspopup=menu]")?.focus();
    return;
  }
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
  if (step === 0) return;
  const messages = [...event.currentTarget.querySelectorAll<HTMLElement>(".message")];
  const at = messages.indexOf(focused as HTMLElement);
  const target = at < 0 ? messages.at(-1) : messages[at + step];
  if (!target) return;
  event.preventDefault();
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}
