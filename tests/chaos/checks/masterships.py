"""In UCCE's order of receipt epochs only grow."""

from collections.abc import Iterator
from typing import Any

from tests.chaos.evidence import Evidence, instant
from tests.chaos.system_under_test import SETTLE_GRACE

Breaches = Iterator[tuple[str | None, str]]


def epochs(found: Evidence) -> Breaches:
    """In UCCE's order of receipt epochs only grow, but for what a stalled master had put on the wire."""
    began = {term.epoch: term.began_at for term in found.terms}
    newest = 0
    for key, epoch, receipt in sends(found):
        if epoch not in began:
            yield key[:26], f"was imported under epoch {epoch}, which was never a mastership"
            continue
        if epoch < newest:
            late = (instant(receipt["at"]) - began[newest]).total_seconds()
            if late > SETTLE_GRACE:
                yield key[:26], f"epoch {epoch} sent {late:.1f} s after epoch {newest} began"
        newest = max(newest, epoch)


def sends(found: Evidence) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(contact key, its epoch, UCCE's receipt) of all that was taken, in UCCE's order of receipt."""
    known = {attempt.contact_key: attempt for attempts in found.attempts.values() for attempt in attempts}
    for receipt in found.received:
        for key in receipt["accountNumbers"] if receipt["taken"] else []:
            if key in known:
                yield key, known[key].epoch, receipt


def longest_on_the_way(found: Evidence) -> float:
    """Seconds from a claim to UCCE's receipt of what it took, at most; claims under a wrong clock do not count."""
    known = {attempt.contact_key: attempt for attempts in found.attempts.values() for attempt in attempts}
    waits = [(instant(receipt["at"]) - known[key].claimed_at).total_seconds() for key, _, receipt in sends(found)]
    return max((wait for wait in waits if 0 <= wait < 1800), default=0.0)


def out_of_order(found: Evidence) -> list[float]:
    """Of each import that came with an older epoch than one before it: how many seconds after the newer one began."""
    began = {term.epoch: term.began_at for term in found.terms}
    newest, late = 0, []
    for _, epoch, receipt in sends(found):
        if epoch < newest:
            late.append((instant(receipt["at"]) - began[newest]).total_seconds())
        newest = max(newest, epoch)
    return late
