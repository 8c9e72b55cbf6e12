import { useTablePage } from "../state/pages";
import { Failure } from "../ui/Notice";
import { TableSkeleton } from "../ui/Skeleton";

/** Loads the table explorer and shows it. */
export function TableRoute() {
  const page = useTablePage();
  if (page.data) return <page.data.TablePage />;
  return (
    <main className="whole-page">
      {/* A browser remembers that a script could not be loaded; only a new page asks again. */}
      {page.isError ? (
        <Failure error={page.error} retry={() => window.location.reload()} />
      ) : (
        <TableSkeleton />
      )}
    </main>
  );
}
