import { useState } from "react";
import { Link } from "wouter";
import type { Group, Member } from "../api/types";
import { paths } from "../model/paths";
import { usePutMember } from "../state/groupChanges";
import { useMe } from "../state/session";
import { Avatar } from "../ui/Avatar";
import { Chip } from "../ui/Chip";
import { FormError } from "../ui/FormError";
import { MoreMenu } from "../ui/MoreMenu";
import { RemoveMemberDialog } from "./RemoveMemberDialog";

interface Props {
  group: Group;
  member: Member;
  manages: boolean;
  /** Tells what was done. */
  done: (text: string) => void;
}

export function MemberRow({ group, member, manages, done }: Props) {
  const { id, handle, display_name, role } = member;
  const isMe = id === useMe().id;
  const put = usePutMember(group.id);
  const [isRemoving, setIsRemoving] = useState(false);
  const setRole = (wanted: Member["role"], told: string) =>
    put.mutate({ user: id, role: wanted }, { onSuccess: () => done(told) });
  return (
    <div className="row">
      <Avatar id={id} name={display_name} />
      <span className="person-names">
        <Link href={paths.user(handle)} className="row-name" dir="auto">
          {display_name}
        </Link>
        <small>@{handle}</small>
      </span>
      {isMe && <Chip>You</Chip>}
      {role === "admin" && <Chip tone="strong">Admin</Chip>}
      {manages && (
        <MoreMenu
          name={`Change ${display_name}`}
          items={[
            role === "admin"
              ? {
                  icon: "user",
                  name: "Make a plain member",
                  choose: () => setRole("member", `${display_name} is no admin any more.`),
                }
              : {
                  icon: "key",
                  name: "Make an admin",
                  choose: () => setRole("admin", `${display_name} is an admin now.`),
                },
            !isMe && {
              icon: "trash",
              name: "Remove",
              danger: true,
              choose: () => setIsRemoving(true),
            },
          ]}
        />
      )}
      <FormError error={put.error} />
      {isRemoving && (
        <RemoveMemberDialog
          group={group}
          member={member}
          close={() => setIsRemoving(false)}
          done={done}
        />
      )}
    </div>
  );
}
