import { useState } from "react";
import type { Group, Person } from "../api/types";
import type { Choice } from "../model/directory/choosing";
import { useSetMembers } from "../state/groupChanges";
import { useAllMembers } from "../state/groups";
import { PREFIX_MIN, useUserSearch } from "../state/people";
import { Failure } from "../ui/Notice";
import { ListSkeleton } from "../ui/Skeleton";
import { ChoiceForm } from "./ChoiceForm";
import { TooMany } from "./TooMany";

interface Props {
  group: Group;
  close: () => void;
  /** Tells what saving has done. */
  done: (text: string) => void;
}

/** Chooses who is in a group. */
export function MembersForm({ group, close, done }: Props) {
  const members = useAllMembers(group.id);
  if (members.isError && !members.data) {
    return <Failure error={members.error} retry={() => members.refetch()} />;
  }
  if (!members.data) return <ListSkeleton label="Loading members" />;
  if (!members.data.isAll) return <TooMany what="members" close={close} />;
  const inside = members.data.rows.map(choiceOf);
  return <Loaded group={group} inside={inside} close={close} done={done} />;
}

function Loaded({ group, inside, close, done }: Props & { inside: Choice[] }) {
  const [typed, setTyped] = useState("");
  const found = useUserSearch(typed);
  const saving = useSetMembers(group.id);
  return (
    <ChoiceForm
      label={`Members of ${group.name}`}
      inside={inside}
      shape="round"
      search={{
        label: "Search people by handle",
        typed,
        type: setTyped,
        found: found.data?.map(choiceOf) ?? [],
        isPending: found.isFetching,
        error: found.error,
        lengthMin: PREFIX_MIN,
        hasMore: false,
      }}
      saving={saving}
      close={close}
      done={done}
    />
  );
}

function choiceOf({ id, handle, display_name }: Person): Choice {
  return { id, name: display_name, detail: `@${handle}` };
}
