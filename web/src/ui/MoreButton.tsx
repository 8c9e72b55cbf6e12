import { useEffect, useRef } from "react";

interface Props {
  name: string;
  /** Whether it is loading, and whether that has failed. */
  isPending: boolean;
  isError: boolean;
  load: () => void;
}

/** Loads the next page when it comes into view; a click does it too. */
export function MoreButton({ name, isPending, isError, load }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    // After a failure it is up to the person; after a page, it may be in view still.
    if (!button.current || isPending || isError) return;
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && latest.current(),
      { rootMargin: "300px" },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [isPending, isError]);
  return (
    <button ref={button} type="button" className="more" disabled={isPending} onClick={load}>
      {isPending ? "Loading …" : isError ? "This did not work. Try again" : name}
    </button>
  );
}
