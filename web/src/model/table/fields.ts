/** Everything an item says: what stands in its key, then its attributes. */

import type { Entity, KeyPart, Lead, TableItem } from "../../api/types";
import { textOf, typeOf } from "./values";

export interface KeyField {
  name: string;
  value: string;
  leads?: Lead | undefined;
}

export interface Field {
  name: string;
  /** DynamoDB's type; "key" for what is not stored by itself. */
  type: string;
  text: string;
  meaning: string;
}

/** What a key says. */
export function keyFields(parts: KeyPart[]): KeyField[] {
  return parts.flatMap(({ field, value, leads }) =>
    field === undefined ? [] : [{ name: field, value: value ?? "", leads }],
  );
}

/** All fields, each once, as they are stored. */
export function fieldsOf(item: TableItem, entity: Entity | undefined): Field[] {
  const meant = new Map(entity?.fields.map(({ name, meaning }) => [name, meaning]));
  const inKey = keyFields([...item.pk_parts, ...item.sk_parts]);
  const named = new Map(inKey.map(({ name, value }) => [name, { name, type: "key", text: value }]));
  const stored = item.attributes.map(({ name, value }) => ({
    name,
    type: typeOf(value),
    text: textOf(value),
  }));
  return [...named.values(), ...stored].map((field) => ({
    ...field,
    meaning: meant.get(field.name) ?? "",
  }));
}
