"""Attempts that UCCE lost or never took: failed for good, or taken back as if nothing had been tried."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, update

from services.dialer_sync.election.fencing import fence
from services.dialer_sync.handover.batch_store import UNSETTLED, FencedActor, unfinished_of
from shared.callbacks.outcomes import RESULT_LOST
from shared.callbacks.states import Status
from shared.callbacks.transitions import MAX_REASON_LENGTH, in_chunks, transition_many
from shared.db.columns import truncate_utf16
from shared.db.models import Attempt, Callback
from shared.db.session import Database, retried

# A callback whose latest attempt UCCE accepted and was never seen to list.
_NEVER_LISTED = exists().where(
    Attempt.account_number == Callback.account_number,
    Attempt.number == Callback.attempts,
    Attempt.imported_at.is_not(None),
    Attempt.listed_at.is_(None),
    Attempt.finished_at.is_(None),
)


@retried
def fail_lost(
    database: Database, actor: FencedActor, account_numbers: Sequence[str], *, reason: str, now: datetime
) -> int:
    """`importing` → `failed`: what UCCE knew of them is lost for good. Raises StaleEpoch, Unavailable."""
    with database.writing() as tx:
        fence(tx, actor.epoch, now)
        failed = transition_many(
            tx, account_numbers, Status.IMPORTING, Status.FAILED, where=[UNSETTLED], now=now, who=actor.who,
            why=reason, outcome=RESULT_LOST.name, reason=truncate_utf16(reason, MAX_REASON_LENGTH),
        )  # fmt: skip
        for chunk in in_chunks([one.account_number for one in failed]):
            tx.execute(update(Attempt).where(*unfinished_of(chunk)).values(finished_at=now, outcome=RESULT_LOST.name))
        tx.commit()
        return len(failed)


@retried
def take_back(
    database: Database,
    actor: FencedActor,
    account_numbers: Sequence[str],
    over: Sequence[str],
    *,
    why: str,
    now: datetime,
) -> tuple[int, int]:
    """`imported` → `scheduled`, of those whose window is `over` → `expired`: UCCE never listed them. (how many, how
    many of them expired); as if nothing had been tried, under the same contact key. Raises StaleEpoch, Unavailable.
    """
    with database.writing() as tx:
        fence(tx, actor.epoch, now)
        moved = transition_many(
            tx, account_numbers, Status.IMPORTED, Status.SCHEDULED, where=[_NEVER_LISTED], now=now, who=actor.who,
            why=why, batch_id=None, attempts=Callback.attempts - 1,
        )  # fmt: skip
        numbers = [one.account_number for one in moved]
        for chunk in in_chunks(numbers):
            tx.execute(delete(Attempt).where(*unfinished_of(chunk), Attempt.listed_at.is_(None)))
        late = set(over)
        reason = f"{why}, and its window has passed"
        expired = transition_many(
            tx, [number for number in numbers if number in late], Status.SCHEDULED, Status.EXPIRED, where=[], now=now,
            who=actor.who, why=reason, reason=truncate_utf16(reason, MAX_REASON_LENGTH),
        )  # fmt: skip
        tx.commit()
        return len(moved), len(expired)
