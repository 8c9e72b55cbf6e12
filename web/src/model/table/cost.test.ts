import { expect, test } from "vitest";
import { costOf, dollars, readUnits } from "./cost";

test("units are told with their half", () => {
  expect(readUnits(0.5)).toBe("0.5 RRU");
  expect(readUnits(12)).toBe("12 RRU");
  expect(readUnits(1234.5)).toBe("1,234.5 RRU");
});

test("dollars have two to four decimals", () => {
  expect(dollars(0.0625)).toBe("$0.0625");
  expect(dollars(0.25)).toBe("$0.25");
  expect(dollars(3)).toBe("$3.00");
  expect(dollars(1234.56789)).toBe("$1,234.5679");
});

test("pages cost what they cost together", () => {
  const page = { items: [], next: null, read_units: 0.5, usd_per_million: 0.0625 };
  expect(costOf([page, page, page])).toEqual({ units: 1.5, usdPerMillion: 0.1875 });
  expect(costOf([])).toEqual({ units: 0, usdPerMillion: 0 });
});
