"""Calling hours: between which hours of the day a campaign calls, as the clock shows where the called party is. Pure.

The law's and courtesy's hours, set per campaign; when UCCE itself dials is another thing (dialing_window.py). Where a
party is, tell the prefix of the number and, when it is given, the stated zone. Where that may be several zones, the
time must lie within the hours in all of them. A number that tells nothing (phone.time_zones) and states nothing is
taken to be in its pool's zone.
"""

import functools
import zoneinfo
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.callbacks.schedule import MINUTES_PER_DAY, ScheduledSlot, clock_text, minute_of_day
from shared.phone import time_zones


@dataclass(frozen=True, slots=True)
class CallingHours:
    """`opens` is the first minute of the local day in which may be called, `closes` the first in which not any more."""

    opens: int = 8 * 60
    closes: int = 21 * 60

    @classmethod
    def of(cls, start: str, end: str) -> "CallingHours":
        """From two times such as `08:00`; `24:00` is the end of the day."""
        return cls(_minute(start), _minute(end))

    def __str__(self) -> str:
        return f"from {self.start} until {self.end}"

    @property
    def start(self) -> str:
        """The time that `of` takes."""
        return clock_text(self.opens)

    @property
    def end(self) -> str:
        """The time that `of` takes."""
        return clock_text(self.closes)

    def include(self, local: datetime) -> bool:
        """Whether may be called at a local time."""
        return self.opens <= minute_of_day(local) < self.closes

    @property
    def all_day(self) -> bool:
        return self.opens == 0 and self.closes >= MINUTES_PER_DAY


ALL_DAY = CallingHours(0, MINUTES_PER_DAY)


@dataclass(frozen=True, slots=True)
class CalledParty:
    """Where a called party may be (`zones`, one at least), and the campaign's calling hours.

    `zone` is the customer's zone: the one that is shown, and that UCCE is told. `known` is false when neither the
    number nor anybody tells a zone, and `zones` is the pool's.
    """

    hours: CallingHours
    zones: tuple[ZoneInfo, ...]
    zone: ZoneInfo
    known: bool

    @classmethod
    def of(cls, hours: CallingHours, pool_zone: ZoneInfo, phone: str | None, stated: str | None) -> "CalledParty":
        """The party of a number (E.164) and of a stated zone (IANA), of which one or both may be missing."""
        names = {*(time_zones(phone) if phone else ()), *([stated] if stated else ())}
        zones = tuple(ZoneInfo(name) for name in sorted(names)) or (pool_zone,)
        zone = ZoneInfo(stated) if stated else pool_zone if pool_zone in zones else zones[0]
        return cls(hours, zones, zone, bool(names))

    @classmethod
    def stored(
        cls, hours: CallingHours, pool_zone: ZoneInfo, calling_zones: str | None, zone: str | None = None
    ) -> "CalledParty":
        """The party of a callback's columns."""
        zones = tuple(ZoneInfo(name) for name in calling_zones.split(",")) if calling_zones else (pool_zone,)
        return cls(hours, zones, ZoneInfo(zone) if zone else zones[0], bool(calling_zones))

    @property
    def columns(self) -> dict[str, str | None]:
        """What a callback keeps of it: nothing when nothing is known, so that its pool's zone counts as it then is."""
        zones = ",".join(zone.key for zone in self.zones)
        return {
            "calling_zones": zones if self.known else None,
            "customer_time_zone": self.zone.key if self.known else None,
        }

    def may_be_called(self, at: datetime) -> bool:
        """Whether an aware instant lies within the hours in every zone."""
        return all(self.hours.include(at.astimezone(zone)) for zone in self.zones)

    def clipped(self, slot: ScheduledSlot) -> ScheduledSlot | None:
        """`slot` with the minutes in which may be called, or None if there are none."""
        if self.hours.all_day:
            return slot
        if not any(slot.crosses((self.hours.opens, self.hours.closes), zone) for zone in self.zones):
            return slot if self.may_be_called(slot.first) else None
        return slot.while_true(self.may_be_called)

    def refusal(self, at: datetime) -> str:
        """Why `at` may not be called, for a person."""
        times = {zone.key: at.astimezone(zone) for zone in self.zones}
        place, local = next((place, local) for place, local in times.items() if not self.hours.include(local))
        return f"It is {local:%H:%M} then in {place}, where this number may be; calls are made {self.hours} local time."


def zone_named(name: str) -> str | None:
    """An IANA zone by its name in any case, or None."""
    return _zone_names().get(name.casefold())


@functools.cache
def _zone_names() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones()}


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
