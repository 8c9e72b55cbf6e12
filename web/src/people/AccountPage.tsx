import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { Link } from "wouter";
import { changePassword } from "../api/calls";
import { explain } from "../api/errors";
import { paths } from "../model/paths";
import { useMe } from "../state/session";
import { useTitle } from "../state/title";
import { Icon } from "../ui/Icon";

export function AccountPage() {
  const me = useMe();
  useTitle("Change password");
  return (
    <main className="whole-page">
      <Link href={paths.inbox} className="back-link">
        <Icon name="back" /> Messages
      </Link>
      <section className="profile">
        <h1>Change password</h1>
        <p className="muted">for @{me.handle}</p>
        <PasswordForm handle={me.handle} />
      </section>
    </main>
  );
}

function PasswordForm({ handle }: { handle: string }) {
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
      {change.isError && (
        <p className="form-error" role="alert">
          {explain(change.error)}
        </p>
      )}
      {change.isSuccess && <p role="status">Your password is changed.</p>}
      <button type="submit" className="button button-primary" disabled={change.isPending}>
        Change password
      </button>
    </form>
  );
}
