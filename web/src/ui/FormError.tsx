import { explain } from "../api/errors";

/** What went wrong with what was sent; nothing where nothing did. */
export function FormError({ error }: { error: unknown }) {
  if (error == null) return null;
  return (
    <p className="form-error" role="alert">
      {explain(error)}
    </p>
  );
}
