"""Counts that operators and Prometheus see."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from shared.callbacks.no_result import without_result
from shared.callbacks.states import Status
from shared.db.models import Callback, Campaign, Slot
from shared.db.session import Database, retried

DRIFT_BACK = timedelta(days=2)  # older slots do not change any more


@retried
def callback_counts(database: Database, now: datetime, expected_since: datetime) -> dict[str, int]:
    """How many callbacks are in each state; how many of the scheduled are `overdue`, and how many of the imported are
    `withoutResult` although one is expected. Raises Unavailable.
    """
    by_state = select(Callback.status, func.count()).group_by(Callback.status)
    overdue = select(func.count()).where(Callback.status == Status.SCHEDULED, Callback.due_at <= now)
    with database.reading() as connection:
        counts = dict(connection.execute(by_state).tuples().all())
        return {str(status): counts.get(status, 0) for status in Status} | {
            "overdue": connection.execute(overdue).scalar_one(),
            "withoutResult": connection.execute(_without_result(expected_since)).scalar_one(),
        }


def _without_result(since: datetime) -> Select[int]:
    return select(func.count()).select_from(Callback).where(*without_result(Callback, since))


@retried
def callbacks_waiting(database: Database, now: datetime, expected_since: datetime) -> tuple[int, int, int]:
    """(scheduled callbacks whose minute has passed, those that are importing, those without a result). Raises
    Unavailable.
    """
    overdue = select(func.count()).where(Callback.status == Status.SCHEDULED, Callback.due_at <= now)
    importing = select(func.count()).where(Callback.status == Status.IMPORTING)
    with database.reading() as connection:
        one, two, three = (
            connection.execute(query).scalar_one() for query in (overdue, importing, _without_result(expected_since))
        )
        return one, two, three


@retried
def held_campaigns(database: Database) -> list[dict[str, Any]]:
    """The campaigns that are left alone in UCCE until a person decides (campaigns/holds.py). Raises Unavailable."""
    query = (
        select(Campaign.name, Campaign.hold, Campaign.held_at, Campaign.sync_message)
        .where(Campaign.hold.is_not(None))
        .order_by(Campaign.name)
    )
    with database.reading() as connection:
        return [
            {"campaign": row.name, "hold": row.hold, "heldAt": row.held_at.isoformat(), "message": row.sync_message}
            for row in connection.execute(query)
        ]


@retried
def drifted_slots(database: Database, now: datetime) -> int:
    """Slots whose count of places is not the number of their callbacks that are not cancelled. Raises Unavailable."""
    held = (
        select(func.count())
        .where(
            Callback.pool_id == Slot.pool_id, Callback.slot_start == Slot.start_at, Callback.status != Status.CANCELLED
        )
        .scalar_subquery()
    )
    query = select(func.count()).select_from(Slot).where(Slot.start_at >= now - DRIFT_BACK, Slot.booked != held)
    with database.reading() as connection:
        return connection.execute(query).scalar_one()
