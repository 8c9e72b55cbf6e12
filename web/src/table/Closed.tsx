import { Link } from "wouter";
import { paths } from "../model/paths";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";

interface Props {
  title: string;
  children: string;
}

function Closed({ title, children }: Props) {
  return (
    <main className="whole-page">
      <Notice picture={<Icon name="table" size={28} />} title={title}>
        <p>{children}</p>
        <Link href={paths.inbox} className="button">
          Go to your messages
        </Link>
      </Notice>
    </main>
  );
}

export function ForAdmins() {
  return (
    <Closed title="The table is for admins">
      It shows everything that everybody wrote. Who runs this server can make you an admin.
    </Closed>
  );
}

export function SwitchedOff() {
  return (
    <Closed title="The table explorer is switched off">
      Who runs this server has set TAVOLA_TABLE_EXPLORER to false.
    </Closed>
  );
}

export function UnknownPattern({ name }: { name: string }) {
  return (
    <Notice picture={<Icon name="search" size={26} />} title="There is no such access pattern">
      <p>{`Nothing is called “${name}”. The list has all that there are.`}</p>
    </Notice>
  );
}
