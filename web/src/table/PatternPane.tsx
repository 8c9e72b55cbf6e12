import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import type { Pattern } from "../api/types";
import { paths } from "../model/paths";
import { groupPatterns } from "../model/table/patterns";
import { pathOf } from "../model/table/question";
import { moveFocusWithArrows } from "../ui/arrowKeys";
import { SearchField } from "../ui/SearchField";
import { useDeclared } from "./declared";

interface Props {
  chosen: string | null;
  onChoose: () => void;
}

/** All access patterns, to choose one. */
export function PatternPane({ chosen, onChoose }: Props) {
  const { patterns } = useDeclared();
  const [sought, setSought] = useState("");
  const groups = groupPatterns(patterns, sought);
  return (
    <nav className="patterns" id="patterns" aria-label="Access patterns">
      <SearchField
        className="patterns-search"
        label="Search access patterns"
        typed={sought}
        type={setSought}
      />
      <div className="patterns-scroll">
        {sought === "" && (
          <Link
            href={paths.table}
            className="pattern-link"
            aria-current={chosen === null ? "page" : undefined}
            onClick={onChoose}
          >
            <strong>All items</strong>
            <small>The whole table, page by page</small>
          </Link>
        )}
        {groups.map((group) => (
          <section key={group.title}>
            <h2>{group.title}</h2>
            <ul onKeyDown={moveFocusWithArrows}>
              {group.patterns.map((pattern) => (
                <li key={pattern.name}>
                  <PatternLink
                    pattern={pattern}
                    isChosen={pattern.name === chosen}
                    onChoose={onChoose}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
        <p className="patterns-none" role="status">
          {groups.length === 0 && `No access pattern has “${sought.trim()}” in it.`}
        </p>
      </div>
    </nav>
  );
}

interface LinkProps {
  pattern: Pattern;
  isChosen: boolean;
  onChoose: () => void;
}

function PatternLink({ pattern, isChosen, onChoose }: LinkProps) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // A key that was followed has chosen it far down the list.
    if (isChosen) link.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  return (
    <Link
      ref={link}
      href={pathOf({ pattern: pattern.name, values: {} })}
      className="pattern-link"
      aria-current={isChosen ? "page" : undefined}
      onClick={onChoose}
    >
      <strong>{pattern.question}</strong>
      <small>
        <code>{pattern.name}</code> · {pattern.units}
      </small>
    </Link>
  );
}
