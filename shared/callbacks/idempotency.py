"""A repeat with the same key gets the first answer again; the key and that answer stand in the callback request."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from shared.callbacks.catalogue_cache import CatalogueCache
from shared.callbacks.facts import StoredRequest, read_stored
from shared.callbacks.orders import Booking, Caller, Order
from shared.callbacks.records import CallbackRecord, find
from shared.callbacks.requests import record_request, request_row
from shared.callbacks.states import Status
from shared.db.faults import Fault, classify
from shared.db.session import Database
from shared.errors import Code, DomainError

# Never kept as the answer of a key: the operator's doing, which may pass, and what is said of the key itself.
_NOT_KEPT = frozenset({Code.BOOKING_CLOSED, Code.IDEMPOTENCY_KEY_REUSED})


def first_answer(
    database: Database, catalogues: CatalogueCache, stored: StoredRequest, order: Order
) -> Booking | DomainError:
    """The answer to a repeat: the booking or the refusal that was stored; `idempotency_key_reused` to another order."""
    if stored.request_hash != order.fingerprint():
        return DomainError(
            Code.IDEMPOTENCY_KEY_REUSED, "This idempotency key was used for another request. Use a new key."
        )
    if stored.account_number is None:
        answer = stored.answer
        return DomainError(Code(answer["code"]), answer["detail"], **answer["extra"])
    # The callback may have moved on since; the first answer showed it as it was booked.
    now_known = find(database, catalogues, stored.account_number)
    booked = replace(
        now_known,
        status=Status.SCHEDULED,
        start=datetime.fromisoformat(stored.answer["start"]),
        slot_start=datetime.fromisoformat(stored.answer["slotStart"]),
        attempts=0,
        outcome=None,
    )
    return Booking(booked, repeated=True)


def booked_answer(record: CallbackRecord) -> dict[str, str]:
    """What is kept to answer a repeat of a booking: only what can change later."""
    return {"start": record.start.isoformat(), "slotStart": record.slot_start.isoformat()}


def refuse(
    database: Database,
    catalogues: CatalogueCache,
    order: Order,
    caller: Caller,
    now: datetime,
    key: str | None,
    refusal: DomainError,
) -> Booking | DomainError:
    """Record a refused wish and return its refusal; or return the first answer of its key, if it has one already.

    A rule may refuse before the key was looked up, and another request with the same key may come in between.
    """
    stored = read_stored(database, caller.client_id, key)
    if stored is None:
        try:
            record_refusal(database, order, caller, now, key, refusal)
        except IntegrityError as error:
            if classify(error) is not Fault.DUPLICATE:
                raise
            stored = read_stored(database, caller.client_id, key)
    return refusal if stored is None else first_answer(database, catalogues, stored, order)


def record_refusal(
    database: Database, order: Order, caller: Caller, now: datetime, key: str | None, refusal: DomainError
) -> None:
    """One refused wish; with its key, so that a repeat gets the refusal again. Raises Unavailable."""
    kept = None if refusal.code in _NOT_KEPT else key
    row = request_row(
        now,
        refusal.code,
        skill=order.skill,
        campaign=order.campaign,
        call_id=order.call_id,
        source=caller.source,
        api_client_id=caller.client_id,
        request_key=kept,
        request_hash=order.fingerprint() if kept else None,
        answer=_refused_answer(refusal) if kept else None,
    )
    record_request(database, row)


def _refused_answer(refusal: DomainError) -> dict[str, object]:
    return {"code": refusal.code, "detail": refusal.detail, "extra": dict(refusal.extra)}
