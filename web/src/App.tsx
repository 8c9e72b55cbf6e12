import { useEffect, useState } from "react";
import { Redirect, Route, Switch, useLocation, useSearch } from "wouter";
import type { User } from "./api/types";
import { DirectoryRoute } from "./frame/DirectoryRoute";
import { Frame } from "./frame/Frame";
import { MessagesPage } from "./inbox/MessagesPage";
import { paths, returnPath } from "./model/paths";
import { NotFoundPage } from "./NotFoundPage";
import { SignInPage } from "./signin/SignInPage";
import { useServices } from "./state/services";
import { MeProvider, useSession } from "./state/session";
import { TableRoute } from "./table/TableRoute";
import { Failure } from "./ui/Notice";

export function App() {
  const session = useSession();
  if (session.data) {
    const { user, demo } = session.data;
    return user ? <SignedIn key={user.id} user={user} /> : <SignedOut demo={demo} />;
  }
  if (session.isError) {
    return (
      <main className="whole-page">
        <Failure error={session.error} retry={() => session.refetch()} />
      </main>
    );
  }
  return null;
}

type Demo = Parameters<typeof SignInPage>[0]["demo"];

function SignedOut({ demo }: { demo: Demo }) {
  const [path] = useLocation();
  const search = useSearch();
  if (path === "/signin") return <SignInPage demo={demo} />;
  return <Redirect to={paths.signIn(path + (search && `?${search}`))} replace />;
}

function SignedIn({ user }: { user: User }) {
  const { belongTo } = useServices();
  // Before anything below reads what may be left of somebody else, and goes to where they were.
  const [afterSomebodyElse, setAfterSomebodyElse] = useState(() => belongTo(user.id));
  useEffect(() => setAfterSomebodyElse(false), []);
  if (afterSomebodyElse) return <Redirect to={paths.inbox} replace />;
  return (
    <MeProvider value={user}>
      <Frame>
        <Switch>
          <Route path="/">
            <Redirect to={paths.inbox} replace />
          </Route>
          <Route path="/signin">
            <Return />
          </Route>
          <Route path="/messages/*?">
            <MessagesPage />
          </Route>
          <Route path="/users">
            <DirectoryRoute>{({ PeoplePage }) => <PeoplePage />}</DirectoryRoute>
          </Route>
          <Route path="/users/:handle">
            {({ handle }) => (
              <DirectoryRoute>
                {({ UserPage }) => <UserPage key={handle} handle={handle} />}
              </DirectoryRoute>
            )}
          </Route>
          <Route path="/groups">
            <DirectoryRoute>{({ GroupsPage }) => <GroupsPage />}</DirectoryRoute>
          </Route>
          <Route path="/groups/:id">
            {({ id }) => (
              <DirectoryRoute>{({ GroupPage }) => <GroupPage key={id} id={id} />}</DirectoryRoute>
            )}
          </Route>
          <Route path="/account">
            <DirectoryRoute>{({ AccountPage }) => <AccountPage />}</DirectoryRoute>
          </Route>
          <Route path="/table">
            <TableRoute />
          </Route>
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </Frame>
    </MeProvider>
  );
}

function Return() {
  return <Redirect to={returnPath(useSearch())} replace />;
}
