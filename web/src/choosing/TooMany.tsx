import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";

interface Props {
  what: string;
  close: () => void;
}

/** An exact set is sent whole, so it has a limit. */
export function TooMany({ what, close }: Props) {
  return (
    <Notice picture={<Icon name="users" size={28} />} title={`More than 1,000 ${what}`}>
      <p>So many cannot be chosen in one list. Add and remove them one by one.</p>
      <button type="button" className="button" onClick={close}>
        Go back
      </button>
    </Notice>
  );
}
