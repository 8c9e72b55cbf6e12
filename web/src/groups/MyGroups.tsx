import { namesBeginning } from "../model/directory/groups";
import { useJoined } from "../state/groups";
import { useMe } from "../state/session";
import { Icon } from "../ui/Icon";
import { Failure, Notice } from "../ui/Notice";
import { ListSkeleton } from "../ui/Skeleton";
import { NothingFound } from "./FoundGroups";
import { GroupList } from "./GroupList";

interface Props {
  typed: string;
  make: () => void;
}

/** The groups that one is in. */
export function MyGroups({ typed, make }: Props) {
  const mine = useJoined(useMe().id);
  if (!mine.data) {
    if (mine.isError) return <Failure error={mine.error} retry={() => mine.refetch()} />;
    return <ListSkeleton label="Loading groups" />;
  }
  const shown = namesBeginning(mine.data.rows, typed);
  if (shown.length > 0) return <GroupList groups={shown} />;
  if (mine.data.rows.length > 0) return <NothingFound sought={typed.trim()} />;
  return (
    <Notice picture={<Icon name="users" size={28} />} title="You are in no group">
      <p>Make one, or ask an admin of a group to add you.</p>
      <button type="button" className="button button-primary" onClick={make}>
        New group
      </button>
    </Notice>
  );
}
