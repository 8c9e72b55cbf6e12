import { useLocation } from "wouter";
import { PaneHeader } from "../conversation/PaneHeader";
import { paths } from "../model/paths";
import { useMe } from "../state/session";
import { useTitle } from "../state/title";
import { PersonPicker } from "./PersonPicker";

/** Finds somebody to write to, by handle. */
export function NewMessagePage() {
  useTitle("New message");
  const me = useMe();
  const [, navigate] = useLocation();
  return (
    <section className="new-message">
      <PaneHeader title="New message" />
      <PersonPicker
        label="To"
        except={me.id}
        choose={({ handle }) => navigate(paths.newMessageTo(handle))}
        leave={() => navigate(paths.inbox)}
      />
    </section>
  );
}
