"""Everything a booking must know from the database, in one round trip."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, select

from shared.db.models import Callback, CallbackRequest, CatalogueVersion, DoNotCall, Slot
from shared.db.session import Database, retried

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_FACTS = (
    select(
        CatalogueVersion.version,
        Slot.booked,
        DoNotCall.phone.label("do_not_call"),
        Callback.account_number.label("open_account"),
        Callback.open_rank,
        CallbackRequest.id.label("request_id"),
        CallbackRequest.request_hash,
        CallbackRequest.account_number.label("request_account"),
        CallbackRequest.answer,
    )
    .select_from(CatalogueVersion)
    .outerjoin(Slot, and_(Slot.pool_id == bindparam("pool"), Slot.start_at == bindparam("start")))
    .outerjoin(DoNotCall, DoNotCall.phone == bindparam("phone"))
    .outerjoin(Callback, and_(Callback.phone == bindparam("phone"), Callback.open_rank.is_not(None)))
    .outerjoin(
        CallbackRequest,
        and_(
            CallbackRequest.api_client_id == bindparam("client"),
            CallbackRequest.request_key == bindparam("key"),
            CallbackRequest.request_key.is_not(None),
        ),
    )
)


_STORED = select(CallbackRequest.request_hash, CallbackRequest.account_number, CallbackRequest.answer).where(
    CallbackRequest.api_client_id == bindparam("client"),
    CallbackRequest.request_key == bindparam("key"),
    CallbackRequest.request_key.is_not(None),
)


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """The first request with a key: what was asked (its hash) and what was answered."""

    request_hash: str
    account_number: str | None
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """`booked` is None while the slot has no row; `open_ranks` maps the number's open callbacks to their ranks."""

    version: int
    booked: int | None
    do_not_call: bool
    open_ranks: Mapping[str, int]
    stored: StoredRequest | None


@retried
def read_facts(
    database: Database, *, phone: str, pool_id: int | None, start: datetime | None, client_id: int, key: str | None
) -> Facts:
    """The facts for a booking. Raises Unavailable."""
    asked = {
        "phone": phone,
        "pool": -1 if pool_id is None else pool_id,
        "start": start or _NEVER,
        "client": client_id,
        "key": key,
    }
    with database.reading() as connection:
        rows = connection.execute(_FACTS, asked).all()
    first = rows[0]
    stored = (
        StoredRequest(first.request_hash, first.request_account, first.answer) if first.request_id is not None else None
    )
    open_ranks = {row.open_account: row.open_rank for row in rows if row.open_account is not None}
    return Facts(first.version, first.booked, first.do_not_call is not None, open_ranks, stored)


@retried
def read_stored(database: Database, client_id: int, key: str | None) -> StoredRequest | None:
    """The first request of a client with a key. Raises Unavailable."""
    if key is None:
        return None
    with database.reading() as connection:
        row = connection.execute(_STORED, {"client": client_id, "key": key}).one_or_none()
    return None if row is None else StoredRequest(row.request_hash, row.account_number, row.answer)
