/** A table for tests, with only what matters spelled out. */

import type { Entity, Param, Pattern, TableItem } from "../../api/types";

export function param(name: string, more: Partial<Param> = {}): Param {
  return {
    name,
    kind: "text",
    required: true,
    default: null,
    at_least: null,
    at_most: null,
    pattern: null,
    meaning: `what ${name} is`,
    ...more,
  };
}

export function pattern(name: string, params: Param[] = [], more: Partial<Pattern> = {}): Pattern {
  return {
    name,
    question: `Question of ${name}?`,
    key: `pk = ${name}`,
    units: "0.5 RRU",
    index: null,
    reads: true,
    params,
    ...more,
  };
}

export function entity(name: string, more: Partial<Entity> = {}): Entity {
  return { name, meaning: `A ${name}.`, pk: "P", sk: "S", fields: [], ...more };
}

export function item(pk: string, sk: string, more: Partial<TableItem> = {}): TableItem {
  return {
    pk,
    sk,
    entity: "User",
    pk_parts: [{ text: pk }],
    sk_parts: [{ text: sk }],
    attributes: [],
    ...more,
  };
}
