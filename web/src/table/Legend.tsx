import { type LegendEntry, tintOf } from "../model/table/collections";
import { useDeclared } from "./declared";

/** Which colours there are, and how many items of each. */
export function Legend({ entries }: { entries: LegendEntry[] }) {
  const { entities } = useDeclared();
  return (
    <ul className="legend" aria-label="Kinds of items found">
      {entries.map(({ entity, count }) => (
        <li
          key={entity}
          className="entity"
          data-tint={tintOf(entity, entities)}
          title={entities.find(({ name }) => name === entity)?.meaning}
        >
          <span className="entity-name">{entity ?? "Unreadable"}</span> {count}
        </li>
      ))}
    </ul>
  );
}
