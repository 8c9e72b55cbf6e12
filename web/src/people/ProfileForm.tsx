import type { FormEvent } from "react";
import { explain } from "../api/errors";
import type { User } from "../api/types";
import { useChangeProfile } from "../state/session";

export function ProfileForm({ me }: { me: User }) {
  const change = useChangeProfile();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    change.mutate({
      display_name: String(values.get("name")).trim(),
      // No location at all: null removes it.
      location: String(values.get("location")).trim() || null,
    });
  };
  return (
    <form className="form" onSubmit={onSubmit}>
      <label>
        Name
        <input name="name" defaultValue={me.display_name} autoComplete="name" dir="auto" required />
      </label>
      <label>
        Location
        <input
          name="location"
          defaultValue={me.location ?? ""}
          autoComplete="address-level2"
          dir="auto"
        />
      </label>
      {change.isError && (
        <p className="form-error" role="alert">
          {explain(change.error)}
        </p>
      )}
      {change.isSuccess && <p role="status">Your profile is saved.</p>}
      <button type="submit" className="button button-primary" disabled={change.isPending}>
        Save
      </button>
    </form>
  );
}
