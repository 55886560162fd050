"""Changing a booked callback: cancel it, move it to another slot, or hand it over at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from shared.callbacks import rules
from shared.callbacks.booking import RACES, no_place
from shared.callbacks.capacity import ensure_slot, give_places, take_place
from shared.callbacks.catalogue import Catalogue, Pool
from shared.callbacks.catalogue_cache import CatalogueCache, OutdatedCatalogue
from shared.callbacks.facts import read_facts
from shared.callbacks.records import CallbackRecord, find, plain_account_number, unknown_callback
from shared.callbacks.schedule import ScheduledSlot
from shared.callbacks.states import Status
from shared.callbacks.transitions import LONGEST_REASON, transition_one
from shared.db.models import Callback
from shared.db.session import Database, retried
from shared.db.types import fitting
from shared.errors import Code, DomainError, Unavailable

Also = Callable[[Connection], None]  # what else belongs to the transaction of a change, such as an audit row

_CURRENT = (Callback.status, Callback.pool_id, Callback.slot_start, Callback.start_at, Callback.due_at)


@retried
def cancel(
    database: Database,
    account_number: str,
    *,
    now: datetime,
    who: str,
    why: str = "cancelled",
    also: Also | None = None,
) -> None:
    """Cancel a scheduled callback and free its place, once; cancelling it again does nothing.

    Raises `unknown_callback`, `not_cancellable` once it left `scheduled`, Unavailable.
    """
    account_number = plain_account_number(account_number)
    with database.writing() as tx:
        cancelled = transition_one(
            tx, account_number, Status.SCHEDULED, Status.CANCELLED,
            now=now, who=who, why=why, reason=fitting(why, LONGEST_REASON),
        )  # fmt: skip
        if cancelled is None:
            status = _current(tx, account_number).status
            if status == Status.CANCELLED:
                return
            raise DomainError(Code.NOT_CANCELLABLE, f"A callback that is {status} can't be cancelled.")
        if also:
            also(tx)
        give_places(tx, [cancelled.place])
        tx.commit()


def reschedule(
    database: Database,
    catalogues: CatalogueCache,
    account_number: str,
    start: str,
    *,
    now: datetime,
    who: str,
    also: Also | None = None,
) -> CallbackRecord:
    """Move a scheduled callback to another start, in one transaction; rules 4 and 6 hold as for a booking.

    Raises `unknown_callback`, `not_reschedulable`, the codes of rules 4 and 6, Unavailable.
    """
    account_number = plain_account_number(account_number)

    def decide(catalogue: Catalogue) -> CallbackRecord:
        for _ in range(RACES):
            if _moved(database, catalogue, account_number, start, now, who, also):
                return find(database, catalogues, account_number)
        raise Unavailable("Too many bookings at once for this slot. Try again in a few seconds.", retry_after=1)

    return catalogues.decide(decide)


@retried
def dispatch_now(database: Database, account_number: str, *, now: datetime, who: str, also: Also | None = None) -> None:
    """Make a scheduled callback due at once, if it is not yet; it keeps its place.

    Raises `unknown_callback`, `not_dispatchable` once it left `scheduled`, Unavailable.
    """
    account_number = plain_account_number(account_number)
    with database.writing() as tx:
        why = "handed over before its time"
        hastened = transition_one(
            tx, account_number, Status.SCHEDULED, Status.SCHEDULED,
            where=[Callback.due_at > now], now=now, who=who, why=why, due_at=now,
        )  # fmt: skip
        if hastened is None:
            status = _current(tx, account_number).status
            if status == Status.SCHEDULED:  # it is due already
                return
            raise DomainError(Code.NOT_DISPATCHABLE, f"A callback that is {status} can't be handed over.")
        if also:
            also(tx)
        tx.commit()


def _current(tx: Connection, account_number: str) -> Row[*tuple[Any, ...]]:
    row = tx.execute(select(*_CURRENT).where(Callback.account_number == account_number)).one_or_none()
    if row is None:
        raise unknown_callback()
    return row


@retried
def _read(database: Database, account_number: str) -> Row[*tuple[Any, ...]]:
    with database.reading() as connection:
        return _current(connection, account_number)


def _moved(
    database: Database,
    catalogue: Catalogue,
    account_number: str,
    text: str,
    now: datetime,
    who: str,
    also: Also | None,
) -> bool:
    """One try to move a callback; False when another transaction was faster and it is worth looking again."""
    current = _read(database, account_number)
    if current.status != Status.SCHEDULED:
        raise DomainError(Code.NOT_RESCHEDULABLE, f"A callback that is {current.status} can't be rescheduled.")
    pool = catalogue.pool_by_id.get(current.pool_id)
    if pool is None:
        raise OutdatedCatalogue
    start = rules.wished_start(text, pool.zone, catalogue.settings, now)
    if isinstance(start, DomainError):
        raise start
    if start == current.start_at == current.due_at:  # asked for again, perhaps by us after a commit of unknown outcome
        return True
    slot = rules.slot_at(pool, start)
    if slot is None:
        raise no_place(database, catalogue, pool, start, now, Code.NO_SLOT)
    if slot.start != current.slot_start:
        _check_room(database, catalogue, pool, slot, start, now)
    return _move(database, catalogue.version, account_number, current, slot, start, now, who, also)


def _check_room(
    database: Database, catalogue: Catalogue, pool: Pool, slot: ScheduledSlot, start: datetime, now: datetime
) -> None:
    facts = read_facts(database, phone="", pool_id=pool.id, start=slot.start, client_id=-1, key=None)
    if facts.version != catalogue.version:
        raise OutdatedCatalogue
    if (facts.booked or 0) >= slot.capacity:
        raise no_place(database, catalogue, pool, start, now, Code.SLOT_FULL)
    if facts.booked is None:
        ensure_slot(database, pool.id, slot)


@retried
def _move(
    database: Database,
    version: int,
    account_number: str,
    current: Row[*tuple[Any, ...]],
    slot: ScheduledSlot,
    start: datetime,
    now: datetime,
    who: str,
    also: Also | None,
) -> bool:
    with database.writing() as tx:
        moved = transition_one(
            tx,
            account_number,
            Status.SCHEDULED,
            Status.SCHEDULED,
            # Two who move it at once: the second looks again.
            where=[Callback.start_at == current.start_at, Callback.slot_start == current.slot_start],
            now=now,
            who=who,
            why=f"rescheduled from {current.start_at.isoformat()} to {start.isoformat()}",
            start_at=start,
            due_at=start,
            slot_start=slot.start,
        )
        if moved is None:
            return False
        if also:
            also(tx)
        if slot.start != current.slot_start and not _swap(tx, version, current, slot):
            return False
        tx.commit()
        return True


def _swap(tx: Connection, version: int, current: Row[*tuple[Any, ...]], slot: ScheduledSlot) -> bool:
    """Give the old place and take the new one, always the earlier slot first: two crossing moves can't deadlock."""
    if current.slot_start < slot.start:
        give_places(tx, [(current.pool_id, current.slot_start)])
        return take_place(tx, current.pool_id, slot, version)
    taken = take_place(tx, current.pool_id, slot, version)
    give_places(tx, [(current.pool_id, current.slot_start)])
    return taken
