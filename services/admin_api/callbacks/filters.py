"""Which callbacks a filter of the portal means, as conditions that seek in an index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from services.admin_api.framework.fields import FIRST_YEAR, LAST_YEAR
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.lookup import plain_account_number
from shared.callbacks.rules import phone_to_search
from shared.clock import parse_iso
from shared.db.models import Callback
from shared.errors import Code, DomainError, InvalidInput

OF_ONE_NUMBER = 1_000  # callbacks of one phone number that are looked at, the newest ones


@dataclass(frozen=True, slots=True)
class CallbackConditions:
    """What a filter selects but for the states: conditions on `columns`, which may be those of one number only.

    `repeated` are the same conditions on the table itself, for an UPDATE of callbacks that were chosen by them.
    """

    columns: Any
    conditions: Sequence[ColumnElement[bool]]
    repeated: Sequence[ColumnElement[bool]]


def conditions_of(snapshot: ConfigSnapshot, asked: Mapping[str, Any]) -> CallbackConditions | None:
    """What a filter (CallbackFilterSchema, perhaps with `q`) selects; None when nothing can meet it.

    Raises validation errors, `invalid_phone`.
    """
    try:
        exact = _exact(snapshot, asked)
    except DomainError as error:
        if error.code is Code.INVALID_PHONE and asked.get("phone"):
            raise
        return None
    columns: Any = _of_number(exact) if exact else Callback.__table__.c
    zone = ZoneInfo(snapshot.settings.default_time_zone)
    return CallbackConditions(
        columns, _conditions(columns, asked, zone), [*exact, *_conditions(Callback.__table__.c, asked, zone)]
    )


def _conditions(columns: Any, asked: Mapping[str, Any], zone: ZoneInfo) -> list[ColumnElement[bool]]:
    conditions = [columns[name] == asked[name] for name in ("skill_id", "campaign_id") if asked.get(name) is not None]
    if asked.get("from_"):
        conditions.append(columns.start_at >= instant_of("from", asked["from_"], zone))
    if asked.get("to"):
        conditions.append(columns.start_at < instant_of("to", asked["to"], zone, end=True))
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


def _exact(snapshot: ConfigSnapshot, asked: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Conditions that leave a handful of callbacks: an account number, a phone number, or either in `q`."""
    exact = []
    if asked.get("account_number"):
        exact.append(Callback.account_number == plain_account_number(asked["account_number"].strip()))
    if asked.get("phone"):
        exact.append(Callback.phone == phone_to_search(snapshot.settings, asked["phone"]))
    if asked.get("q"):
        text = asked["q"].strip()
        try:
            exact.append(Callback.account_number == plain_account_number(text))
        except DomainError:
            exact.append(Callback.phone == phone_to_search(snapshot.settings, text))
    return exact


def _of_number(exact: Sequence[ColumnElement[bool]]) -> Any:
    """The newest callbacks of a number, as a table of their own: else a planner may prefer the index of the states."""
    newest = select(Callback.__table__).where(*exact).order_by(Callback.created_at.desc()).limit(OF_ONE_NUMBER)
    return newest.subquery().c
