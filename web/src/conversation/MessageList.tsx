import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { isSystem, type Row } from "../model/rows";
import { moveAmongMessages } from "./arrowKeys";
import { JumpButton } from "./JumpButton";
import { MessageRow } from "./MessageRow";
import { useEnd } from "./useEnd";

const ROW_ESTIMATE_PX = 52;
/** Always the same, whatever stands there, so that reading is not disturbed. */
const TOP_PX = 148;
const BOTTOM_PX = 12;
const FOLLOW_PX = 40;
/** So many rows before the first one is reached, older ones are asked for. */
const LOAD_AHEAD_ROWS = 12;

export interface ListHandle {
  toEnd(): void;
  editLast(): void;
}

interface Props {
  ref: Ref<ListHandle>;
  label: string;
  rows: Row[];
  /** Whether rows say who sent them. */
  named: boolean;
  newestSeq: number;
  top: ReactNode;
  loadOlder: (() => void) | undefined;
  unseen: number;
  onAtEnd: (atEnd: boolean) => void;
}

/** Only the rows around what is on screen are in the document; the end is the fixed point. */
export function MessageList(props: Props) {
  const { rows, loadOlder, onAtEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const { atEnd, look } = useEnd(scroller);
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_ESTIMATE_PX,
    getItemKey: (index) => rows[index]?.key ?? index,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: FOLLOW_PX,
    paddingStart: TOP_PX,
    paddingEnd: BOTTOM_PX,
    overscan: 10,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: at first only; then the reader scrolls
  useLayoutEffect(() => {
    const firstUnread = rows.findIndex((row) => row.startsUnread);
    if (firstUnread < 0) virtualizer.scrollToEnd();
    else virtualizer.scrollToIndex(firstUnread, { align: "start" });
  }, []);

  const items = virtualizer.getVirtualItems();
  const nearTop = (items[0]?.index ?? LOAD_AHEAD_ROWS) < LOAD_AHEAD_ROWS;
  useEffect(() => {
    if (nearTop) loadOlder?.();
  }, [nearTop, loadOlder]);
  useEffect(() => onAtEnd(atEnd === true), [atEnd, onAtEnd]);

  useImperativeHandle(props.ref, () => ({
    toEnd: () => virtualizer.scrollToEnd(),
    editLast: () => {
      const last = rows.findLast((row) => row.mine && row.entry.type === "message");
      if (last?.entry.type !== "message" || last.entry.message.body === null) return;
      setEditing(last.key);
      virtualizer.scrollToIndex(rows.indexOf(last), { align: "auto" });
    },
  }));

  return (
    <div className="log-frame">
      <div
        ref={scroller}
        className="log"
        role="log"
        aria-label={props.label}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
        tabIndex={0}
        onKeyDown={moveAmongMessages}
        onScroll={look}
        data-newest={props.newestSeq}
      >
        <ol className="log-rows" style={{ height: virtualizer.getTotalSize() }}>
          <li className="log-top" style={{ height: TOP_PX }}>
            {props.top}
          </li>
          {items.map(({ key, index, start }) => {
            const row = rows[index];
            return (
              row && (
                <li
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  className="log-row"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <MessageRow
                    row={row}
                    named={props.named && !row.mine && !isSystem(row)}
                    editing={editing === row.key}
                    setEditing={setEditing}
                  />
                </li>
              )
            );
          })}
        </ol>
      </div>
      <JumpButton
        shown={atEnd === false}
        unseen={props.unseen}
        jump={() => virtualizer.scrollToEnd()}
      />
    </div>
  );
}
