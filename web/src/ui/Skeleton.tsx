/** Grey shapes where something is about to be; told to screen readers as one word. */

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

export function InboxSkeleton() {
  return (
    <div className="skeleton" role="status" aria-label="Loading conversations">
      {numbers(7).map((row) => (
        <div key={row} className="skeleton-row">
          <span className="skeleton-avatar" />
          <span className="skeleton-lines">
            <span className="skeleton-line" data-width={row % 3} />
            <span className="skeleton-line" data-width={(row + 1) % 3} />
          </span>
        </div>
      ))}
    </div>
  );
}

export function LogSkeleton() {
  return (
    <div className="skeleton skeleton-log" role="status" aria-label="Loading messages">
      {numbers(6).map((row) => (
        <span
          key={row}
          className="skeleton-bubble"
          data-width={row % 3}
          data-mine={row % 3 === 1}
        />
      ))}
    </div>
  );
}

export function TableSkeleton() {
  return <ListSkeleton label="Reading the table" />;
}

/** `label` says what is on its way. */
export function ListSkeleton({ label }: { label: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {numbers(6).map((row) => (
        <div key={row} className="skeleton-row">
          <span className="skeleton-lines">
            <span className="skeleton-line" data-width={row % 3} />
            <span className="skeleton-line" data-width={(row + 1) % 3} />
          </span>
        </div>
      ))}
    </div>
  );
}
