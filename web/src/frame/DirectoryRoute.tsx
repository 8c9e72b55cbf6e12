import type { ReactNode } from "react";
import { useDirectoryPages } from "../state/pages";
import { Failure } from "../ui/Notice";
import { ListSkeleton } from "../ui/Skeleton";

type Pages = NonNullable<ReturnType<typeof useDirectoryPages>["data"]>;

/** Loads the pages of people and groups, and shows one of them. */
export function DirectoryRoute({ children }: { children: (pages: Pages) => ReactNode }) {
  const pages = useDirectoryPages();
  if (pages.data) return children(pages.data);
  return (
    <main className="page">
      {/* A browser remembers that a script could not be loaded; only a new page asks again. */}
      {pages.isError ? (
        <Failure error={pages.error} retry={() => window.location.reload()} />
      ) : (
        <ListSkeleton label="Loading the page" />
      )}
    </main>
  );
}
