interface Props {
  verb: string;
  isPending: boolean;
  cancel: () => void;
}

/** How a form in a dialog ends. */
export function FormButtons({ verb, isPending, cancel }: Props) {
  return (
    <div className="dialog-buttons">
      <button type="button" className="button" onClick={cancel}>
        Cancel
      </button>
      <button type="submit" className="button button-primary" disabled={isPending}>
        {verb}
      </button>
    </div>
  );
}
