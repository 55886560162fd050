"""Self-check: does each slot count as many places as it has callbacks? Told, never repaired silently."""

from datetime import timedelta

import structlog
from sqlalchemy import func, select

from services.dialer_sync import metrics
from services.dialer_sync.context import Term
from shared.callbacks.states import Status
from shared.db.models import Callback, Slot
from shared.db.session import Database, retried

_log = structlog.get_logger(__name__)

INTERVAL = 60.0  # seconds between two checks
BACK = timedelta(days=2)  # older slots do not change any more


def run(term: Term) -> str | None:
    """Count the slots that drifted. Raises Unavailable."""
    if term.clock() - term.slots_checked < INTERVAL:
        return None
    term.slots_checked = term.clock()
    drifted = _drifted(term.database, term.now() - BACK)
    metrics.SLOT_DRIFT.set(drifted)
    if not drifted:
        return None
    _log.error("slots_drifted", slots=drifted, cure="compare slot.booked with the callbacks of the slot")
    return f"{drifted} slots count wrongly"


@retried
def _drifted(database: Database, since: object) -> int:
    held = (
        select(func.count())
        .where(
            Callback.pool_id == Slot.pool_id, Callback.slot_start == Slot.start_at, Callback.status != Status.CANCELLED
        )
        .scalar_subquery()
    )
    query = select(func.count()).select_from(Slot).where(Slot.start_at >= since, Slot.booked != held)
    with database.reading() as connection:
        return connection.execute(query).scalar_one()
