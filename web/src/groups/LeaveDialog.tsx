import { useLocation } from "wouter";
import type { Group } from "../api/types";
import { isOnlyAdmin } from "../model/directory/groups";
import { paths } from "../model/paths";
import { useLeaveGroup } from "../state/groupChanges";
import { useMembers } from "../state/groups";
import { useMe } from "../state/session";
import { ConfirmDialog } from "../ui/ConfirmDialog";

interface Props {
  group: Group;
  close: () => void;
}

export function LeaveDialog({ group, close }: Props) {
  const me = useMe();
  const members = useMembers(group.id);
  const [, navigate] = useLocation();
  const leave = useLeaveGroup(group.id, me.id, () => navigate(paths.groups));
  const isLastAdmin =
    members.data !== undefined && !members.hasNextPage && isOnlyAdmin(members.data, me.id);
  return (
    <ConfirmDialog title="Leave this group?" verb="Leave" work={leave} close={close}>
      <p>
        You will not read <strong dir="auto">{group.name}</strong> any more. What you wrote stays.
        {isLastAdmin && " You are its only admin: make somebody else one first, if it is to go on."}
      </p>
    </ConfirmDialog>
  );
}
