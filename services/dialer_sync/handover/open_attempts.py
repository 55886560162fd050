"""Attempts that UCCE accepted and whose result is not known yet, in the database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, literal, or_, select, update

from services.dialer_sync.election.fencing import fence
from services.dialer_sync.handover.batch_store import FencedActor
from services.dialer_sync.ucce.call_results import is_at_dialer
from shared.callbacks.states import Status
from shared.callbacks.transitions import in_chunks
from shared.db.columns import UtcDateTime, explicit_nulls
from shared.db.key_lists import one_of
from shared.db.models import Attempt, Callback, Campaign
from shared.db.session import Database, retried

CampaignPair = tuple[int, int]  # our campaign, and the one in UCCE that a contact was sent to
# No call is over sooner after its import; what was just handed over need not be read back in the same cycle.
MIN_CALL_TIME = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that UCCE has and whose result is not known yet."""

    key: str
    account_number: str
    imported_at: datetime
    listed_at: datetime | None
    attempts: int
    slot_start: datetime


class ListedAttempt(NamedTuple):
    """What is known of a contact: whether UCCE's list ever showed it, and the call status it last had there."""

    listed: bool
    call_status: str | None


@retried
def open_keys(database: Database, now: datetime) -> dict[CampaignPair, dict[str, ListedAttempt]]:
    """The contact keys without a result by our campaign and the one in UCCE that they were sent to, and what is noted:
    there may be many, so no more than that of each.
    """
    sent_to = func.coalesce(Attempt.ucce_campaign_id, Campaign.ucce_id)
    query = (
        select(
            Attempt.campaign_id, sent_to.label("ucce_id"), Attempt.contact_key, Attempt.listed_at, Attempt.call_status
        )
        .join(Callback, Callback.account_number == Attempt.account_number)
        .join(Campaign, Campaign.id == Attempt.campaign_id)
        .where(Callback.status == Status.IMPORTED, sent_to.is_not(None))
        # One from the future was imported before this node's clock was set back.
        .where(
            Attempt.finished_at.is_(None), or_(Attempt.imported_at <= now - MIN_CALL_TIME, Attempt.imported_at > now)
        )
    )
    keys: dict[CampaignPair, dict[str, ListedAttempt]] = defaultdict(dict)
    with database.reading() as connection:
        for row in connection.execute(query):
            keys[row.campaign_id, row.ucce_id][row.contact_key] = ListedAttempt(
                row.listed_at is not None, row.call_status
            )
    return keys


@retried
def open_attempts(database: Database, keys: Sequence[str]) -> list[OpenAttempt]:
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
        return [
            OpenAttempt(
                row.contact_key, row.account_number, row.imported_at, row.listed_at, row.attempts, row.slot_start
            )
            for row in connection.execute(query)
        ]  # fmt: skip


def first_dialed(now: datetime) -> ColumnElement[datetime]:
    """`dialed_at` of an attempt that is seen `now` to have come to a dialer: what was seen first counts."""
    return func.coalesce(Attempt.dialed_at, literal(now, UtcDateTime))


@retried
def note_statuses(
    database: Database, actor: FencedActor, keys: Mapping[str | None, Sequence[str]], now: datetime
) -> None:
    """UCCE's list shows these, by the call status that they have there (None: one that is not noted). Raises
    StaleEpoch, Unavailable.
    """
    if not any(keys.values()):
        return
    first_listed = func.coalesce(Attempt.listed_at, literal(now, UtcDateTime))
    with database.writing() as tx:
        fence(tx, actor.epoch, now)
        for call_status, alike in keys.items():
            dialed = {"dialed_at": first_dialed(now)} if is_at_dialer(call_status) else {}
            for chunk in in_chunks(alike):
                tx.execute(
                    update(Attempt)
                    .where(one_of(Attempt.contact_key, chunk), Attempt.finished_at.is_(None))
                    .values(**explicit_nulls({"listed_at": first_listed, "call_status": call_status, **dialed}))
                )
        tx.commit()
