"""Offers are remembered in the database, so that a slot's number means what the caller heard: on every node, after a
restart, and whatever has become free or full meanwhile.

An offer is a callback request (`asked` or `no_slots`) with a key of its own, which retention removes as it does
idempotency answers. It holds no personal data.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from ulid import ULID

from services.booking_api.ivr.offers import Offer, OfferRequest
from shared.callbacks.booking_request import ApiCaller
from shared.callbacks.idempotency import RequestKey, columns_of, store_once
from shared.callbacks.request_log import request_values
from shared.db.models import CallbackRequest
from shared.db.session import Database, retried

_PREFIX = "offer "  # of the keys: no header can be the key of an offer by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedOffer:
    """What an offer told: the starts (ISO 8601, UTC) in the order of their numbers."""

    id: str
    skill: str
    campaign: str
    time_zone: str | None
    language: str
    most: int
    starts: Sequence[str]


def remember(database: Database, offer: Offer, request: OfferRequest, caller: ApiCaller, now: datetime) -> Offer:
    """The offer with its id, once it is stored. Raises Unavailable."""
    named = replace(offer, id=str(ULID.from_datetime(now)))
    key = RequestKey(caller.requester, f"{_PREFIX}{named.id}", "offer")
    kept = {
        "skill": offer.skill,
        "campaign": offer.campaign,
        "time_zone": request.time_zone,
        "language": offer.language,
        "most": request.most,
        "starts": [slot.start.isoformat() for slot in offer.slots],
    }
    row = request_values(
        now,
        "asked" if offer.slots else "no_slots",
        skill=offer.skill,
        campaign=offer.campaign,
        call_id=request.call_id,
        source=caller.source,
        api_client_id=caller.client_id,
        slots_offered=len(offer.slots),
        **columns_of(key, kept),
    )
    store_once(database, row, key)
    return named


@retried
def find_offer(database: Database, requester: str, call_id: str | None, offer_id: str | None) -> RememberedOffer | None:
    """The offer of an id, else the newest one of a call, if it was made for the requester. Raises Unavailable."""
    if offer_id is None and call_id is None:
        return None
    columns = select(CallbackRequest.request_key, CallbackRequest.response)
    if offer_id is not None:
        found = columns.where(CallbackRequest.request_key == f"{_PREFIX}{offer_id}")
    else:
        found = columns.where(CallbackRequest.call_id == call_id, CallbackRequest.request_key.startswith(_PREFIX))
    query = found.where(CallbackRequest.requester == requester).order_by(CallbackRequest.id.desc()).limit(1)
    with database.reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else RememberedOffer(id=row.request_key.removeprefix(_PREFIX), **row.response)
