import type { ComponentProps } from "react";

interface Props extends Omit<ComponentProps<"input">, "value" | "type" | "onChange"> {
  /** What is searched, and by what. */
  label: string;
  typed: string;
  type: (text: string) => void;
}

/** A box to type into what is sought; handles and names are no words to correct. */
export function SearchField({ label, typed, type, ...more }: Props) {
  return (
    <input
      type="search"
      className="search-field"
      aria-label={label}
      placeholder={label}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      {...more}
      value={typed}
      onChange={(event) => type(event.target.value)}
    />
  );
}
