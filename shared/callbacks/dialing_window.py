"""When UCCE dials the contacts of a campaign: its first and last day, and the hours of each day. Pure.

The hours count in the contact's own time (ucce/REFERENCE.md 1.3), which is the customer's zone (calling_hours.py): the
bias of an import says so (time_zone_bias.py). The days count in the campaign's zone, and so do the hours of a contact
whose zone no bias says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from shared.callbacks.schedule import MINUTES_PER_DAY, ScheduledSlot, clock_text, minute_of_day
from shared.callbacks.time_zone_bias import utc_bias
from shared.callbacks.windows_zones import WINDOWS_ZONES

_NAMES = ("startTime", "endTime", "startDate", "endDate", "timeZone")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True)
class DialingWindow:
    """`opens` is the first minute of the day in which UCCE dials, `closes` the first in which it does not any more."""

    opens: int = 0
    closes: int = MINUTES_PER_DAY
    first_day: date = date.min
    last_day: date = date.max
    time_zone: str = "UTC"  # IANA

    @classmethod
    def of(cls, parameters: Mapping[str, Any], observed: Mapping[str, Any] | None = None) -> "DialingWindow":
        """The window of a campaign's parameters, in Cisco's names; else what UCCE was seen to have.

        What neither says bounds nothing. 23:59 is the latest end that UCCE takes, and its end when none is said. From
        00:00 until 23:59 is all day: what is due in the last minute is dialled in the next one, at 00:00.
        """
        values = {name: parameters.get(name) or (observed or {}).get(name) for name in _NAMES}
        opens, closes = _minute(values["startTime"], 0), _minute(values["endTime"], MINUTES_PER_DAY - 1)
        return cls(
            opens=opens,
            closes=MINUTES_PER_DAY if opens == 0 and closes == MINUTES_PER_DAY - 1 else closes,
            first_day=_day(values["startDate"], date.min),
            last_day=_day(values["endDate"], date.max),
            time_zone=WINDOWS_ZONES.get(values["timeZone"] or "UTC", "UTC"),
        )

    @cached_property
    def always(self) -> bool:
        """Whether UCCE dials at any time."""
        return self.all_day and self.first_day == date.min and self.last_day == date.max

    def __str__(self) -> str:
        """In words, for people."""
        hours = "at any hour" if self.all_day else f"from {clock_text(self.opens)} until {clock_text(self.closes)}"
        first = f", from {self.first_day.isoformat()} on" if self.first_day > date.min else ""
        last = f", until {self.last_day.isoformat()}" if self.last_day < date.max else ""
        return hours + first + last

    @property
    def all_day(self) -> bool:
        return self.opens == 0 and self.closes >= MINUTES_PER_DAY

    def touches(self, day: date) -> bool:
        """Whether UCCE may dial on a local date of any zone."""
        return day + timedelta(days=1) >= self.first_day and day - timedelta(days=1) <= self.last_day

    def dials_at(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether UCCE dials a contact of `zone` at an aware instant."""
        if not self.first_day <= at.astimezone(ZoneInfo(self.time_zone)).date() <= self.last_day:
            return False
        return self.all_day or self.opens <= minute_of_day(at.astimezone(self._hours_zone(at, zone))) < self.closes

    def clipped(self, slot: ScheduledSlot, zone: ZoneInfo) -> ScheduledSlot | None:
        """`slot` with the minutes in which UCCE dials a contact of `zone`, or None if there are none."""
        if not self._changes_within(slot, zone):
            return slot if self.dials_at(slot.first, zone) else None
        return slot.while_true(lambda at: self.dials_at(at, zone))

    def _hours_zone(self, at: datetime, zone: ZoneInfo) -> ZoneInfo:
        """By whose clock the hours count for a contact of `zone`."""
        return ZoneInfo(self.time_zone) if utc_bias(zone, at) is None else zone

    def _changes_within(self, slot: ScheduledSlot, zone: ZoneInfo) -> bool:
        """Whether some minutes of the slot may be in the window and others not: saves asking of each."""
        own = ZoneInfo(self.time_zone)
        if slot.first.astimezone(own).date() != slot.last.astimezone(own).date():
            return True
        begins, ends = (self._hours_zone(at, zone) for at in (slot.first, slot.last))
        return begins is not ends or slot.crosses((self.opens, self.closes), begins)


ALWAYS = DialingWindow()


def _minute(text: str | None, otherwise: int) -> int:
    """Of `HH:MM`; what UCCE shows in another form says nothing."""
    return int(text[:2]) * 60 + int(text[3:]) if text and _CLOCK.fullmatch(text) else otherwise


def _day(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        return otherwise
