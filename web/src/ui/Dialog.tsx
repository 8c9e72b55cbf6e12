import { type ReactNode, useEffect, useId, useRef } from "react";

interface Props {
  title: string;
  close: () => void;
  children: ReactNode;
}

/** Asks something before anything else goes on. Escape closes it; the focus goes back. */
export function Dialog({ title, close, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // A dialog that is taken away, rather than closed, does not do this by itself.
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={heading} onClose={close}>
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}
