"""Slots: their rows in step with the schedule, from now to the booking horizon, for reports and CUIC.

What admits a booking is the schedule itself (shared/callbacks/capacity.py); the rows say how many places there were,
also where nobody booked. A slot that is over is history and keeps what it had. Rows are locked in the order of all who
lock several slots, and a booking that makes a row at the same time makes this step read again.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from services.dialer_sync.cycle_context import CycleContext, WantedSlots
from services.dialer_sync.election.fencing import fence
from shared.callbacks.capacity import make_slots
from shared.callbacks.config_snapshot import ConfigSnapshot, Pool
from shared.callbacks.schedule import HALF_HOUR
from shared.db.error_classes import ErrorClass, classify
from shared.db.models import Slot
from shared.db.session import retried

_log = structlog.get_logger(__name__)

BATCH_ROWS = 100  # rows of one transaction: a booking of one of them waits for it

_SET = (
    update(Slot)
    .where(Slot.pool_id == bindparam("pool"), Slot.start_at == bindparam("start"))
    .values(capacity=bindparam("room"))
)
Room = tuple[datetime, int]  # the start of a slot, and its capacity


def run(context: CycleContext) -> str | None:
    """Bring the pools in step whose schedule may have changed, or whose horizon has another date.

    Without a statement when there are none. What does not end in time is gone on with in the next cycle. Raises
    StaleEpoch, Unavailable.
    """
    snapshot, now = context.config_cache.current(), context.now()
    for pool in snapshot.pool_by_id.values():
        wanted = _wanted(snapshot, pool, now)
        known = context.slots_in_step.get(pool.id)
        # After one change of the configuration an equal schedule is the same; after two it may have been another one,
        # by which a booking was made.
        if known is not None and known.same_slots(wanted) and wanted.version - known.version <= 1:
            context.slots_in_step[pool.id] = wanted
            continue
        if not context.has_time():
            return None
        context.before_reading()
        try:
            finished = _bring_in_step(context, pool, wanted, now)
        except IntegrityError as error:
            if classify(error) is ErrorClass.DUPLICATE:  # a booking made one of the rows: read again
                context.again = True
            else:  # an administrator has just removed the pool: the next configuration lacks it
                _log.info("slots_not_in_step", pool_id=pool.id, error=type(error).__name__)
            continue
        if finished:
            context.slots_in_step[pool.id] = wanted
    return None


def _wanted(snapshot: ConfigSnapshot, pool: Pool, now: datetime) -> WantedSlots:
    last = (now + timedelta(days=snapshot.settings.booking_horizon_days)).astimezone(pool.zone).date()
    return WantedSlots(snapshot.version, pool.zone, pool.assignments, snapshot.window_of(pool), last)


def _bring_in_step(context: CycleContext, pool: Pool, wanted: WantedSlots, now: datetime) -> bool:
    """Whether it came to the end in time."""
    first = now - HALF_HOUR  # the slot that runs now began after that
    today = now.astimezone(pool.zone).date()
    days = [today + timedelta(days=offset) for offset in range(-1, (wanted.last - today).days + 1)]
    expanded = (slot for day in days for slot in pool.day(day, wanted.window).slots)
    room = {slot.start: slot.capacity for slot in expanded if slot.start > first}
    end = datetime.combine(wanted.last + timedelta(days=1), time.min, pool.zone)
    existing = _existing(context, pool.id, first, end)
    missing = sorted((start, places) for start, places in room.items() if start not in existing)
    changed = sorted((start, room.get(start, 0)) for start, had in existing.items() if had != room.get(start, 0))
    for slots, make in ((missing, True), (changed, False)):
        for begin in range(0, len(slots), BATCH_ROWS):
            if not context.has_time():
                return False
            context.before_reading()
            _write(context, pool.id, slots[begin : begin + BATCH_ROWS], make=make)
    if missing or changed:
        _log.info("slots_in_step", pool_id=pool.id, made=len(missing), changed=len(changed))
    return True


@retried
def _existing(context: CycleContext, pool_id: int, first: datetime, end: datetime) -> dict[datetime, int]:
    query = select(Slot.start_at, Slot.capacity).where(
        Slot.pool_id == pool_id, Slot.start_at > first, Slot.start_at < end
    )
    with context.database.reading() as connection:
        return {row.start_at: row.capacity for row in connection.execute(query)}


@retried
def _write(context: CycleContext, pool_id: int, slots: Sequence[Room], *, make: bool) -> None:
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, context.now())
        if make:
            make_slots(tx, pool_id, slots)
        else:
            tx.execute(_SET, [{"pool": pool_id, "start": start, "room": room} for start, room in slots])
        tx.commit()
