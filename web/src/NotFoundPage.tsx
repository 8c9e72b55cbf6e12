import { useEffect } from "react";
import { Link } from "wouter";
import { paths } from "./model/paths";
import { Logo } from "./ui/Logo";
import { Notice } from "./ui/Notice";

export function NotFoundPage() {
  useEffect(() => {
    document.title = "Not found · Tavola";
  }, []);
  return (
    <main className="whole-page">
      <Notice picture={<Logo size={44} />} title="There is nothing at this address">
        <p>The link may be old, or it may have been mistyped.</p>
        <Link href={paths.inbox} className="button">
          Go to your messages
        </Link>
      </Notice>
    </main>
  );
}
