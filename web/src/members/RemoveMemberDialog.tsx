import type { Group, Member } from "../api/types";
import { useRemoveMember } from "../state/groupChanges";
import { ConfirmDialog } from "../ui/ConfirmDialog";

interface Props {
  group: Group;
  member: Member;
  close: () => void;
  done: (text: string) => void;
}

export function RemoveMemberDialog({ group, member, close, done }: Props) {
  const remove = useRemoveMember(group.id, () => done(`Removed ${member.display_name}.`));
  return (
    <ConfirmDialog
      title={`Remove ${member.display_name}?`}
      verb="Remove"
      work={{ ...remove, mutate: () => remove.mutate(member.id) }}
      close={close}
    >
      <p>
        They will not read <strong dir="auto">{group.name}</strong> any more. What they wrote stays.
      </p>
    </ConfirmDialog>
  );
}
