"""The business settings: kept in the database, changed in the portal, the same on every node."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class BusinessSettings:
    """Defaults that work. A name here is the name in the table `setting`."""

    # booking
    minimum_notice_minutes: int = 15
    booking_horizon_days: int = 14
    default_region: str = "US"  # ISO 3166, for numbers without a country code
    allowed_countries: tuple[str, ...] = ("US", "CA")  # empty: all
    open_callbacks_per_number: int = 1
    default_time_zone: str = "America/Chicago"  # for a skill that has no schedule yet
    # handing over
    expire_minutes: int = 60  # after the end of its slot an undelivered callback expires
    # brakes
    accept_bookings: bool = True
    hand_over: bool = True

    @classmethod
    def from_rows(cls, rows: Mapping[str, Any]) -> "BusinessSettings":
        """The settings with what the table says; names this version does not know are left alone."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in rows.items() if name in known}
        if "allowed_countries" in values:
            values["allowed_countries"] = tuple(values["allowed_countries"])
        return cls(**values)
