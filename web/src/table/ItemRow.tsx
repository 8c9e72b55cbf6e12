import { useId, useState } from "react";
import type { TableItem } from "../api/types";
import { tintOf } from "../model/table/collections";
import { keyFields } from "../model/table/fields";
import { Icon } from "../ui/Icon";
import { AttributeView, KeyFieldView } from "./AttributeView";
import { useDeclared } from "./declared";
import { FieldTable } from "./FieldTable";
import { KeyText } from "./KeyText";

/** One item: what it is, where in its collection, and what it says. */
export function ItemRow({ item }: { item: TableItem }) {
  const { pk, sk, entity, sk_parts, attributes, unreadable } = item;
  const { entities } = useDeclared();
  const [isOpen, setIsOpen] = useState(false);
  const details = useId();
  const fields = keyFields(sk_parts);
  return (
    <li className="item entity" data-tint={tintOf(entity, entities)}>
      <span className="entity-name">{entity ?? "Unreadable"}</span>
      <KeyText parts={sk_parts} own={{ pk, sk }} />
      <div className="item-attributes">
        {unreadable && <p className="item-unreadable">{unreadable}</p>}
        {(fields.length > 0 || attributes.length > 0) && (
          <dl>
            {fields.map((field) => (
              <KeyFieldView key={field.name} field={field} />
            ))}
            {attributes.map((attribute) => (
              <AttributeView key={attribute.name} attribute={attribute} />
            ))}
          </dl>
        )}
      </div>
      <button
        type="button"
        className="icon-button item-toggle"
        aria-expanded={isOpen}
        aria-controls={details}
        aria-label={`Everything of ${sk}`}
        title="Everything, as it is stored"
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="chevron" size={18} />
      </button>
      <div id={details} className="item-details" hidden={!isOpen}>
        {isOpen && <FieldTable item={item} />}
      </div>
    </li>
  );
}
