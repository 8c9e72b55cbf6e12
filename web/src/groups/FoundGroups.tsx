import { useGroups, useJoined } from "../state/groups";
import { useMe } from "../state/session";
import { Icon } from "../ui/Icon";
import { MoreButton } from "../ui/MoreButton";
import { Failure, Notice } from "../ui/Notice";
import { ListSkeleton } from "../ui/Skeleton";
import { GroupList } from "./GroupList";

interface Props {
  prefix: string;
  make: () => void;
}

/** Groups whose names begin so, page by page. */
export function FoundGroups({ prefix, make }: Props) {
  const groups = useGroups(prefix);
  const mine = useJoined(useMe().id);
  const myIds = new Set(mine.data?.rows.map(({ id }) => id));
  if (!groups.data) {
    if (groups.isError) return <Failure error={groups.error} retry={() => groups.refetch()} />;
    return <ListSkeleton label="Loading groups" />;
  }
  const isEmpty = groups.data.length === 0 && !groups.hasNextPage && !groups.isPlaceholderData;
  return (
    <>
      {isEmpty && (prefix === "" ? <NoGroups make={make} /> : <NothingFound sought={prefix} />)}
      <GroupList groups={groups.data} myIds={myIds} />
      {groups.hasNextPage && (
        <MoreButton
          name="More groups"
          isPending={groups.isFetchingNextPage}
          isError={groups.isFetchNextPageError}
          load={() => groups.fetchNextPage()}
        />
      )}
    </>
  );
}

function NoGroups({ make }: { make: () => void }) {
  return (
    <Notice picture={<Icon name="users" size={28} />} title="No groups yet">
      <p>A group is a conversation of as many people as you like.</p>
      <button type="button" className="button button-primary" onClick={make}>
        Make the first one
      </button>
    </Notice>
  );
}

export function NothingFound({ sought }: { sought: string }) {
  return (
    <Notice picture={<Icon name="search" size={26} />} title="Nothing found">
      <p>{`There is no group whose name begins with “${sought}”.`}</p>
    </Notice>
  );
}
