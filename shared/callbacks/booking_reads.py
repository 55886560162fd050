"""Everything that a booking or a move must know from the database, in one round trip."""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from shared.callbacks.booking_request import ApiCaller
from shared.callbacks.idempotency import RequestKey, StoredRequest
from shared.callbacks.resolver import BookingState, Candidate
from shared.db.models import Callback, CallbackRequest, ConfigVersion, DoNotCall, ErasedDoNotCall, Slot
from shared.db.session import Database, retried

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_Own = aliased(Callback)
_STATE = (
    select(
        ConfigVersion.version,
        Slot.booked,
        func.coalesce(DoNotCall.phone, ErasedDoNotCall.phone_hash).label("do_not_call"),
        Callback.account_number.label("open_account"),
        Callback.open_rank,
        Callback.booked_by_agent.label("open_agent"),
        CallbackRequest.id.label("request_id"),
        CallbackRequest.request_hash,
        CallbackRequest.account_number.label("request_account"),
        CallbackRequest.response,
        _Own.account_number.label("own"),
    )
    .select_from(ConfigVersion)
    .outerjoin(Slot, and_(Slot.pool_id == bindparam("pool"), Slot.start_at == bindparam("start")))
    .outerjoin(DoNotCall, DoNotCall.phone == bindparam("phone"))
    .outerjoin(ErasedDoNotCall, ErasedDoNotCall.phone_hash == bindparam("phone_hash"))
    .outerjoin(Callback, and_(Callback.phone == bindparam("phone"), Callback.open_rank.is_not(None)))
    .outerjoin(
        CallbackRequest,
        and_(
            CallbackRequest.requester == bindparam("requester"),
            CallbackRequest.request_key == bindparam("key"),
            CallbackRequest.request_key.is_not(None),
        ),
    )
    .outerjoin(_Own, _Own.account_number == bindparam("own"))
)


class BookingReading(NamedTuple):
    """What the database says of a candidate, the first request with the key, and whether the booking's own callback is
    there already."""

    state: BookingState
    stored: StoredRequest | None
    own: bool


@retried
def read_booking_state(
    database: Database,
    candidate: Candidate,
    request: RequestKey | None,
    account_number: str = "",
    caller: ApiCaller | None = None,
) -> BookingReading:
    """What must be known to decide. `account_number` is that of the booking itself; `caller` None sees every callback.

    Raises Unavailable.
    """
    parameters = {
        "phone": candidate.phone,
        "phone_hash": candidate.phone_hash,
        "pool": candidate.target.pool.id if candidate.target.pool else -1,
        "start": candidate.slot.start if candidate.slot else _NEVER,
        "requester": request.requester if request else "",
        "key": request.key if request else "",
        "own": account_number,
    }
    with database.reading() as connection:
        rows = connection.execute(_STATE, parameters).all()
    first = rows[0]
    stored = None
    if request is not None and first.request_id is not None:
        stored = StoredRequest(request, first.request_hash, first.request_account, first.response or {})
    open_ranks = {row.open_account: row.open_rank for row in rows if row.open_account is not None}
    hidden = {
        row.open_account for row in rows if caller is not None and not caller.sees(row.open_agent, candidate.phone)
    }
    state = BookingState(first.version, first.booked, first.do_not_call is not None, open_ranks, frozenset(hidden))
    return BookingReading(state, stored, first.own is not None)
