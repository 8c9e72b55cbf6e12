import type { ReactNode } from "react";
import { Dialog } from "./Dialog";
import { FormError } from "./FormError";

interface Props {
  title: string;
  /** What it does, on the button. */
  verb: string;
  keep?: string;
  work: { mutate: () => void; isPending: boolean; error: unknown };
  close: () => void;
  children: ReactNode;
}

/** Asks before something is done that cannot simply be undone. */
export function ConfirmDialog({ title, verb, keep = "Cancel", work, close, children }: Props) {
  return (
    <Dialog title={title} close={close}>
      {children}
      <FormError error={work.error} />
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={close}>
          {keep}
        </button>
        <button
          type="button"
          className="button button-danger"
          disabled={work.isPending}
          onClick={() => work.mutate()}
        >
          {verb}
        </button>
      </div>
    </Dialog>
  );
}
