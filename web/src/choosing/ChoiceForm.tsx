import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import {
  type Choice,
  choiceRows,
  type Draft,
  doneText,
  draftText,
  isUnchanged,
  toggled,
  UNCHANGED,
} from "../model/directory/choosing";
import type { useSetJoined, useSetMembers } from "../state/groupChanges";
import { FormError } from "../ui/FormError";
import { SearchField } from "../ui/SearchField";
import { ChoiceRowView } from "./ChoiceRowView";

interface Props {
  label: string;
  inside: Choice[];
  shape: "round" | "square";
  search: {
    label: string;
    typed: string;
    type: (text: string) => void;
    /** What is there besides. */
    found: Choice[];
    isPending: boolean;
    error: unknown;
    /** How much must be typed before anything is looked for. */
    lengthMin: number;
    /** Whether only the first of what was found is shown. */
    hasMore: boolean;
  };
  saving: ReturnType<typeof useSetMembers | typeof useSetJoined>;
  close: () => void;
  /** Tells what saving has done. */
  done: (text: string) => void;
}

/** Chooses who or what belongs to an exact set. Nothing is sent until it is saved. */
export function ChoiceForm({ label, inside, shape, search, saving, close, done }: Props) {
  const [draft, setDraft] = useState<Draft>(UNCHANGED);
  const list = useRef<HTMLUListElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const hintId = useId();
  useEffect(() => {
    // On a touch screen the keyboard would cover the list.
    if (!window.matchMedia("(pointer: coarse)").matches) box.current?.focus();
  }, []);
  const rows = choiceRows(inside, draft, search.typed, search.found);
  const toggle = (choice: Choice) => setDraft(toggled(draft, choice, inside));
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (isUnchanged(draft)) return;
    saving.mutate(draft, {
      onSuccess: (set) => done(doneText(set, [...draft.added, ...inside])),
    });
  };
  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      list.current?.querySelector("input")?.focus();
    } else if (event.key === "Enter") {
      // Enter chooses what was sought; it does not send the form.
      event.preventDefault();
      if (search.typed.trim() !== "" && rows[0]) toggle(rows[0].choice);
    } else if (event.key === "Escape" && search.typed !== "") {
      event.preventDefault();
      search.type("");
    }
  };
  return (
    <form className="choice" aria-label={label} onSubmit={onSubmit}>
      <SearchField
        ref={box}
        label={search.label}
        typed={search.typed}
        type={search.type}
        onKeyDown={onSearchKey}
        aria-describedby={hintId}
      />
      <ul ref={list} className="choice-rows" onKeyDown={moveFocusAmongBoxes}>
        {rows.map((row) => (
          <li key={row.choice.id}>
            <ChoiceRowView row={row} shape={shape} toggle={() => toggle(row.choice)} />
          </li>
        ))}
      </ul>
      <p id={hintId} className="search-hint" role="status">
        {hint(search, rows.length)}
      </p>
      <FormError error={search.error} />
      <FormError error={saving.error} />
      <div className="choice-foot">
        <p role="status" className="muted">
          {draftText(draft)}
        </p>
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="submit"
          className="button button-primary"
          disabled={isUnchanged(draft) || saving.isPending}
        >
          {saving.isPending ? "Saving …" : "Save"}
        </button>
      </div>
    </form>
  );
}

function hint({ typed, ...search }: Props["search"], count: number): string {
  const { isPending, error, lengthMin, hasMore } = search;
  const sought = typed.trim().replace(/^@/, "");
  if (error != null) return "";
  if (hasMore) return "There are more: type the first letters.";
  if (sought.length < lengthMin) return "Type the first two letters to find more.";
  if (count > 0) return "";
  return isPending ? "Looking …" : `Nothing begins with “${typed.trim()}”.`;
}

function moveFocusAmongBoxes(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const boxes = [...event.currentTarget.querySelectorAll("input")];
  const target = boxes[boxes.indexOf(event.target as HTMLInputElement) + step];
  event.preventDefault();
  target?.focus();
}
