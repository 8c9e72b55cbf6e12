import { type InputHTMLAttributes, useId } from "react";
import { ApiError } from "../api/errors";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  /** As the API calls it. */
  name: string;
  help?: string;
  /** Of what was sent; what concerns this field is shown below it. */
  error: unknown;
}

/** A text to fill in, with what it means and what is wrong with it. */
export function Field({ label, help, error, ...input }: Props) {
  const id = useId();
  const problem = fieldProblem(error, input.name);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        aria-describedby={`${id}-help ${id}-problem`}
        aria-invalid={problem !== undefined}
      />
      <small id={`${id}-help`}>{help}</small>
      <small id={`${id}-problem`} className="form-error" role="alert">
        {problem}
      </small>
    </div>
  );
}

function fieldProblem(error: unknown, name: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.fields.find(({ field }) => field === name)?.message;
}
