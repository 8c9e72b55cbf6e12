/** What the table explorer knows: what is declared, and answers. They stay until asked for anew. */

import { type InfiniteData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { askTable, getTable, getTableItems } from "../api/calls";
import type { Pattern, TablePage } from "../api/types";
import { isComplete, type Question } from "../model/table/question";
import { keys } from "./cache";
import { useServices } from "./services";

const PAGE = 50;

export function useTable() {
  return useQuery({
    queryKey: keys.table,
    queryFn: ({ signal }) => getTable(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const paged = {
  initialPageParam: undefined,
  getNextPageParam: ({ next }: TablePage) => next ?? undefined,
  select: ({ pages }: InfiniteData<TablePage>) => pages,
  staleTime: Number.POSITIVE_INFINITY,
} as const;

export type Answer = ReturnType<typeof useTableItems>;

/** The whole table, page by page. */
export function useTableItems() {
  return useInfiniteQuery({
    ...paged,
    queryKey: keys.tableItems,
    queryFn: ({ pageParam, signal }: Asked) =>
      getTableItems({ limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
  });
}

/** The answer to a question, once it says all that the pattern needs. */
export function useTableAnswer(pattern: Pattern, question: Question) {
  return useInfiniteQuery({
    ...paged,
    queryKey: keys.tableAnswer(question),
    queryFn: ({ pageParam, signal }: Asked) =>
      askTable({ ...question, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    enabled: isComplete(pattern, question.values),
  });
}

interface Asked {
  pageParam: string | undefined;
  signal: AbortSignal;
}

/** Asks again, from the first page. */
export function useAskAgain() {
  const { cache } = useServices();
  return (question: Question | null) =>
    cache.resetQueries({ queryKey: question ? keys.tableAnswer(question) : keys.tableItems });
}
