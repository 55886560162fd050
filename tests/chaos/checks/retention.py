"""Retention takes what is closed and old, and nothing else."""

from collections.abc import Iterator

from tests.chaos.evidence import Evidence, Row
from tests.chaos.invariants import AGED

Breaches = Iterator[tuple[str | None, str]]
_CLOSED = ("completed", "failed", "cancelled", "expired")


def aged(found: Evidence) -> set[str]:
    """Account numbers of the callbacks that a fault of this run made old."""
    return {account for row in found.faults if row["fault"] == AGED for account in row.get("accounts", ())}


def purged(found: Evidence, row: Row) -> bool:
    """Whether retention should have taken this one's personal data: it is closed and was made old."""
    return row.status in _CLOSED and row.account_number in aged(found)


def kept(found: Evidence) -> Breaches:
    """Personal data of what is old and closed is gone, of everything else it is there."""
    for account, row in found.callbacks.items():
        gone = row.phone == "removed" or not row.call_data
        if gone and not purged(found, row):
            yield account, f"is {row.status} and has lost its personal data"
        if account in aged(found) and row.status in _CLOSED and not gone and row.changed_at < row.created_at:
            yield account, f"is {row.status}, old, and still has its personal data"
