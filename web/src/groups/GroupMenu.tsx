import { useState } from "react";
import type { Group } from "../api/types";
import { canManage } from "../model/directory/groups";
import { useMe } from "../state/session";
import { MoreMenu } from "../ui/MoreMenu";
import { DeleteGroupDialog } from "./DeleteGroupDialog";
import { EditGroupDialog } from "./EditGroupDialog";
import { LeaveDialog } from "./LeaveDialog";

export function GroupMenu({ group }: { group: Group }) {
  const manages = canManage(group, useMe());
  const [asking, setAsking] = useState<"edit" | "leave" | "delete" | null>(null);
  const close = () => setAsking(null);
  return (
    <>
      <MoreMenu
        name="More about this group"
        items={[
          manages && { icon: "pencil", name: "Edit", choose: () => setAsking("edit") },
          group.role !== undefined && {
            icon: "leave",
            name: "Leave",
            choose: () => setAsking("leave"),
          },
          manages && {
            icon: "trash",
            name: "Delete",
            danger: true,
            choose: () => setAsking("delete"),
          },
        ]}
      />
      {asking === "edit" && <EditGroupDialog group={group} close={close} />}
      {asking === "leave" && <LeaveDialog group={group} close={close} />}
      {asking === "delete" && <DeleteGroupDialog group={group} close={close} />}
    </>
  );
}
