"""Where numbers lie, by a table of ours and not by the product's library: prefix, further digits, and the zones of the
place. What the clock shows there is zoneinfo's."""

from collections.abc import Sequence
from datetime import datetime, time
from random import Random
from zoneinfo import ZoneInfo

# One zone each; two for prefixes of places that are divided. Toll-free numbers lie nowhere.
PLACES: Sequence[tuple[str, int, tuple[str, ...]]] = (
    ("+13122", 6, ("America/Chicago",)),
    ("+12122", 6, ("America/New_York",)),
    ("+13032", 6, ("America/Denver",)),
    ("+16022", 6, ("America/Phoenix",)),  # no summer time
    ("+12132", 6, ("America/Los_Angeles",)),
    ("+18082", 6, ("Pacific/Honolulu",)),
    ("+13062", 6, ("America/Regina",)),  # no summer time
    ("+17092", 6, ("America/Halifax", "America/St_Johns")),  # Labrador, Newfoundland
    ("+1208320", 4, ("America/Boise", "America/Los_Angeles")),  # Idaho
    ("+4930", 8, ("Europe/Berlin",)),
    ("+44207946", 4, ("Europe/London",)),
    ("+551132", 6, ("America/Sao_Paulo",)),
    ("+911123", 6, ("Asia/Kolkata",)),
    ("+97714", 6, ("Asia/Kathmandu",)),
    ("+8133456", 4, ("Asia/Tokyo",)),
    ("+61292", 6, ("Australia/Sydney",)),
    ("+6188", 7, ("Australia/Adelaide", "Australia/Perth")),
    ("+6493", 6, ("Pacific/Auckland",)),
    ("+1800255", 4, ()),
)


def random_number(chance: Random) -> tuple[str, tuple[str, ...]]:
    """A number, and the zones of its place."""
    prefix, digits, zones = chance.choice(PLACES)
    return f"{prefix}{chance.randrange(10**digits):0{digits}}", zones


def is_within(at: datetime, zones: Sequence[str], opens: str, closes: str) -> bool:
    """Whether clocks in all the zones show a time from `opens` until before `closes`."""
    first, end = time.fromisoformat(opens), None if closes == "24:00" else time.fromisoformat(closes)
    clocks = [at.astimezone(ZoneInfo(zone)).time() for zone in zones]
    return all(first <= clock and (end is None or clock < end) for clock in clocks)
