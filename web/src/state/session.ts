/** Who is signed in. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { useLocation } from "wouter";
import { changeProfile, getSession, signIn, signOut } from "../api/calls";
import type { Session, User } from "../api/types";
import { paths } from "../model/paths";
import { keys } from "./cache";
import { useServices } from "./services";

export function useSession() {
  return useQuery({
    queryKey: keys.session,
    queryFn: ({ signal }) => getSession(signal),
    staleTime: 30_000,
    // Somebody may have signed in or out in another tab.
    refetchOnWindowFocus: true,
  });
}

export function useSignIn() {
  const { cache } = useServices();
  return useMutation({
    mutationFn: ({ handle, password }: { handle: string; password: string }) =>
      signIn(handle, password),
    onSuccess: ({ user }) =>
      cache.setQueryData<Session>(keys.session, (known) => ({ demo: null, ...known, user })),
  });
}

export function useChangeProfile() {
  const { cache } = useServices();
  return useMutation({
    mutationFn: changeProfile,
    onSuccess: (user) => {
      cache.setQueryData<Session>(keys.session, (known) => known && { ...known, user });
      // Another handle leaves the old one to nobody.
      void cache.invalidateQueries({ queryKey: ["user"] });
      cache.setQueryData<User>(keys.user(`@${user.handle}`), user);
    },
  });
}

export function useSignOut() {
  const { cache, belongTo } = useServices();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      // Whoever signs in next is not led to where this person was.
      navigate(paths.inbox);
      cache.setQueryData<Session>(keys.session, (known) => known && { ...known, user: null });
      belongTo(null);
    },
  });
}

const MeContext = createContext<User | null>(null);
export const MeProvider = MeContext.Provider;

/** The one who is signed in; only below `SignedIn`. */
export function useMe(): User {
  const me = useContext(MeContext);
  if (!me) throw new Error("Nobody is signed in here.");
  return me;
}
