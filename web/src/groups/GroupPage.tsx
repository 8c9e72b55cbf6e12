import { isNotFound } from "../api/errors";
import { PageHeader } from "../frame/PageHeader";
import { MembersSection } from "../members/MembersSection";
import { paths } from "../model/paths";
import { useGroup } from "../state/groups";
import { useTitle } from "../state/title";
import { Failure } from "../ui/Notice";
import { ListSkeleton } from "../ui/Skeleton";
import { GroupCard } from "./GroupCard";
import { NoSuchGroup } from "./NoSuchGroup";

export function GroupPage({ id }: { id: string }) {
  const group = useGroup(id);
  const isGone = isNotFound(group.error);
  useTitle(isGone ? "Not found" : (group.data?.name ?? "Group"));
  return (
    <main className="page">
      <PageHeader back={{ to: paths.groups, name: "Groups" }} />
      {isGone ? (
        <NoSuchGroup />
      ) : group.data ? (
        <div className="page-body">
          <GroupCard group={group.data} />
          <MembersSection group={group.data} />
        </div>
      ) : group.isError ? (
        <Failure error={group.error} retry={() => group.refetch()} />
      ) : (
        <ListSkeleton label="Loading the group" />
      )}
    </main>
  );
}
