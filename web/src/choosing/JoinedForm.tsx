import { useState } from "react";
import type { JoinedGroup, NamedGroup, User } from "../api/types";
import type { Choice } from "../model/directory/choosing";
import { useSetJoined } from "../state/groupChanges";
import { useGroups, useJoined } from "../state/groups";
import { useSettled } from "../state/people";
import { Failure } from "../ui/Notice";
import { ListSkeleton } from "../ui/Skeleton";
import { ChoiceForm } from "./ChoiceForm";
import { TooMany } from "./TooMany";

interface Props {
  user: User;
  close: () => void;
  /** Tells what saving has done. */
  done: (text: string) => void;
}

/** Chooses which groups somebody is in. */
export function JoinedForm({ user, close, done }: Props) {
  const joined = useJoined(user.id);
  if (joined.isError && !joined.data) {
    return <Failure error={joined.error} retry={() => joined.refetch()} />;
  }
  if (!joined.data) return <ListSkeleton label="Loading groups" />;
  if (!joined.data.isAll) return <TooMany what="groups" close={close} />;
  const inside = joined.data.rows.map(choiceOf);
  return <Loaded user={user} inside={inside} close={close} done={done} />;
}

function Loaded({ user, inside, close, done }: Props & { inside: Choice[] }) {
  const [typed, setTyped] = useState("");
  const prefix = useSettled(typed.trim());
  // Without a text the first ones are offered: there may be few.
  const found = useGroups(prefix);
  const saving = useSetJoined(user.id);
  return (
    <ChoiceForm
      label={`Groups of ${user.display_name}`}
      inside={inside}
      shape="square"
      search={{
        label: "Search groups by name",
        typed,
        type: setTyped,
        found: found.data?.map(choiceOf) ?? [],
        isPending: found.isFetching,
        error: found.error,
        lengthMin: 0,
        hasMore: found.hasNextPage,
      }}
      saving={saving}
      close={close}
      done={done}
    />
  );
}

function choiceOf(group: JoinedGroup | NamedGroup): Choice {
  const isPrivate = "visibility" in group && group.visibility === "private";
  return { id: group.id, name: group.name, detail: isPrivate ? "private" : "" };
}
