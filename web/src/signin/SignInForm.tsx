import { type FormEvent, useEffect, useRef } from "react";
import { ApiError, explain } from "../api/errors";

interface Props {
  pending: boolean;
  error: unknown;
  submit: (credentials: { handle: string; password: string }) => void;
  autoFocus: boolean;
}

export function SignInForm({ pending, error, submit, autoFocus }: Props) {
  const handle = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autoFocus) handle.current?.focus();
  }, [autoFocus]);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    submit({
      handle: String(values.get("handle")).trim().replace(/^@/, ""),
      password: String(values.get("password")),
    });
  };
  return (
    <form className="form" onSubmit={onSubmit}>
      <label>
        Handle
        <input
          ref={handle}
          name="handle"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      {error != null && (
        <p className="form-error" role="alert">
          {reason(error)}
        </p>
      )}
      <button type="submit" className="button button-primary" disabled={pending}>
        {pending ? "Signing in …" : "Sign in"}
      </button>
    </form>
  );
}

function reason(error: unknown): string {
  if (!(error instanceof ApiError)) return explain(error);
  if (error.code === "credentials_wrong") return "Handle or password is wrong.";
  if (error.status === 429) {
    const seconds = error.retryAfter ?? 60;
    return `Too many attempts. Try again in ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`;
  }
  return explain(error);
}
