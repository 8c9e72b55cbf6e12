import { type FormEvent, useState } from "react";
import type { Group, User } from "../api/types";
import { PersonPicker } from "../people/PersonPicker";
import { usePutMember } from "../state/groupChanges";
import { Avatar } from "../ui/Avatar";
import { Choices } from "../ui/Choices";
import { Dialog } from "../ui/Dialog";
import { FormButtons } from "../ui/FormButtons";
import { FormError } from "../ui/FormError";

interface Props {
  group: Group;
  close: () => void;
  done: (text: string) => void;
}

/** Adds one person, and says what they see of what was written before. */
export function AddMemberDialog({ group, close, done }: Props) {
  const [user, setUser] = useState<User | null>(null);
  return (
    <Dialog title="Add somebody" close={close}>
      {user ? (
        <Chosen group={group} user={user} close={close} done={done} />
      ) : (
        <PersonPicker label="Who" choose={setUser} />
      )}
    </Dialog>
  );
}

function Chosen({ group, user, close, done }: Props & { user: User }) {
  const put = usePutMember(group.id);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const history = new FormData(event.currentTarget).get("history") === "none" ? "none" : "all";
    put.mutate(
      { user: user.id, history },
      { onSuccess: () => done(`Added ${user.display_name}.`) },
    );
  };
  return (
    <form className="form" onSubmit={onSubmit}>
      <div className="row">
        <Avatar id={user.id} name={user.display_name} />
        <span className="person-names">
          <strong dir="auto">{user.display_name}</strong>
          <small>@{user.handle}</small>
        </span>
      </div>
      <Choices
        legend="What was written before"
        name="history"
        chosen="all"
        options={[
          { value: "all", name: "They see it", help: "They read all of the conversation." },
          {
            value: "none",
            name: "They do not see it",
            help: "They read what is written from now on.",
          },
        ]}
      />
      <FormError error={put.error} />
      <FormButtons verb="Add" isPending={put.isPending} cancel={close} />
    </form>
  );
}
