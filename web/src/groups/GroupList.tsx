import { Link } from "wouter";
import type { JoinedGroup, NamedGroup } from "../api/types";
import { groupConversation } from "../model/directory/groups";
import { paths } from "../model/paths";
import { Avatar } from "../ui/Avatar";
import { moveFocusWithArrows } from "../ui/arrowKeys";
import { Chip } from "../ui/Chip";
import { Icon } from "../ui/Icon";

interface Props {
  groups: (JoinedGroup | NamedGroup)[];
  /** Those to be marked as one's own. */
  myIds?: Set<string>;
}

export function GroupList({ groups, myIds }: Props) {
  return (
    <ul className="rows" onKeyDown={moveFocusWithArrows}>
      {groups.map((group) => (
        <li key={group.id}>
          <Link href={paths.group(group.id)} className="row-link">
            <Avatar id={groupConversation(group.id)} name={group.name} shape="square" />
            <strong dir="auto">{group.name}</strong>
            {"visibility" in group && group.visibility === "private" && (
              <Chip>
                <Icon name="lock" size={14} /> Private
              </Chip>
            )}
            {myIds?.has(group.id) && <Chip tone="strong">Yours</Chip>}
          </Link>
        </li>
      ))}
    </ul>
  );
}
