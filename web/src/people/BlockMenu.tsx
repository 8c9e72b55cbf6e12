import { useEffect, useRef, useState } from "react";
import type { User } from "../api/types";
import { directConversationId } from "../model/conversation";
import { useBlock } from "../state/blocking";
import { useConversation } from "../state/conversation";
import { useMe } from "../state/session";
import { Chip } from "../ui/Chip";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { FormError } from "../ui/FormError";
import { MoreMenu } from "../ui/MoreMenu";

/** Blocks somebody, or lets them write again. */
export function BlockMenu({ user }: { user: User }) {
  const conversation = useConversation(directConversationId(useMe().id, user.id));
  const block = useBlock(user.id);
  const [isAsking, setIsAsking] = useState(false);
  const isBlocked = conversation.data?.blocked === true;
  const controls = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone then: the focus is on the one that undoes it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: they say when another button is there
  useEffect(() => {
    if (block.isSuccess) controls.current?.querySelector("button")?.focus();
  }, [block.isSuccess, isBlocked, isAsking]);
  return (
    <div ref={controls} className="card-actions">
      {isBlocked && (
        <>
          <Chip tone="strong">Blocked</Chip>
          <button
            type="button"
            className="button"
            disabled={block.isPending}
            onClick={() => block.mutate(false)}
          >
            Unblock
          </button>
        </>
      )}
      {conversation.data && !isBlocked && (
        <MoreMenu
          name={`More about ${user.display_name}`}
          items={[{ icon: "block", name: "Block", danger: true, choose: () => setIsAsking(true) }]}
        />
      )}
      {!isAsking && <FormError error={block.error} />}
      {isAsking && (
        <ConfirmDialog
          title={`Block ${user.display_name}?`}
          verb="Block"
          work={{
            ...block,
            mutate: () => block.mutate(true, { onSuccess: () => setIsAsking(false) }),
          }}
          close={() => setIsAsking(false)}
        >
          <p>Neither of you can write to the other until you unblock them. They are not told.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
