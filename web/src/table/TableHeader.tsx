import { Link } from "wouter";
import type { Table } from "../api/types";
import { MyMenu } from "../inbox/MyMenu";
import { paths } from "../model/paths";

const STORES: Record<Table["store"], string> = {
  dynamodb: "DynamoDB",
  memory: "In memory",
  sqlite: "SQLite",
};

interface Props {
  store: Table["store"];
  isChoosing: boolean;
  toggleChoosing: () => void;
}

export function TableHeader({ store, isChoosing, toggleChoosing }: Props) {
  return (
    <header className="explorer-header">
      <h1>
        <Link href={paths.table}>Table</Link>
      </h1>
      <span className="store-kind">{STORES[store]}</span>
      <button
        type="button"
        className="button explorer-choose"
        aria-expanded={isChoosing}
        aria-controls="patterns"
        onClick={toggleChoosing}
      >
        Patterns
      </button>
      <MyMenu />
    </header>
  );
}
