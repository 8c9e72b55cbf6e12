import type { FormEvent } from "react";
import { useLocation } from "wouter";
import type { Group } from "../api/types";
import { paths } from "../model/paths";
import { useDeleteGroup } from "../state/groupChanges";
import { Choices } from "../ui/Choices";
import { Dialog } from "../ui/Dialog";
import { FormError } from "../ui/FormError";

interface Props {
  group: Group;
  close: () => void;
}

export function DeleteGroupDialog({ group, close }: Props) {
  const [, navigate] = useLocation();
  const remove = useDeleteGroup(group.id, () => navigate(paths.groups));
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const log = new FormData(event.currentTarget).get("log");
    remove.mutate(log === "purge" ? "purge" : "keep");
  };
  return (
    <Dialog title="Delete this group?" close={close}>
      <form className="form" onSubmit={onSubmit}>
        <p>
          <strong dir="auto">{group.name}</strong> is gone for everybody, and cannot be brought
          back.
        </p>
        <Choices
          legend="What was written in it"
          name="log"
          chosen="keep"
          options={[
            {
              value: "keep",
              name: "Keep it",
              help: "Nobody reads it here, but it stays in the table.",
            },
            { value: "purge", name: "Delete it too", help: "Every message is removed for good." },
          ]}
        />
        <FormError error={remove.error} />
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="button button-danger" disabled={remove.isPending}>
            Delete group
          </button>
        </div>
      </form>
    </Dialog>
  );
}
