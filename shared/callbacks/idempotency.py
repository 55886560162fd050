"""A repeat with the same key gets the first answer again; the key and that answer stand in the callback request."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

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
        return _reused()
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


def record_once(database: Database, row: Mapping[str, Any]) -> None:
    """One record of what is no booking; a repeat with its `request_key` adds none.

    Raises `idempotency_key_reused` when the key was another request's, Unavailable.
    """
    try:
        record_request(database, row)
    except IntegrityError as error:
        if row["request_key"] is None or classify(error) is not Fault.DUPLICATE:
            raise
        stored = read_stored(database, row["api_client_id"], row["request_key"])
        if stored is None or stored.request_hash != row["request_hash"]:
            raise _reused() from error


def fingerprint(body: Mapping[str, Any]) -> str:
    """SHA-256 of a request that is no order, to tell a repeat from another request with the same key."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _reused() -> DomainError:
    return DomainError(Code.IDEMPOTENCY_KEY_REUSED, "This idempotency key was used for another request. Use a new key.")


def _refused_answer(refusal: DomainError) -> dict[str, object]:
    return {"code": refusal.code, "detail": refusal.detail, "extra": dict(refusal.extra)}
