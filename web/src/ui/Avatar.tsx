import { initials, tintOf } from "../model/avatar";

interface Props {
  /** What the colour is derived from: it stays when the name changes. */
  id: string;
  name: string;
  shape?: "round" | "square";
  size?: "small" | "medium" | "large";
}

/** Decoration: the name stands beside it. So its letters are no text, which would be part of it. */
export function Avatar({ id, name, shape = "round", size = "medium" }: Props) {
  return (
    <span
      className="avatar"
      data-tint={tintOf(id)}
      data-shape={shape}
      data-size={size}
      data-initials={initials(name)}
      aria-hidden="true"
    />
  );
}
