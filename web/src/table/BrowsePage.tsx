import { useAskAgain, useTableItems } from "../state/table";
import { AnswerView } from "./AnswerView";
import { EntityList } from "./EntityList";

/** The whole table, page by page: what one sees first. */
export function BrowsePage() {
  const answer = useTableItems();
  const askAgain = useAskAgain();
  return (
    <>
      <section className="asked">
        <div className="asked-title">
          <h2>All items</h2>
          <button
            type="button"
            className="button"
            disabled={answer.isFetching}
            onClick={() => askAgain(null)}
          >
            Read again
          </button>
        </div>
        <p className="muted">
          By item collection: what has one partition key stands together. Every key leads somewhere.
        </p>
        <EntityList />
      </section>
      <AnswerView answer={answer} promised={null} />
    </>
  );
}
