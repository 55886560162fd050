"""A callback with its call data, the consent it stands for, its timeline and its attempts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, select

from services.admin_api.callbacks.consent import Consent, read_consent
from services.admin_api.callbacks.search import CallbackSummary, read_one, summary_fields
from services.admin_api.framework.views import from_row
from services.admin_api.identity.scope import Scope
from shared.callbacks.lookup import unknown_callback
from shared.db.models import Attempt, Callback, CallbackEvent, Campaign
from shared.db.session import Database, retried


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """A TimelineEntrySchema: one transition."""

    at: datetime
    from_status: str | None
    to_status: str
    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """An AttemptSchema: one contact made of the callback in UCCE."""

    contact_key: str
    number: int
    campaign: str
    batch_id: str
    epoch: int
    node: str
    claimed_at: datetime
    imported_at: datetime | None
    finished_at: datetime | None
    outcome: str | None
    call_result: int | None
    call_status: str | None
    calls_made: int | None
    message: str | None


@dataclass(frozen=True, kw_only=True)
class CallbackDetail(CallbackSummary):
    """A CallbackDetailSchema."""

    reason: str | None
    call_id: str | None
    call_data: Mapping[str, str]
    api_client: str | None
    agent_outcome: str | None
    follow_up_of: str | None
    follow_up: str | None
    consent: Consent
    timeline: Sequence[TimelineEntry]
    attempt_list: Sequence[AttemptView]


@retried
def read_detail(database: Database, account_number: str, scope: Scope, since: datetime) -> CallbackDetail:
    """The callback; `since` is result_expected_since. Raises `unknown_callback`, also when the person does not see
    it."""
    with database.reading() as connection:
        row = read_one(connection, account_number, scope, Callback.reason, Callback.call_id, Callback.call_data,
                       Callback.api_client_id, Callback.booked_by_agent, Callback.agent_outcome,
                       Callback.follow_up_of)  # fmt: skip
        if row is None:
            raise unknown_callback()
        zone = ZoneInfo(row.time_zone)
        consent = read_consent(connection, row, zone)
        return from_row(
            CallbackDetail,
            row,
            api_client=consent.api_client,
            follow_up_of=_number(connection, Callback.account_number == row.follow_up_of),
            follow_up=_number(connection, Callback.follow_up_of == account_number, Callback.follow_up_of.is_not(None)),
            consent=consent,
            timeline=_timeline(connection, account_number, zone),
            attempt_list=_attempts(connection, account_number, zone),
            **summary_fields(row, since),
        )


def _number(connection: Connection, *where: ColumnElement[bool]) -> str | None:
    """The callback that meets `where`, while it is kept."""
    number: str | None = connection.execute(select(Callback.account_number).where(*where)).scalar_one_or_none()
    return number


def _timeline(connection: Connection, account_number: str, zone: ZoneInfo) -> list[TimelineEntry]:
    statement = (
        select(*CallbackEvent.__table__.columns)
        .where(CallbackEvent.account_number == account_number)
        .order_by(CallbackEvent.id)
    )
    return [from_row(TimelineEntry, row, at=_local(row.at, zone)) for row in connection.execute(statement)]


def _attempts(connection: Connection, account_number: str, zone: ZoneInfo) -> list[AttemptView]:
    statement = (
        select(*Attempt.__table__.columns, Campaign.name.label("campaign"))
        .join(Campaign, Campaign.id == Attempt.campaign_id)
        .where(Attempt.account_number == account_number)
        .order_by(Attempt.number)
    )
    instants = ("claimed_at", "imported_at", "finished_at")
    return [
        from_row(AttemptView, row, **{name: _local(getattr(row, name), zone) for name in instants})
        for row in connection.execute(statement)
    ]


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at and at.astimezone(zone)
