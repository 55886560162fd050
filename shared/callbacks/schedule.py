"""Schedules: from a day's 48 capacities in local time to slots in UTC, across both DST days. Pure.

A local half hour that does not exist (spring) is no slot; one that happens twice (autumn) is one slot, the first time.
"""

import zoneinfo
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# The rules are those of the locked tzdata package, the same on every node: ZoneInfo would ask the host's files first.
zoneinfo.reset_tzpath(to=())

HALF_HOUR_MINUTES = 30
HALF_HOUR = timedelta(minutes=HALF_HOUR_MINUTES)
HALF_HOURS_PER_DAY = 48
MINUTES_PER_DAY = 24 * 60
MINUTE = timedelta(minutes=1)
MAX_CAPACITY = 9999

_TIMES = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))


@dataclass(frozen=True, slots=True)
class ScheduledSlot:
    """30 minutes from `start` (aware, UTC) with room for `capacity` callbacks (at least 1).

    A callback may be due in its minutes `first_minute` to `last_minute`: all 30, but for a campaign's own window.
    """

    start: datetime
    capacity: int
    first_minute: int = 0
    last_minute: int = HALF_HOUR_MINUTES - 1

    @property
    def end(self) -> datetime:
        return self.start + HALF_HOUR

    @property
    def first(self) -> datetime:
        """The first minute in which a callback may be due."""
        return self.minute(self.first_minute)

    @property
    def last(self) -> datetime:
        """The last minute in which a callback may be due."""
        return self.minute(self.last_minute)

    def minute(self, number: int) -> datetime:
        return self.start + timedelta(minutes=number)

    def crosses(self, edges: Iterable[int], zone: ZoneInfo) -> bool:
        """Whether the clock of `zone` comes to one of the `edges` (minutes of the day) after the slot's first minute,
        or is set: what holds of its first minute then need not hold of the others."""
        begins, ends = (minute_of_day(at.astimezone(zone)) for at in (self.first, self.last))
        return ends - begins != self.last_minute - self.first_minute or any(begins < edge <= ends for edge in edges)

    def while_true(self, holds: Callable[[datetime], bool]) -> "ScheduledSlot | None":
        """The slot with those of its minutes of which `holds` is true, or None if there are none.

        Of minutes with a gap between them (a clock that is set back inside a slot) only the first run counts.
        """
        minutes = [minute for minute in range(self.first_minute, self.last_minute + 1) if holds(self.minute(minute))]
        if not minutes:
            return None
        run = next((at for at, minute in enumerate(minutes) if minute != minutes[0] + at), len(minutes))
        return replace(self, first_minute=minutes[0], last_minute=minutes[run - 1])


class NoSuchLocalTime(ValueError):
    """A local time that the clocks jump over."""


def minute_of_day(local: datetime) -> int:
    """Of a local time, from 00:00 on."""
    return local.hour * 60 + local.minute


def clock_text(minute: int) -> str:
    """A minute of the day as `HH:MM`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive local time; the first of two. Raises NoSuchLocalTime for one that is skipped."""
    utc = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != local:
        raise NoSuchLocalTime(f"{local.isoformat()} does not exist in {zone.key}")
    return utc


def slots_of_day(day: date, capacities: Sequence[int], zone: ZoneInfo) -> tuple[ScheduledSlot, ...]:
    """The slots of a local date, in order. `capacities` has 48 entries; 0 is no slot."""
    slots = []
    for at, capacity in zip(_TIMES, capacities, strict=True):
        if capacity <= 0:
            continue
        try:
            start = instant(datetime.combine(day, at), zone)
        except NoSuchLocalTime:
            continue
        slots.append(ScheduledSlot(start, capacity))
    return tuple(slots)


def slot_start(at: datetime, zone: ZoneInfo) -> datetime | None:
    """The start (UTC) of the half hour that holds the aware instant `at`.

    None when `at` lies in the second pass of a repeated hour, which no slot covers.
    """
    at = at.astimezone(UTC)
    # Where the clocks change at a quarter to (Chatham), a slot may begin by the old time and `at` be shown by the new.
    for shown_by in (at, at - HALF_HOUR):
        local = at + _offset(shown_by, zone)
        floor = local.replace(tzinfo=None, minute=local.minute - local.minute % 30, second=0, microsecond=0)
        try:
            start = instant(floor, zone)
        except NoSuchLocalTime:
            continue
        if start <= at < start + HALF_HOUR:
            return start
    return None


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).replace(tzinfo=None) - at.replace(tzinfo=None)
