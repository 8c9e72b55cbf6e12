/** Items as the page shows them: by item collection, each entity with a colour. */

import type { Entity, KeyPart, TableItem } from "../../api/types";

export interface Collection {
  pk: string;
  parts: KeyPart[];
  items: TableItem[];
}

export interface LegendEntry {
  /** Null for items that cannot be decoded. */
  entity: string | null;
  count: number;
}

export const TINTS = 16;

/** Items by partition key, in the order in which they came. */
export function collectionsOf(items: TableItem[]): Collection[] {
  const collections = new Map<string, Collection>();
  for (const item of items) {
    const known = collections.get(item.pk);
    if (known) known.items.push(item);
    else collections.set(item.pk, { pk: item.pk, parts: item.pk_parts, items: [item] });
  }
  return [...collections.values()];
}

/** How many there are of each entity, in the order in which the table declares them. */
export function legendOf(items: TableItem[], entities: Entity[]): LegendEntry[] {
  const counts = new Map<string | null, number>();
  for (const { entity } of items) counts.set(entity, (counts.get(entity) ?? 0) + 1);
  return [...entities.map(({ name }) => name), null]
    .map((entity) => ({ entity, count: counts.get(entity) ?? 0 }))
    .filter(({ count }) => count > 0);
}

/** The number of an entity's colour; undefined for what has none. */
export function tintOf(entity: string | null, entities: Entity[]): number | undefined {
  const at = entities.findIndex(({ name }) => name === entity);
  return at < 0 ? undefined : at % TINTS;
}
