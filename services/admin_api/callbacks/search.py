"""Searching a million callbacks: every query seeks in an index, and nothing is counted without a bound.

The indexes of the list begin with the state (of all, of a skill, of a campaign) and end with the time. So a search is
one seek per state, each giving its first rows in order of time, merged; a count stops at MAX_COUNTED. For a person who
is limited to a few skills it is one per state and skill.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, func, select, union_all

from services.admin_api.callbacks.filters import CallbackSearch, CallbackSelection, select_callbacks
from services.admin_api.framework.paging import Page
from services.admin_api.framework.views import from_row
from services.admin_api.identity.scope import Scope
from services.admin_api.identity.scoped_rows import visible
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.no_result import has_no_result, result_expected_since
from shared.callbacks.schedule import HALF_HOUR
from shared.db.models import Callback, Campaign, Pool, Skill
from shared.db.session import Database, retried
from shared.errors import InvalidInput

MAX_COUNTED = 10_000
MAX_SEEKS = 140  # in one statement: SQLite takes 500
MAX_PARAMETERS = 2_000  # of one statement: SQL Server takes 2,100
MAX_OFFSET = 10_000  # rows before a page: who needs more narrows the search

Query = Select[*tuple[Any, ...]]

_COLUMNS = (
    Callback.account_number, Callback.status, Callback.phone, Callback.first_name, Callback.last_name,
    Callback.skill_id, Skill.name.label("skill"), Callback.campaign_id, Campaign.name.label("campaign"),
    Pool.time_zone, func.coalesce(Callback.customer_time_zone, Pool.time_zone).label("customer_time_zone"),
    Callback.start_at, Callback.slot_start, Callback.due_at, Callback.agent_id, Callback.source,
    Callback.attempts, Callback.outcome, Callback.created_at, Callback.changed_at,
)  # fmt: skip
_INSTANTS = ("slot_start", "due_at", "created_at", "changed_at")


@dataclass(frozen=True, kw_only=True)
class CallbackSummary:
    """A CallbackSummarySchema; instants are in the slot's `time_zone`, `customer_start` in the customer's."""

    account_number: str
    status: str
    phone: str
    first_name: str | None
    last_name: str | None
    skill_id: int
    skill: str
    campaign_id: int
    campaign: str
    time_zone: str
    customer_time_zone: str
    start: datetime
    customer_start: datetime
    slot_start: datetime
    slot_end: datetime
    due_at: datetime
    agent_id: str | None
    source: str
    attempts: int
    outcome: str | None
    without_result: bool
    created_at: datetime
    changed_at: datetime


@retried
def search(database: Database, snapshot: ConfigSnapshot, query: CallbackSearch, scope: Scope, now: datetime) -> Page:
    """One page (CallbackSearchPageSchema). Raises validation errors, `invalid_phone`."""
    if query.offset > MAX_OFFSET:
        raise InvalidInput({"page": [f"At most {MAX_OFFSET} callbacks deep: narrow the search."]})
    selection = select_callbacks(snapshot, query, scope, now)
    if selection is None or not selection.statuses:
        return Page.of(query, [], 0)
    since = result_expected_since(snapshot.settings, now)
    with database.reading() as connection:
        total = bounded_count(connection, selection)
        account_numbers = _page(connection, selection, query)
        callbacks = read_summaries(connection, account_numbers, since)
        return Page.of(query, callbacks, total, max_counted=MAX_COUNTED)


def bounded_count(connection: Connection, selection: CallbackSelection, bound: int = MAX_COUNTED) -> int:
    """How many there are; anything above `bound` means more than that."""
    total = 0
    for status in selection.statuses:
        some = select(selection.columns.status).where(selection.columns.status == status, *selection.conditions)
        counted = some.limit(bound + 1 - total).subquery()
        total += connection.execute(select(func.count()).select_from(counted)).scalar_one()
        if total > bound:
            break
    return total


def read_summaries(connection: Connection, account_numbers: Sequence[str], since: datetime) -> list[CallbackSummary]:
    """The callbacks in the order of `account_numbers`; `since` is result_expected_since."""
    statement = _joined(select(*_COLUMNS)).where(Callback.account_number.in_(account_numbers))
    rows = {row.account_number: row for row in connection.execute(statement)}
    return [summary_of(rows[number], since) for number in account_numbers if number in rows]


def summary_of(row: Any, since: datetime) -> CallbackSummary:
    """Of a row with `_COLUMNS`."""
    return from_row(CallbackSummary, row, **summary_fields(row, since))


def summary_fields(row: Any, since: datetime) -> dict[str, Any]:
    """The fields of a CallbackSummary that are no columns of `row` as they are: instants in the slot's zone, and what
    follows from the time."""
    zone = ZoneInfo(row.time_zone)
    instants = {name: getattr(row, name).astimezone(zone) for name in _INSTANTS}
    return {
        **instants,
        "start": row.start_at.astimezone(zone),
        "customer_start": row.start_at.astimezone(ZoneInfo(row.customer_time_zone)),
        "slot_end": (row.slot_start + HALF_HOUR).astimezone(zone),
        "without_result": has_no_result(row.status, row.due_at, since),
    }


def read_one(connection: Connection, account_number: str, scope: Scope, *more: Any) -> Any:
    """The row of a callback with the columns of the list and `more`, or None when the person sees no such callback."""
    statement = _joined(select(*_COLUMNS, *more)).where(
        Callback.account_number == account_number, *visible(scope, Callback)
    )
    return connection.execute(statement).one_or_none()


def _page(connection: Connection, selection: CallbackSelection, query: CallbackSearch) -> list[str]:
    """The account numbers of the page: of each state (and skill) as many as could stand on it, merged."""
    size, newest_first, columns = query.page_size, query.sort == "-start", selection.columns

    def ordered(statement: Any, at: Any, number: Any) -> Any:
        return statement.order_by(at.desc(), number.desc()) if newest_first else statement.order_by(at, number)

    def seek(*conditions: Any) -> Any:
        statement = select(columns.start_at, columns.account_number).where(*conditions, *selection.conditions)
        first = ordered(statement, columns.start_at, columns.account_number).limit(query.offset + size).subquery()
        return select(first.c.start_at, first.c.account_number)

    seeks = [[columns.status == status] for status in selection.statuses]
    if selection.skill_ids and len(seeks) * len(selection.skill_ids) <= _max_seeks(seek(*seeks[0])):
        seeks = [[columns.skill_id == skill, *seek] for skill in selection.skill_ids for seek in seeks]
    merged = union_all(*(seek(*conditions) for conditions in seeks)).subquery()
    statement = ordered(select(merged.c.account_number), merged.c.start_at, merged.c.account_number)
    return list(connection.execute(statement.offset(query.offset).limit(size)).scalars())


def _max_seeks(seek: Query) -> int:
    """How many like this one a statement takes."""
    return min(MAX_SEEKS, MAX_PARAMETERS // (len(seek.compile().params) + 1))


def _joined(statement: Query) -> Query:
    return (
        statement.join(Skill, Skill.id == Callback.skill_id)
        .join(Campaign, Campaign.id == Callback.campaign_id)
        .join(Pool, Pool.id == Callback.pool_id)
    )
