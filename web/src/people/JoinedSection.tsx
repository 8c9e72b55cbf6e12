import { useState } from "react";
import type { User } from "../api/types";
import { JoinedForm } from "../choosing/JoinedForm";
import { GroupList } from "../groups/GroupList";
import { useJoined } from "../state/groups";
import { useMe } from "../state/session";
import { Icon } from "../ui/Icon";
import { Failure } from "../ui/Notice";
import { ListSkeleton } from "../ui/Skeleton";
import { useFocusAfter } from "../ui/useFocusAfter";

/** The groups of a person, for them and admins; for admins also the form that sets them. */
export function JoinedSection({ user }: { user: User }) {
  const me = useMe();
  const [isChoosing, setIsChoosing] = useState(false);
  const chooser = useFocusAfter(isChoosing);
  const [done, setDone] = useState("");
  return (
    <section className="section" aria-labelledby="joined">
      <header className="section-header">
        <h2 id="joined">Groups</h2>
        {me.admin && !isChoosing && (
          <button
            ref={chooser}
            type="button"
            className="button"
            onClick={() => setIsChoosing(true)}
          >
            <Icon name="check" size={18} /> Choose groups
          </button>
        )}
      </header>
      <p role="status" className="done">
        {done}
      </p>
      {isChoosing ? (
        <JoinedForm
          user={user}
          close={() => setIsChoosing(false)}
          done={(text) => {
            setDone(text);
            setIsChoosing(false);
          }}
        />
      ) : (
        <JoinedList user={user} />
      )}
    </section>
  );
}

function JoinedList({ user }: { user: User }) {
  const joined = useJoined(user.id);
  const isMe = user.id === useMe().id;
  if (!joined.data) {
    if (joined.isError) return <Failure error={joined.error} retry={() => joined.refetch()} />;
    return <ListSkeleton label="Loading groups" />;
  }
  if (joined.data.rows.length === 0) {
    return (
      <p className="section-empty muted">
        {isMe ? "You are in no group." : `${user.display_name} is in no group.`}
      </p>
    );
  }
  return (
    <>
      <GroupList groups={joined.data.rows} />
      {!joined.data.isAll && <p className="section-empty muted">And more.</p>}
    </>
  );
}
