import type { ReactNode } from "react";
import { Link } from "wouter";
import { MyMenu } from "../inbox/MyMenu";
import { Icon } from "../ui/Icon";

interface Props {
  title?: string;
  /** What it is, where its heading is somebody's name. */
  place?: string;
  /** Where this page belongs to. */
  back?: { to: string; name: string };
  children?: ReactNode;
}

/** The line above a page: what it is or where it belongs to, what one can do, and who one is. */
export function PageHeader({ title, place, back, children }: Props) {
  return (
    <header className="page-header">
      {back && (
        <Link href={back.to} className="back-link">
          <Icon name="back" /> {back.name}
        </Link>
      )}
      {place && <span className="page-place">{place}</span>}
      {title && <h1>{title}</h1>}
      <span className="page-header-space" />
      {children}
      <MyMenu />
    </header>
  );
}
