import type { FormEvent } from "react";
import { ApiError } from "../api/errors";
import type { User } from "../api/types";
import { interestsOf, interestsText } from "../model/directory/interests";
import { useChangeProfile } from "../state/session";
import { Field } from "../ui/Field";
import { FormError } from "../ui/FormError";

const FIELDS = ["display_name", "handle", "location", "interests"];

export function ProfileForm({ me }: { me: User }) {
  const change = useChangeProfile();
  const { error } = change;
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const text = (name: string) => String(values.get(name)).trim();
    change.mutate({
      display_name: text("display_name"),
      handle: text("handle").replace(/^@/, ""),
      // None at all: null removes it.
      location: text("location") || null,
      interests: interestsOf(text("interests")),
    });
  };
  return (
    <form className="form" onSubmit={onSubmit}>
      <Field
        label="Name"
        name="display_name"
        defaultValue={me.display_name}
        autoComplete="name"
        dir="auto"
        error={error}
        required
      />
      <Field
        label="Handle"
        name="handle"
        defaultValue={me.handle}
        help="How others find you: 2 to 32 letters, digits, “.”, “-” or “_”. The old one is free for others then."
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        error={error}
        required
      />
      <Field
        label="Location"
        name="location"
        defaultValue={me.location ?? ""}
        help="Only you and admins see this."
        autoComplete="address-level2"
        dir="auto"
        error={error}
      />
      <Field
        label="Interests"
        name="interests"
        defaultValue={interestsText(me.interests)}
        help="With commas between. Only you and admins see them."
        autoComplete="off"
        dir="auto"
        error={error}
      />
      <FormError error={concernsField(error) ? null : error} />
      {change.isSuccess && <p role="status">Your profile is saved.</p>}
      <button type="submit" className="button button-primary" disabled={change.isPending}>
        Save
      </button>
    </form>
  );
}

/** Whether it stands below a field already. */
function concernsField(error: unknown): boolean {
  return error instanceof ApiError && error.fields.some(({ field }) => FIELDS.includes(field));
}
