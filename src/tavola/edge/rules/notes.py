"""Says in the log where a rule could do nothing, once for each reason."""

import structlog

from tavola.flows.ruling import Outcome

NOTED_MAX = 1_000  # reasons remembered; a name in one could make them many

log = structlog.get_logger("tavola.rules")


class Notes:
    """Hears of every outcome."""

    def __init__(self) -> None:
        self._noted: set[tuple[str, str]] = set()

    def __call__(self, outcome: Outcome) -> None:
        """Tell a problem that was not told yet."""
        if outcome.problem is None or (outcome.rule, outcome.problem) in self._noted:
            return
        if len(self._noted) < NOTED_MAX:
            self._noted.add((outcome.rule, outcome.problem))
        log.warning(
            "a rule is not applied",
            rule=outcome.rule,
            user=outcome.user_id,
            problem=outcome.problem,
        )
