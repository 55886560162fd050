"""The filters of the portal's callback search, and the conditions that they become: each seeks in an index."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from services.admin_api.framework.fields import FIRST_YEAR, LAST_YEAR
from services.admin_api.framework.paging import ListQuery
from services.admin_api.identity.scope import Scope
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.lookup import plain_account_number
from shared.callbacks.rules import phone_to_search
from shared.clock import parse_iso
from shared.db.models import Callback
from shared.errors import Code, DomainError, InvalidInput

MAX_OF_ONE_NUMBER = 1_000  # callbacks of one phone number that are looked at, the newest ones


@dataclass(frozen=True, kw_only=True)
class CallbackFilters:
    """Which callbacks; None filters nothing. `q` is an account number or a phone number."""

    phone: str | None
    account_number: str | None
    skill_id: int | None
    campaign_id: int | None
    from_: str | None
    to: str | None
    q: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the search."""
        return all(getattr(self, field.name) is None for field in fields(CallbackFilters))


@dataclass(frozen=True, kw_only=True)
class CallbackSearch(ListQuery, CallbackFilters):
    """The parameters of the search; no `status` means all of them."""

    status: Sequence[str]
    without_result: bool


@dataclass(frozen=True, kw_only=True)
class BulkCancel(CallbackFilters):
    """Which callbacks are to be cancelled; `count` is how many the preview showed."""

    count: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class CallbackSelection:
    """What a filter selects but for the states: conditions on `columns`, which may be those of one number only.

    `repeated` are the same conditions on the table itself, for an UPDATE of callbacks that were chosen by them.
    `skill_ids` are the skills that it is limited to by the person's scope alone, which `conditions` repeat.
    """

    columns: Any
    conditions: Sequence[ColumnElement[bool]]
    repeated: Sequence[ColumnElement[bool]]
    skill_ids: Sequence[int] | None = None


def select_callbacks(snapshot: ConfigSnapshot, query: CallbackFilters, scope: Scope) -> CallbackSelection | None:
    """What a filter (CallbackFilterSchema, perhaps with `q`) selects of what the person sees; None when nothing can
    meet it.

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
    zone = ZoneInfo(snapshot.settings.default_time_zone)
    by_scope_alone = scope.skill_ids is not None and query.skill_id is None and not exact
    return CallbackSelection(
        columns,
        _conditions(columns, query, zone, scope),
        [*exact, *_conditions(table, query, zone, scope)],
        sorted(scope.skill_ids or ()) if by_scope_alone else None,
    )


def _conditions(columns: Any, query: CallbackFilters, zone: ZoneInfo, scope: Scope) -> list[ColumnElement[bool]]:
    conditions = scope.of_skill(columns.skill_id)
    if query.skill_id is not None:
        conditions.append(columns.skill_id == query.skill_id)
    if query.campaign_id is not None:
        conditions.append(columns.campaign_id == query.campaign_id)
    if query.from_:
        conditions.append(columns.start_at >= instant_of("from", query.from_, zone))
    if query.to:
        conditions.append(columns.start_at < instant_of("to", query.to, zone, end=True))
    return conditions


def instant_of(name: str, text: str, zone: ZoneInfo, *, end: bool = False) -> datetime:
    """The instant a filter names (UTC); a date begins, or with `end` ends, in `zone`. Raises a validation error."""
    try:
        at = parse_iso(text if len(text) > len("2026-11-23") else f"{text}T00:00")
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise ValueError("a year that calendars do not agree on")
        if end and len(text) == len("2026-11-23"):
            at += timedelta(days=1)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput({name: ["Not a date such as 2026-11-23, nor an instant with offset."]}) from error


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
