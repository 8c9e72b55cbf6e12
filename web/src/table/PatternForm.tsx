import { type FormEvent, useEffect, useRef } from "react";
import type { FieldProblem, Param, Pattern } from "../api/types";
import { valuesOf } from "../model/table/question";
import { ParamField } from "./ParamField";

interface Props {
  pattern: Pattern;
  values: Record<string, string>;
  problems: FieldProblem[];
  isRunning: boolean;
  run: (values: Record<string, string>) => void;
}

/** A field for each parameter. What the server finds wrong stands below the field. */
export function PatternForm({ pattern, values, problems, isRunning, run }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const names = new Set(pattern.params.map(({ name }) => name));
  const others = problems.filter(({ field }) => !names.has(field));
  // What was followed to here says what to fill in.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the fields read them when they are reset
  useEffect(() => form.current?.reset(), [values]);
  useEffect(() => {
    const wrong = problems.length > 0 ? "[aria-invalid=true]" : "input:required:placeholder-shown";
    form.current?.querySelector<HTMLInputElement>(wrong)?.focus();
  }, [problems]);
  const asked = pattern.params.filter(({ required }) => required);
  const options = pattern.params.filter(({ required }) => !required);
  const used = options.filter(({ name }) => values[name] !== undefined);
  const problemOf = ({ name }: Param) => problems.find(({ field }) => field === name);
  const fieldOf = (param: Param) => (
    <ParamField
      key={param.name}
      param={param}
      value={values[param.name]}
      problem={problemOf(param)}
    />
  );
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    run(valuesOf(pattern, new FormData(event.currentTarget)));
  };
  return (
    <form ref={form} className="form ask-form" onSubmit={onSubmit}>
      {asked.length > 0 && <div className="ask-fields">{asked.map(fieldOf)}</div>}
      {others.length > 0 && (
        <p className="form-error" role="alert">
          {others.map(({ field, message }) => `${field} ${message}`).join("; ")}
        </p>
      )}
      <button type="submit" className="button button-primary" disabled={isRunning}>
        {isRunning ? "Running …" : "Run"}
      </button>
      {options.length > 0 && (
        <details className="ask-options" open={options.some(problemOf)}>
          <summary>
            Options
            {used.map(({ name }) => (
              <span key={name} className="option-used">
                {name} <code>{values[name]}</code>
              </span>
            ))}
          </summary>
          <div className="ask-fields">{options.map(fieldOf)}</div>
        </details>
      )}
    </form>
  );
}
