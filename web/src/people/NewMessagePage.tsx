import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { User } from "../api/types";
import { PaneHeader } from "../conversation/PaneHeader";
import { paths } from "../model/paths";
import { useUserSearch } from "../state/people";
import { useMe } from "../state/session";
import { useTitle } from "../state/title";
import { SearchResults } from "./SearchResults";

/** Finds somebody to write to, by handle. */
export function NewMessagePage() {
  useTitle("New message");
  const me = useMe();
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const search = useUserSearch(typed);
  const people = search.data?.filter((user) => user.id !== me.id) ?? [];
  const open = (user: User) => navigate(paths.newMessageTo(user.handle));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") return navigate(paths.inbox);
    if (event.key === "Enter" && people[active]) return open(people[active]);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || people.length === 0) return;
    event.preventDefault();
    setActive((active + step + people.length) % people.length);
  };
  return (
    <section className="new-message">
      <PaneHeader title="New message" />
      <SearchBox
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
        choose={open}
      />
    </section>
  );
}

interface SearchBoxProps {
  typed: string;
  type: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  activeId: string | undefined;
}

function SearchBox({ typed, type, onKeyDown, activeId }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <label className="search-box">
      <span>To</span>
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
