import type { ChoiceRow } from "../model/directory/choosing";
import { Avatar } from "../ui/Avatar";
import { Chip } from "../ui/Chip";

interface Props {
  row: ChoiceRow;
  shape: "round" | "square";
  toggle: () => void;
}

const CHANGES = { added: "to add", removed: "to remove" } as const;

export function ChoiceRowView({ row: { choice, isChosen, change }, shape, toggle }: Props) {
  const { id, name, detail } = choice;
  return (
    <label className="choice-row" data-change={change ?? "none"}>
      <input type="checkbox" checked={isChosen} onChange={toggle} />
      <Avatar
        // A group has the colour that its conversation has.
        id={shape === "square" ? `group:${id}` : id}
        name={name}
        shape={shape}
        size="small"
      />
      <span className="person-names">
        <strong dir="auto">{name}</strong>
        {detail && <small>{detail}</small>}
      </span>
      {change && <Chip tone="strong">{CHANGES[change]}</Chip>}
    </label>
  );
}
