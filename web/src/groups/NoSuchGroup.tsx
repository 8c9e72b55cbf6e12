import { Link } from "wouter";
import { paths } from "../model/paths";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";

/** The same whether there is no such group or it is a private one of others. */
export function NoSuchGroup() {
  return (
    <Notice picture={<Icon name="search" size={28} />} title="There is no such group">
      <p>The link may be old, or the group is a private one that you are not in.</p>
      <Link href={paths.groups} className="button">
        All groups
      </Link>
    </Notice>
  );
}
