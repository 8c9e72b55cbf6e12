import { useState } from "react";
import { PageHeader } from "../frame/PageHeader";
import { useAllUsers, useUserSearch } from "../state/people";
import { useMe } from "../state/session";
import { useTitle } from "../state/title";
import { MoreButton } from "../ui/MoreButton";
import { Failure } from "../ui/Notice";
import { SearchField } from "../ui/SearchField";
import { ListSkeleton } from "../ui/Skeleton";
import { PersonList } from "./PersonList";
import { searchHint } from "./SearchResults";

/** Finds people by handle; for admins it begins with everybody. */
export function PeoplePage() {
  useTitle("People");
  const me = useMe();
  const [typed, setTyped] = useState("");
  return (
    <main className="page">
      <PageHeader title="People" />
      <div className="page-body">
        <div className="filters">
          <SearchField
            label="Search people by handle"
            placeholder="Search by the first letters of a handle"
            typed={typed}
            type={setTyped}
          />
        </div>
        {me.admin && typed.trim() === "" ? <Everybody /> : <Found typed={typed} />}
      </div>
    </main>
  );
}

function Everybody() {
  const users = useAllUsers();
  if (!users.data) {
    if (users.isError) return <Failure error={users.error} retry={() => users.refetch()} />;
    return <ListSkeleton label="Loading people" />;
  }
  return (
    <>
      <PersonList people={users.data} />
      {users.hasNextPage && (
        <MoreButton
          name="More people"
          isPending={users.isFetchingNextPage}
          isError={users.isFetchNextPageError}
          load={() => users.fetchNextPage()}
        />
      )}
    </>
  );
}

function Found({ typed }: { typed: string }) {
  const search = useUserSearch(typed);
  const people = search.data ?? [];
  return (
    <>
      <PersonList people={people} />
      <p className="section-empty muted" role="status">
        {searchHint({ typed, pending: search.isFetching, error: search.error, people })}
      </p>
      {search.isError && (
        <button type="button" className="button" onClick={() => search.refetch()}>
          Try again
        </button>
      )}
    </>
  );
}
