import { Icon } from "../ui/Icon";

interface Props {
  shown: boolean;
  unseen: number;
  jump: () => void;
}

export function JumpButton({ shown, unseen, jump }: Props) {
  if (!shown) return null;
  return (
    <button type="button" className="jump" onClick={jump} aria-label={labelOf(unseen)}>
      {unseen > 0 && <span className="jump-count">{unseen} new</span>}
      <Icon name="down" size={18} />
    </button>
  );
}

function labelOf(unseen: number): string {
  return unseen > 0 ? `Jump to newest, ${unseen} new` : "Jump to newest";
}
