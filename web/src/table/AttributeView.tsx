import { Link } from "wouter";
import type { Attribute, Value } from "../api/types";
import type { KeyField } from "../model/table/fields";
import { pathOfLead } from "../model/table/question";
import { lookOf, shortened, textOf } from "../model/table/values";
import { shortTime } from "../model/time";
import { Time } from "../ui/Time";

/** A field that stands in a key, with its value. */
export function KeyFieldView({ field: { name, value, leads } }: { field: KeyField }) {
  return (
    <div className="attribute" data-of="key">
      <dt>{name}</dt>
      <dd data-look="text" dir="auto">
        {leads ? <Link href={pathOfLead(leads)}>{value}</Link> : value}
      </dd>
    </div>
  );
}

/** An attribute with its value, as short as can be. */
export function AttributeView({ attribute: { name, value, leads } }: { attribute: Attribute }) {
  return (
    <div className="attribute">
      <dt>{name}</dt>
      <dd data-look={lookOf(value)} dir="auto">
        {leads ? <Link href={pathOfLead(leads)}>{textOf(value)}</Link> : <Short value={value} />}
      </dd>
    </div>
  );
}

function Short({ value }: { value: Value }) {
  const text = textOf(value);
  switch (lookOf(value)) {
    case "time":
      return <Time time={text} format={shortTime} />;
    case "opaque":
      return <span title={text}>{shortened(text)}</span>;
    default:
      return text;
  }
}
