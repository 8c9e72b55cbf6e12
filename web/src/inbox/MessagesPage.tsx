import { useEffect } from "react";
import { Route, Switch, useLocation, useRoute } from "wouter";
import { ConversationPage } from "../conversation/ConversationPage";
import { FirstMessagePage } from "../conversation/FirstMessagePage";
import { NothingOpen } from "../conversation/NothingOpen";
import { paths } from "../model/paths";
import { NewMessagePage } from "../people/NewMessagePage";
import { useLiveLog } from "../state/live";
import { InboxPane } from "./InboxPane";
import { ReachBanner } from "./ReachBanner";

/** The inbox beside a conversation; on a narrow screen one of them. */
export function MessagesPage() {
  const [path] = useLocation();
  const [, open] = useRoute("/messages/:conversation");
  const conversation = open && open.conversation !== "new" ? open.conversation : null;
  useLiveLog(conversation);
  useNewMessageShortcut();
  return (
    <div className="shell" data-showing={path === paths.inbox ? "inbox" : "pane"}>
      <ReachBanner />
      <InboxPane open={conversation} />
      <main className="pane">
        <Switch>
          <Route path="/messages">
            <NothingOpen />
          </Route>
          <Route path="/messages/new">
            <NewMessagePage />
          </Route>
          <Route path="/messages/new/:handle">
            {({ handle }) => <FirstMessagePage key={handle} handle={handle} />}
          </Route>
          <Route path="/messages/:conversation">
            {(params) => <ConversationPage key={params.conversation} id={params.conversation} />}
          </Route>
          <Route>
            <NothingOpen />
          </Route>
        </Switch>
      </main>
    </div>
  );
}

/** Ctrl+K or Cmd+K, wherever the focus is. */
function useNewMessageShortcut() {
  const [, navigate] = useLocation();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      navigate(paths.newMessage);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [navigate]);
}
