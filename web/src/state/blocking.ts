/** Whom one blocks. Only oneself is told. */

import { useMutation } from "@tanstack/react-query";
import { blockUser, unblockUser } from "../api/calls";
import type { Conversation } from "../api/types";
import { directConversationId } from "../model/conversation";
import { keys } from "./cache";
import { useServices } from "./services";
import { useMe } from "./session";

/** Blocks somebody, or with `false` lets them write again. */
export function useBlock(user: string) {
  const { cache } = useServices();
  const conversation = directConversationId(useMe().id, user);
  return useMutation({
    mutationFn: (block: boolean) => (block ? blockUser(user) : unblockUser(user)),
    onSuccess: (_, block) => {
      cache.setQueryData<Conversation>(keys.conversation(conversation), (known) => {
        if (!known) return known;
        const { blocked: _before, ...rest } = known;
        return block ? { ...rest, blocked: true } : rest;
      });
      return Promise.all(
        [keys.conversation(conversation), keys.inbox].map((queryKey) =>
          cache.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
}
