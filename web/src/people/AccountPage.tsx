import { Link } from "wouter";
import { paths } from "../model/paths";
import { useMe } from "../state/session";
import { useTitle } from "../state/title";
import { Icon } from "../ui/Icon";
import { PasswordForm } from "./PasswordForm";
import { ProfileForm } from "./ProfileForm";

export function AccountPage() {
  const me = useMe();
  useTitle("Your account");
  return (
    <main className="whole-page">
      <Link href={paths.inbox} className="back-link">
        <Icon name="back" /> Messages
      </Link>
      <section className="profile">
        <h1>Your account</h1>
        <p className="muted">@{me.handle}</p>
        <ProfileForm me={me} />
        <h2>Change password</h2>
        <PasswordForm handle={me.handle} />
      </section>
    </main>
  );
}
