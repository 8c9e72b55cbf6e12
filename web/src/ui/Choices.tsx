interface Option {
  value: string;
  name: string;
  help: string;
}

interface Props {
  legend: string;
  name: string;
  chosen: string;
  options: Option[];
}

/** One of a few, each with what it means. */
export function Choices({ legend, name, chosen, options }: Props) {
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {options.map(({ value, name: title, help }) => (
        <label key={value}>
          <input type="radio" name={name} value={value} defaultChecked={value === chosen} />
          <span>
            {title}
            <small>{help}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
