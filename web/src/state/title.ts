import { useEffect } from "react";
import { unreadTotal } from "../model/inbox";
import { documentTitle } from "../model/unread";
import { useInbox } from "./inbox";

/** Names the tab after the page and how much is unread. */
export function useTitle(page: string): void {
  const { data: inbox } = useInbox();
  const title = documentTitle(page, unreadTotal(inbox));
  useEffect(() => {
    document.title = title;
  }, [title]);
}
