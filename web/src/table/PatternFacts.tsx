import { Link } from "wouter";
import type { Pattern } from "../api/types";
import { paths } from "../model/paths";

const SCAN = "scan_table";

/** What is declared of a pattern. */
export function PatternFacts({ pattern }: { pattern: Pattern }) {
  const { name, key, index, units, reads } = pattern;
  return (
    <>
      <dl className="facts">
        <Fact name="Pattern">
          <code>{name}</code>
        </Fact>
        <Fact name={reads ? "Key condition" : "How"}>
          <code>{key}</code>
        </Fact>
        <Fact name="Index">{index ?? "none needed"}</Fact>
        <Fact name="Promised">{units}</Fact>
      </dl>
      {!reads && <NotRun scans={name === SCAN} />}
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function NotRun({ scans }: { scans: boolean }) {
  return (
    <p className="not-run">
      {scans ? (
        <>
          It takes no question: <Link href={paths.table}>All items</Link> is what it answers.
        </>
      ) : (
        "It cannot be run from here. What it takes is decided by the server, never by hand; nothing on this page writes."
      )}
    </p>
  );
}
