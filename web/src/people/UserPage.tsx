import { Link } from "wouter";
import { isNotFound } from "../api/errors";
import { PageHeader } from "../frame/PageHeader";
import { paths } from "../model/paths";
import { useUser } from "../state/people";
import { useMe } from "../state/session";
import { useTitle } from "../state/title";
import { Icon } from "../ui/Icon";
import { Failure, Notice } from "../ui/Notice";
import { ListSkeleton } from "../ui/Skeleton";
import { JoinedSection } from "./JoinedSection";
import { UserCard } from "./UserCard";

export function UserPage({ handle }: { handle: string }) {
  const me = useMe();
  const user = useUser(`@${handle}`);
  const isGone = isNotFound(user.error);
  useTitle(isGone ? "Not found" : (user.data?.display_name ?? `@${handle}`));
  return (
    <main className="page">
      {user.data?.id === me.id ? (
        <PageHeader place="Your profile" />
      ) : (
        <PageHeader back={{ to: paths.people, name: "People" }} />
      )}
      {isGone ? (
        <Notice picture={<Icon name="user" size={28} />} title={`Nobody is called @${handle}`}>
          <p>Handles can change. Perhaps a search finds them.</p>
          <Link href={paths.people} className="button">
            Find somebody
          </Link>
        </Notice>
      ) : user.data ? (
        <div className="page-body">
          <UserCard user={user.data} />
          {(me.admin || user.data.id === me.id) && <JoinedSection user={user.data} />}
        </div>
      ) : user.isError ? (
        <Failure error={user.error} retry={() => user.refetch()} />
      ) : (
        <ListSkeleton label="Loading the profile" />
      )}
    </main>
  );
}
