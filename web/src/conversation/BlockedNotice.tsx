import type { Person } from "../api/types";
import { useBlock } from "../state/blocking";
import { FormError } from "../ui/FormError";

/** Stands where one would write, had one not blocked the other. */
export function BlockedNotice({ person }: { person: Person }) {
  const block = useBlock(person.id);
  return (
    <div className="blocked">
      <p>
        You have blocked <strong dir="auto">{person.display_name}</strong>. Neither of you can
        write.
      </p>
      <FormError error={block.error} />
      <button
        type="button"
        className="button"
        disabled={block.isPending}
        onClick={() => block.mutate(false)}
      >
        Unblock
      </button>
    </div>
  );
}
