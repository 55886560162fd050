"""Changing a booked callback: cancel it, or hand it over at once. Moving it is reschedule.py."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from shared.callbacks.calling_hours import CalledParty
from shared.callbacks.capacity import give_places
from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.idempotency import KeyedChange, read_stored, record_refusal, store_once
from shared.callbacks.lookup import Conditions, plain_account_number, unknown_callback
from shared.callbacks.request_log import insert_request
from shared.callbacks.states import Status
from shared.callbacks.transitions import MAX_REASON_LENGTH, transition_one
from shared.db.columns import truncate_utf16
from shared.db.error_classes import ErrorClass, classify
from shared.db.models import Callback
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, Unavailable

ExtraWork = Callable[[Connection], None]  # more work in the transaction of a change, such as an audit row


def cancel_once(
    database: Database,
    account_number: str,
    *,
    now: datetime,
    who: str,
    keyed: KeyedChange,
    in_transaction: ExtraWork | None = None,
    visible: Conditions = (),
) -> None:
    """Cancel with an idempotency key: a repeat gets the first answer again. Raises what `cancel` raises, and
    `idempotency_key_reused`."""

    def record(tx: Connection) -> None:
        insert_request(tx, done)
        if in_transaction:
            in_transaction(tx)

    stored = read_stored(database, keyed.request)
    try:
        done = keyed.row(now, "cancelled", plain_account_number(account_number), {})
        if stored is None and not cancel(
            database, account_number, now=now, who=who, visible=visible, in_transaction=record
        ):
            stored = store_once(database, done, keyed.request)
    except IntegrityError as error:  # a repeat at the same time was faster
        stored = read_stored(database, keyed.request) if classify(error) is ErrorClass.DUPLICATE else None
        if stored is None:
            raise
    except Unavailable:
        raise
    except DomainError as refusal:
        stored = record_refusal(database, keyed.row(now, "not_cancelled", None, {}), keyed.request, refusal)
        if stored is None:
            raise
    if stored is not None:
        stored.check()


@retried
def cancel(
    database: Database,
    account_number: str,
    *,
    now: datetime,
    who: str,
    why: str = "cancelled",
    in_transaction: ExtraWork | None = None,
    visible: Conditions = (),
) -> bool:
    """Cancel a scheduled callback and free its place, once; cancelling it again does nothing (False).

    What is not `visible` is unknown.

    Raises `unknown_callback`, `not_cancellable` once it left `scheduled`, Unavailable.
    """
    account_number = plain_account_number(account_number)
    with database.writing() as tx:
        cancelled = transition_one(
            tx, account_number, Status.SCHEDULED, Status.CANCELLED,
            where=visible, now=now, who=who, why=why, reason=truncate_utf16(why, MAX_REASON_LENGTH),
        )  # fmt: skip
        if cancelled is None:
            status = _current(tx, account_number, visible).status
            if status == Status.CANCELLED:
                return False
            raise DomainError(Code.NOT_CANCELLABLE, f"A callback that is {status} can't be cancelled.")
        if in_transaction:
            in_transaction(tx)
        give_places(tx, [cancelled.place])
        tx.commit()
        return True


@retried
def dispatch_now(
    database: Database,
    config_cache: ConfigCache,
    account_number: str,
    *,
    now: datetime,
    who: str,
    in_transaction: ExtraWork | None = None,
) -> None:
    """Make a scheduled callback due at once, if it is not yet; it keeps its place.

    Raises `unknown_callback`, `not_dispatchable` once it left `scheduled`, `outside_calling_hours`, Unavailable.
    """
    account_number = plain_account_number(account_number)
    snapshot = config_cache.current()
    with database.writing() as tx:
        _refuse_outside_calling_hours(snapshot, _current(tx, account_number), now)
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
        if in_transaction:
            in_transaction(tx)
        tx.commit()


def _refuse_outside_calling_hours(snapshot: ConfigSnapshot, row: Row[*tuple[Any, ...]], now: datetime) -> None:
    """The hand-over keeps the hours in any case; here the person is told."""
    campaign, pool = snapshot.campaign_by_id.get(row.campaign_id), snapshot.pool_by_id.get(row.pool_id)
    if row.status != Status.SCHEDULED or campaign is None or pool is None:
        return
    party = CalledParty.stored(campaign.calling_hours, pool.zone, row.calling_zones)
    if not party.may_be_called(now):
        raise DomainError(Code.OUTSIDE_CALLING_HOURS, party.refusal(now))


def _current(tx: Connection, account_number: str, visible: Conditions = ()) -> Row[*tuple[Any, ...]]:
    columns = Callback.status, Callback.campaign_id, Callback.pool_id, Callback.calling_zones
    statement = select(*columns).where(Callback.account_number == account_number, *visible)
    row = tx.execute(statement).one_or_none()
    if row is None:
        raise unknown_callback()
    return row
