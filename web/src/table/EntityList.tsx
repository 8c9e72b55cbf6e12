import { tintOf } from "../model/table/collections";
import { Prose } from "../ui/Prose";
import { useDeclared } from "./declared";

/** Every kind of item with its key: the legend of the whole table. */
export function EntityList() {
  const { entities } = useDeclared();
  return (
    <details className="entities">
      <summary>{entities.length} kinds of items</summary>
      <ul>
        {entities.map(({ name, meaning, pk, sk }) => (
          <li key={name} className="entity" data-tint={tintOf(name, entities)}>
            <span className="entity-name">{name}</span>
            <code>{pk}</code>
            <code>{sk}</code>
            <p>
              <Prose text={meaning} />
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
