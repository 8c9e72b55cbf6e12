import type { TableItem } from "../api/types";
import { fieldsOf } from "../model/table/fields";
import { Prose } from "../ui/Prose";
import { useDeclared } from "./declared";

/** Every field of an item exactly as it is stored, with what it means. */
export function FieldTable({ item }: { item: TableItem }) {
  const { entities } = useDeclared();
  const entity = entities.find(({ name }) => name === item.entity);
  return (
    <table className="fields">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Type</th>
          <th scope="col">Value</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {fieldsOf(item, entity).map(({ name, type, text, meaning }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{type}</td>
            <td className="field-text" dir="auto">
              {text}
            </td>
            <td>
              <Prose text={meaning} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
