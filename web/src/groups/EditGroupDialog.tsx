import type { FormEvent } from "react";
import type { Group } from "../api/types";
import { useChangeGroup } from "../state/groupChanges";
import { Dialog } from "../ui/Dialog";
import { FormButtons } from "../ui/FormButtons";
import { FormError } from "../ui/FormError";
import { GroupFields, groupValues } from "./GroupFields";

interface Props {
  group: Group;
  close: () => void;
}

export function EditGroupDialog({ group, close }: Props) {
  const change = useChangeGroup(group.id);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate(groupValues(event.currentTarget), { onSuccess: close });
  };
  return (
    <Dialog title="Edit the group" close={close}>
      <form className="form" onSubmit={onSubmit}>
        <GroupFields name={group.name} visibility={group.visibility} />
        <FormError error={change.error} />
        <FormButtons verb="Save" isPending={change.isPending} cancel={close} />
      </form>
    </Dialog>
  );
}
