/** What reading costs, in words. */

import type { TablePage } from "../../api/types";

/** Read request units: "0.5 RRU". */
export function readUnits(units: number): string {
  return `${units.toLocaleString("en", { maximumFractionDigits: 1 })} RRU`;
}

/** Dollars with two to four decimals, as the command line writes them. */
export function dollars(amount: number): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 4 };
  return `$${amount.toLocaleString("en", digits)}`;
}

/** What several pages of an answer cost together. */
export function costOf(pages: TablePage[]): { units: number; usdPerMillion: number } {
  const sum = (one: (page: TablePage) => number) => pages.reduce((all, page) => all + one(page), 0);
  return {
    units: sum((page) => page.read_units),
    usdPerMillion: sum((page) => page.usd_per_million),
  };
}
