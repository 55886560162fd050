"""Taking and giving back a place of a slot: the one UPDATE that makes overbooking impossible."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Update,
    bindparam,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from shared.callbacks.schedule import ScheduledSlot
from shared.db.models import Callback, ConfigVersion, DoNotCall, ErasedDoNotCall, Slot

_log = structlog.get_logger(__name__)

Place = tuple[int, datetime]  # a pool's id and the start of a slot

_TAKE = (
    update(Slot)
    .where(
        Slot.pool_id == bindparam("pool"),
        Slot.start_at == bindparam("start"),
        Slot.booked < bindparam("room"),
        select(ConfigVersion.version).scalar_subquery() == bindparam("snapshot"),
    )
    .values(booked=Slot.booked + 1, capacity=bindparam("room"))
)
_TAKE_FOR = _TAKE.where(
    ~exists().where(DoNotCall.phone == bindparam("phone")),
    ~exists().where(ErasedDoNotCall.phone_hash == bindparam("phone_hash")),
    # Left from when more were allowed: then it takes counting who may have another.
    ~exists().where(
        Callback.phone == bindparam("phone"), Callback.open_rank.is_not(None), Callback.open_rank > bindparam("limit")
    ),
)
_POOL, _START = bindparam("pool", type_=Slot.pool_id.type), bindparam("start", type_=Slot.start_at.type)


def _make(booked: ColumnElement[int]) -> Insert:
    values = select(_POOL, _START, bindparam("room", type_=Slot.capacity.type), booked)
    absent = values.where(~exists().where(Slot.pool_id == _POOL, Slot.start_at == _START))
    made = insert(Slot).from_select([Slot.pool_id, Slot.start_at, Slot.capacity, Slot.booked], absent)
    return made.execution_options(preserve_rowcount=True)


_MAKE = _make(literal(0))
# The first booking of a slot makes its row, so that there is nothing to count, unless a row was lost.
_MAKE_COUNTED = _make(
    select(func.count())
    .where(Callback.pool_id == _POOL, Callback.slot_start == _START, Callback.status != "cancelled")
    .scalar_subquery()
)
_GIVE = (
    update(Slot)
    .where(Slot.pool_id == bindparam("pool"), Slot.start_at == bindparam("start"), Slot.booked >= bindparam("places"))
    .values(booked=Slot.booked - bindparam("places"))
)


def take_place(tx: Connection, pool_id: int, slot: ScheduledSlot, config_version: int) -> bool:
    """Take one place; False when the slot is full, or the schedule it came from is outdated.

    Last of a transaction's statements: it locks the hot row, so the commit must follow at once. It makes the slot's row
    where the master has not made it yet (dialer_sync's steps/slots.py); raises IntegrityError when another one does so
    at the same time.
    """
    return _take(tx, _TAKE, _place(pool_id, slot, config_version))


def take_place_for(
    tx: Connection, phone: str, phone_hash: str, limit: int, pool_id: int, slot: ScheduledSlot, config_version: int
) -> bool:
    """Take one place as `take_place` does, for a number that may have `limit` open callbacks; False also when it is on
    the do-not-call list, by itself or by its hash, or has an open callback of a rank above `limit`."""
    number = {"phone": phone, "phone_hash": phone_hash, "limit": limit}
    return _take(tx, _TAKE_FOR, {**_place(pool_id, slot, config_version), **number})


def _take(tx: Connection, statement: Update, values: Mapping[str, Any]) -> bool:
    if tx.execute(statement, values).rowcount == 1:
        return True
    made = tx.execute(_MAKE, {name: values[name] for name in ("pool", "start", "room")})
    return made.rowcount == 1 and tx.execute(statement, values).rowcount == 1


def make_slots(tx: Connection, pool_id: int, slots: Sequence[tuple[datetime, int]]) -> None:
    """Make the rows of slots of a pool that have none, with their capacity. Raises IntegrityError when another one
    makes one of them at the same time."""
    tx.execute(_MAKE_COUNTED, [{"pool": pool_id, "start": start, "room": room} for start, room in sorted(slots)])


def _place(pool_id: int, slot: ScheduledSlot, config_version: int) -> dict[str, Any]:
    return {"pool": pool_id, "start": slot.start, "room": slot.capacity, "snapshot": config_version}


def give_places(tx: Connection, places: Iterable[Place]) -> None:
    """Give places back, one for each time that it is named. The caller has just ended the callbacks that held them, in
    this transaction. Slots are locked in one order (`slot_order`), so that two who give back cannot deadlock."""
    counted = Counter(places)
    for pool_id, start in sorted(counted, key=slot_order):
        given_back = tx.execute(_GIVE, {"pool": pool_id, "start": start, "places": counted[pool_id, start]})
        if given_back.rowcount != 1:  # the slot counts too few already: the self-check reports it, the caller goes on
            _log.error("place_not_given_back", pool_id=pool_id, slot_start=start.isoformat())


def slot_order(place: Place) -> tuple[datetime, int]:
    """The order in which a transaction locks the rows of several slots: the earlier one first, then by pool."""
    pool_id, start = place
    return start, pool_id
