import type { TablePage } from "../api/types";
import { costOf, dollars, readUnits } from "../model/table/cost";
import { useDeclared } from "./declared";

interface Props {
  pages: TablePage[];
  count: number;
  promised: string | null;
}

/** How much was found, what that cost, and what the pattern promises. */
export function CostLine({ pages, count, promised }: Props) {
  const { prices, store } = useDeclared();
  const { units, usdPerMillion } = costOf(pages);
  const pricesTold = `${dollars(prices.read_usd)} a million read units, ${prices.told}`;
  return (
    <div className="cost">
      <p role="status">
        <strong>{count.toLocaleString("en")}</strong> {count === 1 ? "item" : "items"}
      </p>
      <p title={store === "dynamodb" ? "What DynamoDB charged" : "What DynamoDB would charge"}>
        <strong>{readUnits(units)}</strong>
        {promised && <span className="muted"> · promised {promised}</span>}
      </p>
      <p>
        <strong>{dollars(usdPerMillion)}</strong> <span className="muted">a million times</span>
      </p>
      <p className="cost-prices muted">{pricesTold}</p>
    </div>
  );
}
