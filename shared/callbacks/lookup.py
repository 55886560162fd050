"""Reading callbacks as clients see them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, select

from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.schedule import HALF_HOUR
from shared.callbacks.states import OPEN, Status
from shared.db.models import Callback, CallbackEvent
from shared.db.session import Database, retried
from shared.errors import Code, DomainError

# 26 characters of Crockford's base 32, and perhaps the attempt, as UCCE hands it to the CVP script.
_ACCOUNT_NUMBER = re.compile(r"([0-7][0-9A-HJKMNP-TV-Z]{25})(?:-(\d{2}))?", re.ASCII | re.IGNORECASE)

Conditions = Sequence[ColumnElement[bool]]

_COLUMNS = (
    Callback.account_number, Callback.status, Callback.phone, Callback.start_at, Callback.slot_start,
    Callback.skill_id, Callback.campaign_id, Callback.pool_id, Callback.call_data, Callback.first_name,
    Callback.last_name, Callback.agent_id, Callback.source, Callback.created_at, Callback.attempts, Callback.outcome,
    Callback.due_at, Callback.open_rank, Callback.agent_outcome, Callback.time_zone, Callback.customer_time_zone,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallbackView:
    """A callback with the names of its skill and campaign; instants are UTC, `zone` is its pool's.

    `time_zone` is the zone that was stated, `customer_zone` that of the called party (calling_hours.py).
    """

    account_number: str
    status: str
    phone: str
    start: datetime
    slot_start: datetime
    skill: str
    campaign: str
    call_data: Mapping[str, str]
    first_name: str | None
    last_name: str | None
    agent_id: str | None
    time_zone: str | None
    customer_zone: ZoneInfo
    source: str
    created_at: datetime
    attempts: int
    outcome: str | None
    pool_id: int
    zone: ZoneInfo
    agent_policy: str | None  # this and the next are None unless it is personal
    agent_wait_seconds: int | None
    agent_outcome: str | None = None

    @property
    def slot_end(self) -> datetime:
        return self.slot_start + HALF_HOUR


def plain_account_number(text: str) -> str:
    """The account number in `text`, without an attempt suffix. Raises `unknown_callback`."""
    match = _ACCOUNT_NUMBER.fullmatch(text)
    if match is None:
        raise unknown_callback()
    return match[1].upper()


def attempt_number(text: str) -> int | None:
    """The attempt that the account number in `text` names, if it names one. Raises `unknown_callback`."""
    match = _ACCOUNT_NUMBER.fullmatch(text)
    if match is None:
        raise unknown_callback()
    return int(match[2]) if match[2] else None


def unknown_callback() -> DomainError:
    return DomainError(Code.UNKNOWN_CALLBACK, "There is no callback with this account number.")


def find_by_account_number(
    database: Database, config_cache: ConfigCache, account_number: str, visible: Conditions = ()
) -> CallbackView:
    """The callback of an account number (with or without attempt suffix), if it is `visible`.

    Raises `unknown_callback`, Unavailable.
    """
    return view_of(config_cache, read_row(database, plain_account_number(account_number), visible))


def find_by_phone(
    database: Database,
    config_cache: ConfigCache,
    phone: str,
    statuses: Sequence[Status] = tuple(OPEN),
    visible: Conditions = (),
) -> list[CallbackView]:
    """The newest 50 `visible` callbacks of a number (E.164) in one of `statuses`, newest first. Raises Unavailable."""
    return [view_of(config_cache, row) for row in _rows_of_phone(database, phone, statuses, visible)]


@retried
def read_row(
    database: Database, account_number: str, visible: Conditions = (), more: Sequence[Any] = ()
) -> Row[*tuple[Any, ...]]:
    """The columns of a `CallbackView`, with `due_at`, `open_rank` and `more`. Raises `unknown_callback`,
    Unavailable."""
    statement = select(*_COLUMNS, *more).where(Callback.account_number == account_number, *visible)
    with database.reading() as connection:
        row = connection.execute(statement).one_or_none()
    if row is None:
        raise unknown_callback()
    return row


@retried
def read_events(database: Database, account_number: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """What happened to a callback, oldest first: the columns of CallbackEvent. Raises Unavailable."""
    events = select(CallbackEvent.at, CallbackEvent.from_status, CallbackEvent.to_status, CallbackEvent.why)
    of_it = events.where(CallbackEvent.account_number == account_number).order_by(CallbackEvent.id)
    with database.reading() as connection:
        return connection.execute(of_it).all()


@retried
def _rows_of_phone(
    database: Database, phone: str, statuses: Sequence[Status], visible: Conditions
) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(*_COLUMNS)
        .where(Callback.phone == phone, Callback.status.in_(statuses), *visible)
        .order_by(Callback.created_at.desc(), Callback.account_number.desc())
        .limit(50)
    )
    with database.reading() as connection:
        return connection.execute(query).all()


def view_of(config_cache: ConfigCache, row: Row[*tuple[Any, ...]]) -> CallbackView:
    """The callback of a row of `_COLUMNS`."""
    snapshot = _with_names(config_cache, row)
    campaign = snapshot.campaign_by_id[row.campaign_id]
    zone = snapshot.pool_by_id[row.pool_id].zone
    return CallbackView(
        account_number=row.account_number,
        status=row.status,
        phone=row.phone,
        start=row.start_at,
        slot_start=row.slot_start,
        skill=snapshot.skill_by_id[row.skill_id].name,
        campaign=campaign.name,
        call_data=row.call_data,
        first_name=row.first_name,
        last_name=row.last_name,
        agent_id=row.agent_id,
        time_zone=row.time_zone,
        customer_zone=ZoneInfo(row.customer_time_zone) if row.customer_time_zone else zone,
        source=row.source,
        created_at=row.created_at,
        attempts=row.attempts,
        outcome=row.outcome,
        pool_id=row.pool_id,
        zone=zone,
        agent_policy=campaign.agent_policy(row.agent_id),
        agent_wait_seconds=campaign.agent_wait_seconds(row.agent_id),
        agent_outcome=row.agent_outcome,
    )


def _with_names(config_cache: ConfigCache, row: Row[*tuple[Any, ...]]) -> ConfigSnapshot:
    """A snapshot that has the row's skill, campaign and pool: another node may have booked into a newer one."""
    snapshot = config_cache.current()
    complete = (
        row.skill_id in snapshot.skill_by_id
        and row.campaign_id in snapshot.campaign_by_id
        and row.pool_id in snapshot.pool_by_id
    )
    return snapshot if complete else config_cache.reload()
