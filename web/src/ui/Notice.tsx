import type { ReactNode } from "react";
import { explain } from "../api/errors";
import { Icon } from "./Icon";

interface NoticeProps {
  picture: ReactNode;
  title: string;
  children?: ReactNode;
}

/** Fills a pane that has nothing else to show. */
export function Notice({ picture, title, children }: NoticeProps) {
  return (
    <div className="notice">
      <div className="notice-picture">{picture}</div>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <div className="notice" role="alert">
      <div className="notice-picture">
        <Icon name="warning" size={28} />
      </div>
      <h2>This did not work</h2>
      <p>{explain(error)}</p>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}
