import type { ReactNode } from "react";
import { useLiveInbox } from "../state/live";
import { Rail } from "./Rail";

/** What stays the same from page to page. */
export function Frame({ children }: { children: ReactNode }) {
  useLiveInbox();
  return (
    <div className="frame">
      <Rail />
      {children}
    </div>
  );
}
