"""Examines an item collection, whatever is in it."""

from tavola.core.times import Bucketing
from tavola.flows.doctor.checks import LEFT_OF_GROUP
from tavola.flows.doctor.conversations import examine_direct, examine_group
from tavola.flows.doctor.finding import Finding
from tavola.flows.doctor.listed import examine_listed
from tavola.flows.doctor.seen import Seen, examine_gaps, examine_odd
from tavola.flows.doctor.users import examine_user
from tavola.flows.flow import Flow


def examine(seen: Seen, now: str, bucketing: Bucketing) -> Flow[list[Finding]]:
    """What is wrong in a collection, as far as a scan and what there is now say.

    Raises what an item raises that cannot be read and that others lead to.
    """
    found: list[Finding] = []
    if seen.kind == "USER":
        found += yield from examine_user(seen, now, bucketing)
    elif seen.kind == "GROUP":
        found += yield from examine_group(seen, bucketing)
    elif seen.kind == "DM":
        found += yield from examine_direct(seen, bucketing)
    if all(finding.check is not LEFT_OF_GROUP for finding in found):
        found += yield from examine_gaps(seen)  # a log that is being purged has some
    if seen.listed:
        found += yield from examine_listed(seen.listed)
    return found


def examine_unreadable(seen: Seen) -> Flow[list[Finding]]:
    """Items of a collection that cannot be read; apart, because the rest may fail over them."""
    return (yield from examine_odd(seen.odd))
