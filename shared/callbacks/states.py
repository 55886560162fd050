"""The life of a callback: which states there are and which transitions are legal. Pure."""

from enum import StrEnum


class Status(StrEnum):
    SCHEDULED = "scheduled"  # waits for its minute
    IMPORTING = "importing"  # claimed for a batch; UCCE may or may not have it
    IMPORTED = "imported"  # UCCE has it
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN = frozenset({Status.SCHEDULED, Status.IMPORTING, Status.IMPORTED})
FINAL = frozenset(Status) - OPEN

# None is the time before the booking. A reschedule is a transition of `scheduled` to itself.
LEGAL = frozenset(
    {
        (None, Status.SCHEDULED),
        (Status.SCHEDULED, Status.SCHEDULED),
        (Status.SCHEDULED, Status.IMPORTING),
        (Status.SCHEDULED, Status.CANCELLED),
        (Status.SCHEDULED, Status.EXPIRED),
        (Status.CANCELLED, Status.SCHEDULED),  # a cancellation that was a mistake is undone (restore.py)
        (Status.IMPORTING, Status.IMPORTED),
        (Status.IMPORTING, Status.SCHEDULED),  # UCCE took nothing
        (Status.IMPORTING, Status.FAILED),  # UCCE refuses the contact for good
        (Status.IMPORTED, Status.COMPLETED),
        (Status.IMPORTED, Status.FAILED),
        (Status.IMPORTED, Status.SCHEDULED),  # a retryable result with attempts left
    }
)


def is_legal(before: str | None, after: str) -> bool:
    """Whether a callback may go from `before` to `after`."""
    return (before, after) in LEGAL
