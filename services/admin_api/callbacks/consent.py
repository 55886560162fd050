"""The proof that a person wished to be called at a number: the request that booked the callback is the consent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from shared.callbacks.booking_request import GADGET
from shared.callbacks.states import Status
from shared.db.models import ApiClient, CallbackEvent, CallbackRequest

BY_CALLER, BY_AGENT = "booked_by_caller", "booked_by_agent"
HOW = (BY_CALLER, BY_AGENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A ConsentSchema."""

    phone: str
    given_at: datetime
    how: str
    channel: str
    api_client: str | None
    booked_by: str | None
    call_id: str | None
    request_record: int | None
    request_key: str | None
    account_number: str
    skill: str
    withdrawn_at: datetime | None


def read_consent(connection: Connection, row: Any, zone: ZoneInfo) -> Consent:
    """Of a callback's row, with the columns of a detail (detail.py)."""
    booked = (
        select(CallbackRequest.id, CallbackRequest.request_key)
        .where(CallbackRequest.account_number == row.account_number, CallbackRequest.outcome == Status.SCHEDULED)
        .order_by(CallbackRequest.id)
        .limit(1)
    )
    request = connection.execute(booked).one_or_none()
    client = select(ApiClient.name).where(ApiClient.id == row.api_client_id)
    withdrawn_at = _cancelled_at(connection, row.account_number) if row.status == Status.CANCELLED else None
    client_name = connection.execute(client).scalar_one_or_none()
    return Consent(
        phone=row.phone,
        given_at=row.created_at.astimezone(zone),
        how=BY_AGENT if row.source == GADGET else BY_CALLER,
        channel=row.source,
        api_client=client_name,
        booked_by=f"agent:{row.booked_by_agent}" if row.booked_by_agent else client_name,
        call_id=row.call_id,
        request_record=request.id if request else None,
        request_key=request.request_key if request else None,
        account_number=row.account_number,
        skill=row.skill,
        withdrawn_at=withdrawn_at and withdrawn_at.astimezone(zone),
    )


def _cancelled_at(connection: Connection, account_number: str) -> datetime | None:
    """When it was cancelled last: a cancellation before may have been undone."""
    cancelled = (
        select(CallbackEvent.at)
        .where(CallbackEvent.account_number == account_number, CallbackEvent.to_status == Status.CANCELLED)
        .order_by(CallbackEvent.id.desc())
        .limit(1)
    )
    return connection.execute(cancelled).scalar_one_or_none()
