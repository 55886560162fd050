"""A repeat with the same key gets the first answer again; the key and that answer stand in the callback request."""

from dataclasses import replace
from datetime import datetime
from typing import NoReturn

from sqlalchemy.exc import IntegrityError

from shared.callbacks.catalogue_cache import CatalogueCache
from shared.callbacks.facts import StoredRequest, read_facts
from shared.callbacks.orders import Booking, Caller, Order
from shared.callbacks.records import CallbackRecord, find
from shared.callbacks.requests import record_request, request_row
from shared.callbacks.states import Status
from shared.db.faults import Fault, classify
from shared.db.session import Database
from shared.errors import Code, DomainError

# The operator's doing, not the wish's: a repeat may succeed, so these are never kept as the answer of a key.
_PASSING = frozenset({Code.BOOKING_CLOSED})


def first_answer(database: Database, catalogues: CatalogueCache, stored: StoredRequest, order: Order) -> Booking:
    """Answer a repeat. Raises the stored refusal, or `idempotency_key_reused` when the order is another one."""
    if stored.request_hash != order.fingerprint():
        raise DomainError(
            Code.IDEMPOTENCY_KEY_REUSED, "This idempotency key was used for another request. Use a new key."
        )
    if stored.account_number is None:
        answer = stored.answer
        raise DomainError(Code(answer["code"]), answer["detail"], **answer["extra"])
    # The callback may have moved on since; the first answer showed it as it was booked.
    now_known = find(database, catalogues, stored.account_number)
    booked = replace(
        now_known,
        status=Status.SCHEDULED,
        start=datetime.fromisoformat(stored.answer["start"]),
        slot_start=datetime.fromisoformat(stored.answer["slotStart"]),
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
) -> NoReturn:
    """Record a refused wish and raise the refusal; for a key that was used before, raise what that calls for."""
    keyed = key is not None and refusal.code not in _PASSING
    row = request_row(
        now,
        refusal.code,
        skill=order.skill,
        campaign=order.campaign,
        call_id=order.call_id,
        source=caller.source,
        api_client_id=caller.client_id,
        request_key=key if keyed else None,
        request_hash=order.fingerprint() if keyed else None,
        answer=_refused_answer(refusal) if keyed else None,
    )
    try:
        record_request(database, row)
    except IntegrityError as error:
        if classify(error) is not Fault.DUPLICATE:
            raise
        facts = read_facts(database, phone="", pool_id=None, start=None, client_id=caller.client_id, key=key)
        if facts.stored is None:
            raise refusal from None
        first_answer(database, catalogues, facts.stored, order)
    raise refusal


def _refused_answer(refusal: DomainError) -> dict[str, object]:
    return {"code": refusal.code, "detail": refusal.detail, "extra": dict(refusal.extra)}
