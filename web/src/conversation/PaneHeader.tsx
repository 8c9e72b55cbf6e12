import type { ReactNode } from "react";
import { Link } from "wouter";
import { paths } from "../model/paths";
import { Icon } from "../ui/Icon";

interface Props {
  title: ReactNode;
  picture?: ReactNode;
  detail?: ReactNode;
}

/** The line above a pane; on a narrow screen it leads back to the inbox. */
export function PaneHeader({ title, picture, detail }: Props) {
  return (
    <header className="pane-header">
      <Link href={paths.inbox} className="icon-button pane-back" aria-label="Back to the inbox">
        <Icon name="back" />
      </Link>
      {picture}
      <div className="pane-titles">
        <h2 dir="auto">{title}</h2>
        {detail && <p>{detail}</p>}
      </div>
    </header>
  );
}
