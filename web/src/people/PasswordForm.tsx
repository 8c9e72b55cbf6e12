import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { changePassword } from "../api/calls";
import { FormError } from "../ui/FormError";

export function PasswordForm({ handle }: { handle: string }) {
  const change = useMutation({
    mutationFn: (values: { current: string; wanted: string }) =>
      changePassword(values.current, values.wanted),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    change.mutate(
      { current: String(values.get("current")), wanted: String(values.get("wanted")) },
      { onSuccess: () => form.reset() },
    );
  };
  return (
    <form className="form" onSubmit={onSubmit}>
      <input name="username" value={handle} autoComplete="username" readOnly hidden />
      <label>
        Current password
        <input name="current" type="password" autoComplete="current-password" required />
      </label>
      <label>
        New password
        <input name="wanted" type="password" autoComplete="new-password" required />
      </label>
      <FormError error={change.error} />
      {change.isSuccess && <p role="status">Your password is changed.</p>}
      <button type="submit" className="button button-primary" disabled={change.isPending}>
        Change password
      </button>
    </form>
  );
}
