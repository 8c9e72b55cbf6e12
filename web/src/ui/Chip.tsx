import type { ReactNode } from "react";

/** A word about what it stands beside. */
export function Chip({
  tone = "quiet",
  children,
}: {
  tone?: "quiet" | "strong";
  children: ReactNode;
}) {
  return (
    <span className="chip" data-tone={tone}>
      {children}
    </span>
  );
}
