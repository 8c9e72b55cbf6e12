import { isNotFound } from "../api/errors";
import type { Group } from "../api/types";
import type { Members } from "../state/groups";
import { Icon } from "../ui/Icon";
import { MoreButton } from "../ui/MoreButton";
import { Failure, Notice } from "../ui/Notice";
import { ListSkeleton } from "../ui/Skeleton";
import { MemberRow } from "./MemberRow";

interface Props {
  group: Group;
  members: Members;
  manages: boolean;
  done: (text: string) => void;
}

export function MemberList({ group, members, manages, done }: Props) {
  if (!members.data) {
    // Gone in between: the page says so as soon as it knows.
    if (members.isError && !isNotFound(members.error)) {
      return <Failure error={members.error} retry={() => members.refetch()} />;
    }
    return <ListSkeleton label="Loading members" />;
  }
  if (members.data.length === 0) {
    return (
      <Notice picture={<Icon name="users" size={28} />} title="Nobody is in it">
        <p>{manages ? "Add somebody, or choose several." : "An admin can add people."}</p>
      </Notice>
    );
  }
  return (
    <>
      <ul className="rows">
        {members.data.map((member) => (
          <li key={member.id}>
            <MemberRow group={group} member={member} manages={manages} done={done} />
          </li>
        ))}
      </ul>
      {members.hasNextPage && (
        <MoreButton
          name="More members"
          isPending={members.isFetchingNextPage}
          isError={members.isFetchNextPageError}
          load={() => members.fetchNextPage()}
        />
      )}
    </>
  );
}
