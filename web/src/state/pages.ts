/** Pages that most people never open are loaded by those who do. */

import { useQuery } from "@tanstack/react-query";
import { keys } from "./cache";

export function useTablePage() {
  return useQuery({
    queryKey: keys.tablePage,
    queryFn: () => import("../table/TablePage"),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
