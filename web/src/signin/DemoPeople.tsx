import type { User } from "../api/types";
import { Avatar } from "../ui/Avatar";

interface Props {
  people: User[];
  disabled: boolean;
  choose: (user: User) => void;
}

export function DemoPeople({ people, disabled, choose }: Props) {
  return (
    <ul className="demo-people" aria-label="Demo people">
      {people.map((user) => (
        <li key={user.id}>
          <button type="button" disabled={disabled} onClick={() => choose(user)}>
            <Avatar id={user.id} name={user.display_name} />
            <span className="demo-names">
              <strong dir="auto">{user.display_name}</strong>
              <small>@{user.handle}</small>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
