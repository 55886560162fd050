"""Time ranges of lists, bulk actions, counts and reports, decided here for all of them.

A date, `today` and a time without an offset are local to each row: they mean the zone in which the row is shown, which
is its slot's. A time with an offset is an instant, the same for every row.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_

from services.admin_api.framework.fields import FIRST_YEAR, LAST_YEAR, no_default
from shared.clock import parse_iso
from shared.errors import InvalidInput
from shared.web.schemas import Length, Text

TODAY = "today"
OF_ITS_SLOT = "a date (of the slot's own zone), `today` (there), or an instant with offset"
OF_THE_SYSTEM = "a date or `today` (of the default time zone), or an instant with offset"
_DATE_LENGTH = len("2026-11-23")

Bound = Callable[[ZoneInfo], datetime]
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class TimeRange:
    """What begins at `first` or later, and before `last`; None bounds nothing."""

    first: Bound | None = None
    last: Bound | None = None

    @classmethod
    def of(cls, from_: str | None, to: str | None, now: datetime) -> "TimeRange":
        """The range of a filter's texts; a date in `to` is meant to its end. Raises a validation error."""
        return cls(_bound("from", from_, now, days=0) if from_ else None, _bound("to", to, now, days=1) if to else None)

    def within(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """Both bounds (UTC) for the rows of a zone."""
        return self.first and self.first(zone), self.last and self.last(zone)

    def in_zone(self, at: Any, zone: ZoneInfo) -> list[Condition]:
        """The range as conditions on the column `at` of rows that are all of one zone."""
        return _between(at, *self.within(zone))

    def filled(self, first: datetime, last: datetime) -> "TimeRange":
        """With these instants where there is no bound."""
        return replace(self, first=self.first or (lambda _: first), last=self.last or (lambda _: last))

    def conditions(
        self, at: Any, zones: Iterable[ZoneInfo], of_zones: Callable[[Sequence[str]], Condition]
    ) -> list[Condition]:
        """The range as conditions on the column `at` of rows in one of `zones`.

        Where the zones differ, an index is sought by their earliest and latest bounds, and `of_zones` (whether a row's
        zone is one of these) tells the rows between them apart.
        """
        spans: dict[tuple[datetime | None, datetime | None], list[str]] = {}
        for zone in sorted(zones, key=str):
            spans.setdefault(self.within(zone), []).append(zone.key)
        firsts = [first for first, _ in spans if first is not None]
        lasts = [last for _, last in spans if last is not None]
        widest = _between(at, min(firsts, default=None), max(lasts, default=None))
        if len(spans) <= 1:
            return widest
        each = (and_(of_zones(names), *_between(at, first, last)) for (first, last), names in spans.items())
        return [*widest, or_(*each)]


def bound_field(description: str, data_key: str | None = None) -> Text:
    """The parameter `from` or `to`."""
    return Text(
        data_key=data_key,
        load_default=no_default,
        validate=Length(len(TODAY), 40),
        metadata={"description": description},
    )


def _between(at: Any, first: datetime | None, last: datetime | None) -> list[Condition]:
    return [*([at >= first] if first else []), *([at < last] if last else [])]


def _bound(name: str, text: str, now: datetime, *, days: int) -> Bound:
    """`days` are added to a date."""
    if text == TODAY:
        return lambda zone: _utc(datetime.combine(now.astimezone(zone) + timedelta(days=days), time.min), zone)
    is_date = len(text) <= _DATE_LENGTH
    try:
        at = parse_iso(f"{text}T00:00" if is_date else text)
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise ValueError("a year that calendars do not agree on")
    except (ValueError, OverflowError) as error:
        raise InvalidInput({name: ["Not a date such as 2026-11-23, nor an instant with offset."]}) from error
    if is_date:
        at += timedelta(days=days)
    return lambda zone: _utc(at, zone)


def _utc(at: datetime, zone: ZoneInfo) -> datetime:
    """A time without an offset is the zone's own; one that the clocks jump over is when they do."""
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
