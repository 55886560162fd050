"""Retention removes the personal data of what is closed and old, and nothing else."""

from collections.abc import Iterator

from tests.chaos.evidence import Evidence, Row
from tests.chaos.invariants import AGED

Breaches = Iterator[tuple[str | None, str]]
_CLOSED = ("completed", "failed", "cancelled", "expired")


def aged(evidence: Evidence) -> set[str]:
    """Account numbers of the callbacks that a fault of this run made old."""
    return {account for row in evidence.faults if row["fault"] == AGED for account in row.get("accounts", ())}


def purged(evidence: Evidence, row: Row) -> bool:
    """Whether retention must remove the personal data of this callback: it is closed and was made old."""
    return row.status in _CLOSED and row.account_number in aged(evidence)


def kept(evidence: Evidence) -> Breaches:
    """The personal data of old, closed callbacks are removed, those of all others are kept."""
    for account, row in evidence.callbacks.items():
        gone = row.phone == "removed" or not row.call_data
        if gone and not purged(evidence, row):
            yield account, f"is {row.status} and has lost its personal data"
        if account in aged(evidence) and row.status in _CLOSED and not gone and row.changed_at < row.created_at:
            yield account, f"is {row.status}, old, and still has its personal data"
