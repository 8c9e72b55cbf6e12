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
import type { View } from "../model/unread";
import { moveAmongMessages } from "./arrowKeys";
import { JumpButton } from "./JumpButton";
import { MessageRow } from "./MessageRow";
import { useEnd } from "./useEnd";

const ROW_ESTIMATE_PX = 52;
/** Always the same, whatever stands there, so that reading is not disturbed. */
const TOP_PX = 148;
const BOTTOM_PX = 12;
const FOLLOW_PX = 40;
/** A row that ends so far below what is on screen has been read. */
const CUT_OFF_PX = 12;
/** So many rows before the first or last one is reached, more are asked for. */
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
  /** Whether the last row is not the newest message. */
  moreAfter: boolean;
  loadNewer: (() => void) | undefined;
  showNewest: () => void;
  unseen: number;
  onView: (view: View) => void;
}

/** Only the rows around what is on screen are in the document; the end is the fixed point. */
export function MessageList(props: Props) {
  const { rows, loadOlder, loadNewer, moreAfter, onView } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const hadMoreAfter = useRef(moreAfter);
  const goesToEnd = useRef(false);
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_ESTIMATE_PX,
    getItemKey: (index) => rows[index]?.key ?? index,
    anchorTo: "end",
    // What is appended to the end of a part is read on, not followed to its end.
    followOnAppend: !moreAfter && !hadMoreAfter.current,
    scrollEndThreshold: FOLLOW_PX,
    paddingStart: TOP_PX,
    paddingEnd: BOTTOM_PX,
    overscan: 10,
  });

  const destination = useRef<"line" | "end">("line");
  const { shown, look, aimAgain } = useEnd({
    scroller,
    height: virtualizer.getTotalSize(),
    aim: () => {
      const line = destination.current === "line" ? rows.findIndex((r) => r.startsUnread) : -1;
      if (line < 0) virtualizer.scrollToEnd();
      else virtualizer.scrollToIndex(line, { align: "start" });
    },
    lastSeqAbove: (bottom) => {
      const above = virtualizer.getVirtualItems().findLast(({ end }) => end <= bottom + CUT_OFF_PX);
      return above ? seqOf(rows[above.index]) : 0;
    },
  });
  const toEnd = () => {
    destination.current = "end";
    // What is on its way comes first.
    goesToEnd.current = moreAfter;
    aimAgain();
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: new rows may have no scroll event
  useLayoutEffect(() => {
    if (goesToEnd.current && !moreAfter) toEnd();
    else if (moreAfter || hadMoreAfter.current) look();
    hadMoreAfter.current = moreAfter;
  }, [rows, moreAfter]);

  const items = virtualizer.getVirtualItems();
  // At first the list stands at its top, only to be measured.
  const isKnown = shown.atEnd !== null;
  const nearTop = isKnown && (items[0]?.index ?? LOAD_AHEAD_ROWS) < LOAD_AHEAD_ROWS;
  useEffect(() => {
    if (nearTop) loadOlder?.();
  }, [nearTop, loadOlder]);
  const nearEnd = isKnown && (items.at(-1)?.index ?? 0) >= rows.length - LOAD_AHEAD_ROWS;
  useEffect(() => {
    if (nearEnd) loadNewer?.();
  }, [nearEnd, loadNewer]);
  // Right after the newest rows have come, what is known was seen without them.
  const atEnd = shown.atEnd && !moreAfter && !hadMoreAfter.current;
  useEffect(
    () => onView({ atEnd: atEnd === true, shownSeq: shown.lastSeq }),
    [atEnd, shown.lastSeq, onView],
  );

  useImperativeHandle(props.ref, () => ({
    toEnd,
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
      <JumpButton shown={atEnd === false} unseen={props.unseen} jump={props.showNewest} />
    </div>
  );
}

function seqOf(row: Row | undefined): number {
  return row?.entry.type === "message" ? row.entry.message.seq : 0;
}
