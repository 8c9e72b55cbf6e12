import { explain, isNotFound } from "../api/errors";
import type { User } from "../api/types";
import { Avatar } from "../ui/Avatar";

interface Search {
  typed: string;
  pending: boolean;
  error: unknown;
  people: User[];
}

interface Props extends Search {
  retry: () => void;
  active: number;
  choose: (user: User) => void;
}

export function SearchResults(props: Props) {
  const { people, active, choose } = props;
  return (
    <>
      <div id="people-found" role="listbox" aria-label="People" className="people-found">
        {people.map((user, index) => (
          // The keyboard works in the text box, which names the active option.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={user.id}
            id={`person-${user.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className="person"
            onClick={() => choose(user)}
          >
            <Avatar id={user.id} name={user.display_name} />
            <span className="person-names">
              <strong dir="auto">{user.display_name}</strong>
              <small>@{user.handle}</small>
            </span>
          </div>
        ))}
      </div>
      <p className="search-hint" role="status">
        {searchHint(props)}
      </p>
      {props.error != null && (
        <button type="button" className="button search-retry" onClick={props.retry}>
          Try again
        </button>
      )}
    </>
  );
}

/** What to tell about a search for people, where its results do not. */
export function searchHint({ typed, pending, error, people }: Search): string {
  const length = typed.trim().replace(/^@/, "").length;
  if (length < 2) return "Type the first two letters of a handle.";
  if (isNotFound(error)) return "Searching for people is switched off on this server.";
  if (error != null) return explain(error);
  if (people.length > 0) return "";
  return pending ? "Looking …" : `Nobody’s handle begins with “${typed.trim()}”.`;
}
