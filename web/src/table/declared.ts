/** What the table declares, for everything below the page. */

import { createContext, useContext } from "react";
import type { Table } from "../api/types";

const DeclaredContext = createContext<Table | null>(null);
export const DeclaredProvider = DeclaredContext.Provider;

export function useDeclared(): Table {
  const table = useContext(DeclaredContext);
  if (!table) throw new Error("The table is not loaded here.");
  return table;
}
