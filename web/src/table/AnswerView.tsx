import { collectionsOf, legendOf } from "../model/table/collections";
import type { Answer } from "../state/table";
import { Icon } from "../ui/Icon";
import { Failure, Notice } from "../ui/Notice";
import { TableSkeleton } from "../ui/Skeleton";
import { CollectionView } from "./CollectionView";
import { CostLine } from "./CostLine";
import { useDeclared } from "./declared";
import { Legend } from "./Legend";

interface Props {
  answer: Answer;
  /** The units that the pattern promises; null where it says nothing that is not seen anyway. */
  promised: string | null;
}

/** What was found, and what it cost. */
export function AnswerView({ answer, promised }: Props) {
  const { entities } = useDeclared();
  const pages = answer.data;
  if (!pages) {
    if (answer.isError) return <Failure error={answer.error} retry={() => answer.refetch()} />;
    return <TableSkeleton />;
  }
  const items = pages.flatMap((page) => page.items);
  return (
    <section className="answer" aria-label="Items">
      <CostLine pages={pages} count={items.length} promised={promised} />
      <Legend entries={legendOf(items, entities)} />
      {items.length === 0 && (
        <Notice picture={<Icon name="table" size={28} />} title="Nothing is there">
          <p>No item has a key like this.</p>
        </Notice>
      )}
      {collectionsOf(items).map((collection) => (
        <CollectionView key={collection.pk} collection={collection} />
      ))}
      {answer.hasNextPage && <More answer={answer} />}
    </section>
  );
}

function More({ answer }: { answer: Answer }) {
  return (
    <button
      type="button"
      className="button answer-more"
      disabled={answer.isFetchingNextPage}
      onClick={() => answer.fetchNextPage()}
    >
      {answer.isFetchNextPageError
        ? "This did not work. Try again"
        : answer.isFetchingNextPage
          ? "Reading …"
          : "More items"}
    </button>
  );
}
