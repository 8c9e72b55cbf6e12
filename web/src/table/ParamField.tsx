import { useId } from "react";
import type { FieldProblem, Param } from "../api/types";
import { helpOf } from "../model/table/patterns";

interface Props {
  param: Param;
  value: string | undefined;
  problem: FieldProblem | undefined;
}

/** A parameter to fill in, with what it means and what is wrong with it. */
export function ParamField({ param, value, problem }: Props) {
  const { name, kind, required, default: usual } = param;
  const id = useId();
  const common = {
    id,
    name,
    "aria-describedby": problem ? `${id}-help ${id}-problem` : `${id}-help`,
    "aria-invalid": problem !== undefined,
  };
  return (
    <div className="ask-field" data-kind={kind}>
      <label htmlFor={id}>
        {name}
        {required && <span className="required"> required</span>}
      </label>
      {kind === "bool" ? (
        <input
          {...common}
          type="checkbox"
          value="true"
          defaultChecked={(value ?? String(usual)) === "true"}
        />
      ) : (
        <input
          {...common}
          defaultValue={value ?? ""}
          required={required}
          placeholder={String(usual ?? "") || " "}
          inputMode={kind === "int" ? "numeric" : "text"}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
      <small id={`${id}-help`}>{helpOf(param)}</small>
      {problem && (
        <small id={`${id}-problem`} className="form-error" role="alert">
          {problem.message}
        </small>
      )}
    </div>
  );
}
