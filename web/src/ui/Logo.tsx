/** A table, seen from the side. */
export function Logo({ size = 28 }: { size?: number }) {
  return <img className="logo" src="/icon.svg" alt="" width={size} height={size} />;
}
