"""The clock changes of all time zones, computed from the zones' offsets."""

import functools
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import shared.callbacks.schedule  # noqa: F401  makes the packaged zone rules the ones that are asked

YEARS = (2026, 2027)
ZONES = tuple(sorted(zoneinfo.available_timezones()))

_MINUTE = timedelta(minutes=1)


@functools.cache
def changes(zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants (UTC) of YEARS at which the offset changes, to the minute."""
    at, end = datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[-1] + 1, 1, 1, tzinfo=UTC)
    found = []
    while at < end:
        later = at + timedelta(days=5)
        if _offset(at, zone) != _offset(later, zone):
            found.append(_narrowed(at, later, zone))
        at = later
    return tuple(found)


def days_of_change(zone: ZoneInfo) -> list[date]:
    """The local dates that a change touches, and the days around them."""
    dates = {at.astimezone(zone).date() for at in changes(zone)}
    return sorted({day + timedelta(days=offset) for day in dates for offset in (-1, 0, 1)})


def first_passes(day: date, zone: ZoneInfo) -> dict[datetime, datetime]:
    """Each minute of wall time on a local date, and the first instant (UTC) at which clocks show it.

    Computed minute by minute, without the code under test.
    """
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=20)
    shown: dict[datetime, datetime] = {}
    for _ in range(64 * 60):
        wall = at.astimezone(zone).replace(tzinfo=None, fold=0)
        if wall.date() == day:
            shown.setdefault(wall, at)
        at += _MINUTE
    return shown


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _narrowed(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    while after - before > _MINUTE:
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= before:
            break
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return after


@functools.cache
def kinds_of_change() -> tuple[str, ...]:
    """One zone for each distinct way in which clocks change."""
    kinds: dict[tuple[tuple[datetime, timedelta | None], ...], str] = {}
    for name in ZONES:
        zone = ZoneInfo(name)
        kinds.setdefault(tuple((at, _offset(at, zone)) for at in changes(zone)), name)
    return tuple(kinds.values())
