"""What a check of `tavola doctor` is."""

import msgspec


class Check(msgspec.Struct, frozen=True):
    """A question asked of everything that it concerns. Codes are stable: programs branch on them.

    `mends` says what `--fix` does; None where somebody has to decide.
    """

    code: str
    asks: str
    means: str
    advice: str
    mends: str | None = None
    section: str = "table"
