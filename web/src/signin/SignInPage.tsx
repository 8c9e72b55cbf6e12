import { useEffect } from "react";
import type { Session } from "../api/types";
import { useSignIn } from "../state/session";
import { Logo } from "../ui/Logo";
import { DemoPeople } from "./DemoPeople";
import { SignInForm } from "./SignInForm";

/** After signing in, the app goes to where it was asked for. */
export function SignInPage({ demo }: { demo: Session["demo"] }) {
  const signIn = useSignIn();
  useEffect(() => {
    document.title = "Sign in · Tavola";
  }, []);
  return (
    <main className="signin">
      <div className="signin-card">
        <header className="signin-header">
          <Logo size={52} />
          <h1>Welcome to Tavola</h1>
          <p>
            {demo
              ? "This is a demo. Take a seat as one of these people:"
              : "Sign in to your messages."}
          </p>
        </header>
        {demo && (
          <DemoPeople
            people={demo.users}
            disabled={signIn.isPending}
            choose={({ handle }) => signIn.mutate({ handle, password: demo.password })}
          />
        )}
        {demo && <p className="signin-or">or with a password</p>}
        <SignInForm
          pending={signIn.isPending}
          error={signIn.error}
          submit={signIn.mutate}
          autoFocus={!demo}
        />
      </div>
    </main>
  );
}
