"""A repeat with the same key gets the first response again: both are stored in the row of the callback request.

One key is one request of an API client or an agent, whatever its kind: booking, moving, cancelling, the end of an
offer.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.lookup import CallbackView, Conditions, find_by_account_number
from shared.callbacks.request_log import insert_request_now, request_values
from shared.callbacks.states import Status
from shared.db.error_classes import ErrorClass, classify
from shared.db.models import CallbackRequest
from shared.db.session import Database, retried
from shared.errors import Code, DomainError

# Never stored as the response of a key: an operator's brake, which may be lifted, and a refusal of the key itself.
_NOT_STORED = frozenset({Code.BOOKING_CLOSED, Code.IDEMPOTENCY_KEY_REUSED})

_STORED = select(CallbackRequest.request_hash, CallbackRequest.account_number, CallbackRequest.response).where(
    CallbackRequest.requester == bindparam("requester"),
    CallbackRequest.request_key == bindparam("key"),
    CallbackRequest.request_key.is_not(None),
)


@dataclass(frozen=True, slots=True)
class RequestKey:
    """The key that a requester (ApiCaller.requester) gave a request, and the fingerprint that tells a repeat from
    another request.

    `keeps_refusals` False: the key is what the request is about, so one that was refused may be tried again.
    """

    requester: str
    key: str
    fingerprint: str
    keeps_refusals: bool = True


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """The first request with the key of `request`: its hash and its response."""

    request: RequestKey
    request_hash: str
    account_number: str | None
    response: Mapping[str, Any]

    def check(self) -> None:
        """Raises `idempotency_key_reused` when it was another request, and its refusal if it was refused."""
        if self.request_hash != self.request.fingerprint:
            raise DomainError(
                Code.IDEMPOTENCY_KEY_REUSED, "This idempotency key was used for another request. Use a new key."
            )
        if "code" in self.response:
            raise DomainError(Code(self.response["code"]), self.response["detail"], **self.response["extra"])


@dataclass(frozen=True, slots=True)
class KeyedChange:
    """A move or a cancellation with a key. Its row is no request for a callback: the report of requests leaves it out
    (outcomes `rescheduled`, `not_rescheduled`, `cancelled`, `not_cancelled`)."""

    request: RequestKey
    source: str
    client_id: int | None

    def row(
        self, now: datetime, outcome: str, account_number: str | None, response: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The callback request that stores the response."""
        return request_values(
            now, outcome, source=self.source, api_client_id=self.client_id, account_number=account_number,
            **columns_of(self.request, response),
        )  # fmt: skip


def fingerprint(request: Mapping[str, Any]) -> str:
    """SHA-256 of what was asked."""
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def columns_of(request: RequestKey | None, response: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that let a repeat be answered; NULLs without a key."""
    if request is None:
        return {"requester": None, "request_key": None, "request_hash": None, "response": None}
    return {"requester": request.requester, "request_key": request.key, "request_hash": request.fingerprint,
            "response": dict(response)}  # fmt: skip


def scheduled_response(callback: CallbackView) -> dict[str, str]:
    """What is stored to answer a repeat of a booking or a move: only what can change later."""
    return {
        "start": callback.start.isoformat(),
        "slotStart": callback.slot_start.isoformat(),
        "timeZone": callback.zone.key,
        "customerTimeZone": callback.customer_zone.key,
    }


@retried
def read_stored(database: Database, request: RequestKey | None) -> StoredRequest | None:
    """The first request with this key. Raises Unavailable."""
    if request is None:
        return None
    with database.reading() as connection:
        row = connection.execute(_STORED, {"requester": request.requester, "key": request.key}).one_or_none()
    return None if row is None else StoredRequest(request, row.request_hash, row.account_number, row.response or {})


def replay(
    database: Database, config_cache: ConfigCache, stored: StoredRequest, visible: Conditions = ()
) -> CallbackView:
    """The callback as the first response showed it, whatever became of it since. Raises the refusal that was stored,
    `idempotency_key_reused`, `unknown_callback` for one that is not `visible` any more, Unavailable."""
    stored.check()
    current = find_by_account_number(database, config_cache, stored.account_number or "", visible)
    return replace(
        current,
        status=Status.SCHEDULED,
        start=datetime.fromisoformat(stored.response["start"]),
        slot_start=datetime.fromisoformat(stored.response["slotStart"]),
        zone=ZoneInfo(stored.response.get("timeZone") or current.zone.key),
        customer_zone=ZoneInfo(stored.response.get("customerTimeZone") or current.customer_zone.key),
        attempts=0,
        outcome=None,
        agent_outcome=None,
    )


def record_refusal(
    database: Database, row: Mapping[str, Any], request: RequestKey | None, refusal: DomainError
) -> StoredRequest | None:
    """Record the request of `row` as refused: None, and the caller raises `refusal`. Or the first request with its key,
    if there is one, which the caller replays: nothing is recorded then.

    A rule may refuse before the key was looked up, and another request with the same key may come in between.
    """
    stored = read_stored(database, request)
    if stored is not None:
        return stored
    kept = None if refusal.code in _NOT_STORED or not (request and request.keeps_refusals) else request
    response = {"code": refusal.code, "detail": refusal.detail, "extra": dict(refusal.extra)}
    return store_once(database, {**row, **columns_of(kept, response)}, kept)


def store_once(database: Database, row: Mapping[str, Any], request: RequestKey | None) -> StoredRequest | None:
    """Record a request by itself; or the first request with its key, if there is one. Raises Unavailable."""
    try:
        insert_request_now(database, row)
    except IntegrityError as error:
        stored = read_stored(database, request) if classify(error) is ErrorClass.DUPLICATE else None
        if stored is None:
            raise
        return stored
    return None
