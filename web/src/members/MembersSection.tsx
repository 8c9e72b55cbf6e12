import { useState } from "react";
import type { Group } from "../api/types";
import { MembersForm } from "../choosing/MembersForm";
import { canManage } from "../model/directory/groups";
import { useMembers } from "../state/groups";
import { useMe } from "../state/session";
import { Icon } from "../ui/Icon";
import { useFocusAfter } from "../ui/useFocusAfter";
import { AddMemberDialog } from "./AddMemberDialog";
import { MemberList } from "./MemberList";

/** Who is in a group; for its admins also the form that says who is to be. */
export function MembersSection({ group }: { group: Group }) {
  const members = useMembers(group.id);
  const manages = canManage(group, useMe());
  const [isChoosing, setIsChoosing] = useState(false);
  const chooser = useFocusAfter(isChoosing);
  const [isAdding, setIsAdding] = useState(false);
  const [done, setDone] = useState("");
  const show = (text: string) => {
    setDone(text);
    setIsChoosing(false);
    setIsAdding(false);
  };
  return (
    <section className="section" aria-labelledby="members">
      <header className="section-header">
        <h2 id="members">
          Members
          {members.data && !members.hasNextPage && (
            <span className="section-count">{members.data.length}</span>
          )}
        </h2>
        {manages && !isChoosing && (
          <>
            <button type="button" className="button" onClick={() => setIsAdding(true)}>
              <Icon name="plus" size={18} /> Add somebody
            </button>
            <button
              ref={chooser}
              type="button"
              className="button"
              onClick={() => setIsChoosing(true)}
            >
              <Icon name="check" size={18} /> Choose members
            </button>
          </>
        )}
      </header>
      <p role="status" className="done">
        {done}
      </p>
      {isChoosing ? (
        <MembersForm group={group} close={() => setIsChoosing(false)} done={show} />
      ) : (
        <MemberList group={group} members={members} manages={manages} done={setDone} />
      )}
      {isAdding && <AddMemberDialog group={group} close={() => setIsAdding(false)} done={show} />}
    </section>
  );
}
