import "../styles/table.css";
import "../styles/items.css";
import { useEffect, useMemo, useState } from "react";
import { useSearch } from "wouter";
import { isForbidden, isNotFound } from "../api/errors";
import type { Table } from "../api/types";
import { type Question, questionOf } from "../model/table/question";
import { useMe } from "../state/session";
import { useTable } from "../state/table";
import { useTitle } from "../state/title";
import { Failure } from "../ui/Notice";
import { TableSkeleton } from "../ui/Skeleton";
import { AskPage } from "./AskPage";
import { BrowsePage } from "./BrowsePage";
import { ForAdmins, SwitchedOff, UnknownPattern } from "./Closed";
import { DeclaredProvider } from "./declared";
import { PatternPane } from "./PatternPane";
import { TableHeader } from "./TableHeader";

/** The table explorer, for admins: all items, and the access patterns to ask. */
export function TablePage() {
  const me = useMe();
  useTitle("Table");
  return me.admin ? <Explorer /> : <ForAdmins />;
}

function Explorer() {
  const table = useTable();
  if (table.data) return <Loaded table={table.data} />;
  if (isForbidden(table.error)) return <ForAdmins />;
  if (isNotFound(table.error)) return <SwitchedOff />;
  return (
    <main className="whole-page">
      {table.isError ? (
        <Failure error={table.error} retry={() => table.refetch()} />
      ) : (
        <TableSkeleton />
      )}
    </main>
  );
}

/** The patterns beside what one of them found; on a narrow screen one of the two. */
function Loaded({ table }: { table: Table }) {
  const search = useSearch();
  const question = useMemo(() => questionOf(search), [search]);
  const [isChoosing, setIsChoosing] = useState(false);
  useTopOfNewPages();
  return (
    <DeclaredProvider value={table}>
      <div className="explorer" data-showing={isChoosing ? "patterns" : "items"}>
        <TableHeader
          store={table.store}
          isChoosing={isChoosing}
          toggleChoosing={() => setIsChoosing(!isChoosing)}
        />
        <PatternPane chosen={question?.pattern ?? null} onChoose={() => setIsChoosing(false)} />
        <main className="explorer-main">
          {question ? <Asked table={table} question={question} /> : <BrowsePage />}
        </main>
      </div>
    </DeclaredProvider>
  );
}

function Asked({ table, question }: { table: Table; question: Question }) {
  const pattern = table.patterns.find(({ name }) => name === question.pattern);
  if (pattern) return <AskPage key={pattern.name} pattern={pattern} question={question} />;
  return <UnknownPattern name={question.pattern} />;
}

/** Whoever follows a link begins at the top; whoever goes back is where they were. */
function useTopOfNewPages() {
  useEffect(() => {
    const toTop = () => window.scrollTo(0, 0);
    // Told by the router; going back tells nothing of the kind.
    window.addEventListener("pushState", toTop);
    return () => window.removeEventListener("pushState", toTop);
  }, []);
}
