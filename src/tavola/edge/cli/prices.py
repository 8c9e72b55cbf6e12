"""Units and dollars as people read them, by the prices of the settings."""

from tavola.core.units import Prices, Units, usd_per_million


def usd(amount: float) -> str:
    """Dollars with two to four decimals."""
    text = f"{amount:,.4f}"
    return f"${text[:-2]}{text[-2:].rstrip('0')}"


def price_fact(units: Units, prices: Prices) -> str:
    """What a million times of it costs, and by which prices."""
    return f"{usd(usd_per_million(units, prices))} a million times ({prices.told})"
