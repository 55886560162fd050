"""Which callbacks a filter selects: decided here for the list, for what is done with all of it, and its preview.

A filter becomes conditions, each of which seeks in an index.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from services.admin_api.framework.paging import ListQuery
from services.admin_api.framework.time_range import TimeRange
from services.admin_api.identity.scope import Scope
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.lookup import plain_account_number
from shared.callbacks.no_result import result_expected_since, without_result
from shared.callbacks.rules import phone_to_search
from shared.callbacks.states import Status
from shared.db.models import Callback, Pool
from shared.errors import Code, DomainError

MAX_OF_ONE_NUMBER = 1_000  # callbacks of one phone number that are looked at, the newest ones


@dataclass(frozen=True, kw_only=True)
class CallbackFilters:
    """Which callbacks (CallbackFilterSchema); None filters nothing, and no `status` means all of them. `q` is an
    account number or a phone number."""

    q: str | None
    phone: str | None
    account_number: str | None
    skill_id: int | None
    campaign_id: int | None
    from_: str | None
    to: str | None
    status: Sequence[str]
    without_result: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing but their states narrows the search."""
        narrow = (self.q, self.phone, self.account_number, self.skill_id, self.campaign_id, self.from_, self.to)
        return all(value is None for value in narrow)


@dataclass(frozen=True, kw_only=True)
class CallbackSearch(ListQuery, CallbackFilters):
    """The parameters of the search."""


@dataclass(frozen=True, kw_only=True)
class BulkCancel(CallbackFilters):
    """Which callbacks are to be cancelled. `total` is how many the list showed, scheduled or not, and `count` how many
    of them the preview showed."""

    total: int | None
    count: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class CallbackSelection:
    """What a filter selects: callbacks in one of `statuses` that meet the conditions on `columns`, which may be those
    of one number only.

    `repeated` are the same conditions on the table itself, for an UPDATE of callbacks that were chosen by them.
    `skill_ids` are the skills that it is limited to by the person's scope alone, which `conditions` repeat.
    """

    columns: Any
    statuses: Sequence[Status]
    conditions: Sequence[ColumnElement[bool]]
    repeated: Sequence[ColumnElement[bool]]
    skill_ids: Sequence[int] | None = None

    def only(self, status: Status) -> "CallbackSelection":
        """Those of them in this state."""
        return replace(self, statuses=[one for one in self.statuses if one is status])


def select_callbacks(
    snapshot: ConfigSnapshot, query: CallbackFilters, scope: Scope, now: datetime
) -> CallbackSelection | None:
    """What a filter selects of what the person sees; None when nothing can meet it.

    Raises validation errors, `invalid_phone`.
    """
    try:
        exact = _exact(snapshot, query)
    except DomainError as error:
        if error.code is Code.INVALID_PHONE and query.phone:
            raise
        return None
    table: Any = Callback.__table__.c
    columns: Any = _of_number([*exact, *scope.of_skill(table.skill_id)]) if exact else table
    statuses = [Status(status) for status in query.status] or list(Status)
    by_scope_alone = scope.skill_ids is not None and query.skill_id is None and not exact
    return CallbackSelection(
        columns,
        [status for status in statuses if not query.without_result or status is Status.IMPORTED],
        _conditions(columns, snapshot, query, scope, now),
        [*exact, *_conditions(table, snapshot, query, scope, now)],
        sorted(scope.skill_ids or ()) if by_scope_alone else None,
    )


def starting_within(columns: Any, snapshot: ConfigSnapshot, times: TimeRange) -> list[ColumnElement[bool]]:
    """The callbacks that start within a range, dates by the zone of each one's slot."""
    return times.conditions(columns.start_at, slot_zones(snapshot), lambda zones: _in_zones(columns.pool_id, zones))


def slot_zones(snapshot: ConfigSnapshot) -> Collection[ZoneInfo]:
    """The zones that there are slots in."""
    zones = {pool.zone for pool in snapshot.pool_by_id.values()}
    return zones or {ZoneInfo(snapshot.settings.default_time_zone)}


def _in_zones(pool_id: Any, zones: Sequence[str]) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = pool_id.in_(select(Pool.id).where(Pool.time_zone.in_(zones)))
    return condition


def _conditions(
    columns: Any, snapshot: ConfigSnapshot, query: CallbackFilters, scope: Scope, now: datetime
) -> list[ColumnElement[bool]]:
    conditions = scope.of_skill(columns.skill_id)
    if query.skill_id is not None:
        conditions.append(columns.skill_id == query.skill_id)
    if query.campaign_id is not None:
        conditions.append(columns.campaign_id == query.campaign_id)
    if query.without_result:
        conditions.extend(without_result(columns, result_expected_since(snapshot.settings, now)))
    return [*conditions, *starting_within(columns, snapshot, TimeRange.of(query.from_, query.to, now))]


def _exact(snapshot: ConfigSnapshot, query: CallbackFilters) -> list[ColumnElement[bool]]:
    """Conditions that leave a handful of callbacks: an account number, a phone number, or either in `q`."""
    exact = []
    if query.account_number:
        exact.append(Callback.account_number == plain_account_number(query.account_number.strip()))
    if query.phone:
        exact.append(Callback.phone == phone_to_search(snapshot.settings, query.phone))
    if query.q:
        text = query.q.strip()
        try:
            exact.append(Callback.account_number == plain_account_number(text))
        except DomainError:
            exact.append(Callback.phone == phone_to_search(snapshot.settings, text))
    return exact


def _of_number(exact: Sequence[ColumnElement[bool]]) -> Any:
    """The newest callbacks of a number, as a table of their own: else a planner may prefer the index of the states."""
    newest = select(Callback.__table__).where(*exact).order_by(Callback.created_at.desc()).limit(MAX_OF_ONE_NUMBER)
    return newest.subquery().c
