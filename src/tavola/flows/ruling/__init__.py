"""Rules at work: look at what is true now, decide, and do it in one transaction.

Nothing else than the store is asked, and a rule that cannot be applied says why and leaves no mark,
so that it is applied when its reason is gone.
"""

from tavola.flows.ruling.applying import Outcome, apply_to_joining, apply_to_user
from tavola.flows.ruling.foreseeing import Finding, foresee_joining, foresee_user

__all__ = [
    "Finding",
    "Outcome",
    "apply_to_joining",
    "apply_to_user",
    "foresee_joining",
    "foresee_user",
]
