import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { User } from "../api/types";
import { useUserSearch } from "../state/people";
import { SearchResults } from "./SearchResults";

interface Props {
  label: string;
  /** Who is not offered. */
  except?: string;
  choose: (user: User) => void;
  leave?: () => void;
}

/** Finds somebody by handle. The keyboard works in the text box. */
export function PersonPicker({ label, except, choose, leave }: Props) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const search = useUserSearch(typed);
  const people = search.data?.filter((user) => user.id !== except) ?? [];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") return leave?.();
    if (event.key === "Enter" && people[active]) {
      event.preventDefault();
      return choose(people[active]);
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || people.length === 0) return;
    event.preventDefault();
    setActive((active + step + people.length) % people.length);
  };
  return (
    <>
      <SearchBox
        label={label}
        typed={typed}
        type={(text) => {
          setTyped(text);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        activeId={people[active] && `person-${people[active].id}`}
      />
      <SearchResults
        typed={typed}
        pending={search.isFetching}
        error={search.error}
        retry={() => search.refetch()}
        people={people}
        active={active}
        choose={choose}
      />
    </>
  );
}

interface SearchBoxProps {
  label: string;
  typed: string;
  type: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  activeId: string | undefined;
}

function SearchBox({ label, typed, type, onKeyDown, activeId }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <label className="search-box">
      <span>{label}</span>
      <input
        ref={input}
        value={typed}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-label="Search people by handle"
        aria-expanded={activeId !== undefined}
        aria-controls="people-found"
        aria-activedescendant={activeId}
        aria-autocomplete="list"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="@handle"
      />
    </label>
  );
}
