import { type KeyboardEvent, type Ref, useImperativeHandle, useLayoutEffect, useRef } from "react";

interface Props {
  ref: Ref<HTMLTextAreaElement | null>;
  value: string;
  onChange: (text: string) => void;
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  label: string;
  placeholder?: string;
}

/** As high as its text, up to what the stylesheet allows. */
export function GrowingTextarea({ ref, value, onChange, onKeyDown, label, placeholder }: Props) {
  const box = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle<HTMLTextAreaElement | null, HTMLTextAreaElement | null>(
    ref,
    () => box.current,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value has a new height
  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.style.height = "auto";
    box.current.style.height = `${box.current.scrollHeight}px`;
  }, [value]);
  return (
    <textarea
      ref={box}
      rows={1}
      dir="auto"
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}
