import { Link } from "wouter";
import type { User } from "../api/types";
import { paths } from "../model/paths";
import { Avatar } from "../ui/Avatar";
import { moveFocusWithArrows } from "../ui/arrowKeys";
import { Chip } from "../ui/Chip";

export function PersonList({ people }: { people: User[] }) {
  return (
    <ul className="rows" onKeyDown={moveFocusWithArrows}>
      {people.map(({ id, handle, display_name, admin }) => (
        <li key={id}>
          <Link href={paths.user(handle)} className="row-link">
            <Avatar id={id} name={display_name} />
            <span className="person-names">
              <strong dir="auto">{display_name}</strong>
              <small>@{handle}</small>
            </span>
            {admin && <Chip tone="strong">Admin</Chip>}
          </Link>
        </li>
      ))}
    </ul>
  );
}
