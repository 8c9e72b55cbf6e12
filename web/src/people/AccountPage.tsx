import { PageHeader } from "../frame/PageHeader";
import { paths } from "../model/paths";
import { useMe } from "../state/session";
import { useTitle } from "../state/title";
import { PasswordForm } from "./PasswordForm";
import { ProfileForm } from "./ProfileForm";

export function AccountPage() {
  const me = useMe();
  useTitle("Your account");
  return (
    <main className="page">
      <PageHeader title="Your account" back={{ to: paths.user(me.handle), name: "Profile" }} />
      <div className="page-body">
        <section className="section" aria-labelledby="profile">
          <header className="section-header">
            <h2 id="profile">Profile</h2>
          </header>
          <ProfileForm me={me} />
        </section>
        <section className="section" aria-labelledby="password">
          <header className="section-header">
            <h2 id="password">Change password</h2>
          </header>
          <PasswordForm handle={me.handle} />
        </section>
      </div>
    </main>
  );
}
