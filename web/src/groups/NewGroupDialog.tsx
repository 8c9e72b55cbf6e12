import type { FormEvent } from "react";
import { useLocation } from "wouter";
import { paths } from "../model/paths";
import { useMakeGroup } from "../state/groupChanges";
import { Dialog } from "../ui/Dialog";
import { FormButtons } from "../ui/FormButtons";
import { FormError } from "../ui/FormError";
import { GroupFields, groupValues } from "./GroupFields";

export function NewGroupDialog({ close }: { close: () => void }) {
  const make = useMakeGroup();
  const [, navigate] = useLocation();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    make.mutate(groupValues(event.currentTarget), {
      onSuccess: ({ id }) => navigate(paths.group(id)),
    });
  };
  return (
    <Dialog title="New group" close={close}>
      <form className="form" onSubmit={onSubmit}>
        <GroupFields name="" visibility="listed" />
        <FormError error={make.error} />
        <FormButtons verb="Make it" isPending={make.isPending} cancel={close} />
      </form>
    </Dialog>
  );
}
