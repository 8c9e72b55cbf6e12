/** Pages that most people never open, or not at first, are loaded by those who do. */

import { useQuery } from "@tanstack/react-query";
import { keys } from "./cache";

const loaded = { staleTime: Number.POSITIVE_INFINITY, retry: false } as const;

export function useTablePage() {
  return useQuery({
    ...loaded,
    queryKey: keys.tablePage,
    queryFn: () => import("../table/TablePage"),
  });
}

export function useDirectoryPages() {
  return useQuery({
    ...loaded,
    queryKey: keys.directoryPages,
    queryFn: () => import("../directory"),
  });
}
