"""Checks and figures of masterships: their epochs in UCCE's order of receipt."""

from collections.abc import Iterator
from typing import Any

from tests.chaos.evidence import Evidence, instant
from tests.chaos.system_under_test import SETTLE_GRACE

Breaches = Iterator[tuple[str | None, str]]


def epochs(evidence: Evidence) -> Breaches:
    """In UCCE's order of receipt epochs only grow, except for requests that a stalled master had sent before."""
    began = {term.epoch: term.began_at for term in evidence.terms}
    newest = 0
    for key, epoch, receipt in sends(evidence):
        if epoch not in began:
            yield key[:26], f"was imported under epoch {epoch}, which was never a mastership"
            continue
        if epoch < newest:
            late = (instant(receipt["at"]) - began[newest]).total_seconds()
            if late > SETTLE_GRACE:
                yield key[:26], f"epoch {epoch} sent {late:.1f} s after epoch {newest} began"
        newest = max(newest, epoch)


def sends(evidence: Evidence) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(contact key, its epoch, UCCE's receipt) of all that was taken, in UCCE's order of receipt."""
    known = {attempt.contact_key: attempt for attempts in evidence.attempts.values() for attempt in attempts}
    for receipt in evidence.received:
        for key in receipt["accountNumbers"] if receipt["taken"] else []:
            if key in known:
                yield key, known[key].epoch, receipt


def longest_on_the_way(evidence: Evidence) -> float:
    """The longest time from a claim to UCCE's receipt of the contact, in seconds; claims under a wrong clock are left
    out.
    """
    known = {attempt.contact_key: attempt for attempts in evidence.attempts.values() for attempt in attempts}
    waits = [(instant(receipt["at"]) - known[key].claimed_at).total_seconds() for key, _, receipt in sends(evidence)]
    return max((wait for wait in waits if 0 <= wait < 1800), default=0.0)


def out_of_order(evidence: Evidence) -> list[float]:
    """For each import with an older epoch than one received before: seconds since the newer epoch began."""
    began = {term.epoch: term.began_at for term in evidence.terms}
    newest, late = 0, []
    for _, epoch, receipt in sends(evidence):
        if epoch < newest:
            late.append((instant(receipt["at"]) - began[newest]).total_seconds())
        newest = max(newest, epoch)
    return late
