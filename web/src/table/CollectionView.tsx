import { useId } from "react";
import type { Collection } from "../model/table/collections";
import { keyFields } from "../model/table/fields";
import { KeyFieldView } from "./AttributeView";
import { ItemRow } from "./ItemRow";
import { KeyText } from "./KeyText";

/** The items of one partition key. */
export function CollectionView({ collection }: { collection: Collection }) {
  const { pk, parts, items } = collection;
  const heading = useId();
  const fields = keyFields(parts);
  return (
    <section className="collection" aria-labelledby={heading}>
      <h3 id={heading}>
        <KeyText parts={parts} own={{ pk }} />
      </h3>
      {fields.length > 0 && (
        <dl className="collection-key">
          {fields.map((field) => (
            <KeyFieldView key={field.name} field={field} />
          ))}
        </dl>
      )}
      <ul>
        {items.map((item) => (
          <ItemRow key={item.sk} item={item} />
        ))}
      </ul>
    </section>
  );
}
