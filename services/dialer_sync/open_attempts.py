"""Attempts that UCCE accepted and whose result is not known yet, in the database."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from services.dialer_sync.batches import Actor
from services.dialer_sync.mastership import fence
from shared.callbacks.states import Status
from shared.callbacks.transitions import chunks
from shared.db.key_lists import one_of
from shared.db.models import Attempt, Callback, Campaign
from shared.db.session import Database, retried

Sent = tuple[int, int]  # our campaign, and the one in UCCE that a contact was sent to
# No call is over sooner after its import; what was just handed over need not be read back in the same cycle.
SHORTEST_CALL = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Open:
    """An attempt that UCCE has and whose result is not known yet."""

    key: str
    account_number: str
    imported_at: datetime
    listed_at: datetime | None
    attempts: int
    slot_start: datetime


@retried
def open_keys(database: Database, now: datetime) -> dict[Sent, dict[str, bool]]:
    """The contact keys without a result by our campaign and the one in UCCE that they were sent to, and whether each
    was ever listed: there may be many, so no more than that of each.
    """
    sent_to = func.coalesce(Attempt.ucce_campaign_id, Campaign.ucce_id)
    query = (
        select(Attempt.campaign_id, sent_to.label("ucce_id"), Attempt.contact_key, Attempt.listed_at)
        .join(Callback, Callback.account_number == Attempt.account_number)
        .join(Campaign, Campaign.id == Attempt.campaign_id)
        .where(Callback.status == Status.IMPORTED, sent_to.is_not(None))
        # One from the future was imported before this node's clock was set back.
        .where(
            Attempt.finished_at.is_(None), or_(Attempt.imported_at <= now - SHORTEST_CALL, Attempt.imported_at > now)
        )
    )
    found: dict[Sent, dict[str, bool]] = defaultdict(dict)
    with database.reading() as connection:
        for row in connection.execute(query):
            found[row.campaign_id, row.ucce_id][row.contact_key] = row.listed_at is not None
    return found


@retried
def open_attempts(database: Database, keys: Sequence[str]) -> list[Open]:
    """Those of the attempts with these keys that are still open. Raises Unavailable."""
    query = (
        select(
            Attempt.contact_key, Attempt.account_number, Attempt.imported_at, Attempt.listed_at, Callback.attempts,
            Callback.slot_start,
        )
        .join(Callback, Callback.account_number == Attempt.account_number)
        .where(one_of(Attempt.contact_key, keys), Attempt.finished_at.is_(None))
    )  # fmt: skip
    with database.reading() as connection:
        return [Open(row.contact_key, row.account_number, row.imported_at, row.listed_at, row.attempts, row.slot_start)
                for row in connection.execute(query)]  # fmt: skip


@retried
def note_listed(database: Database, actor: Actor, keys: Sequence[str], now: datetime) -> None:
    """UCCE's list was first seen to hold these. Raises StaleEpoch, Unavailable."""
    if not keys:
        return
    with database.writing() as tx:
        fence(tx, actor.epoch, now)
        for chunk in chunks(keys):
            tx.execute(
                update(Attempt)
                .where(one_of(Attempt.contact_key, chunk), Attempt.listed_at.is_(None), Attempt.finished_at.is_(None))
                .values(listed_at=now)
            )
        tx.commit()
