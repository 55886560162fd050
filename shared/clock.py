"""The only place that reads the wall clock.

Every operation reads the clock once and passes `now` down, aware and in UTC. Short durations within a process use
`time.monotonic`; what must not outlive a suspension of the machine (the lease, and all that the worker counts) uses
`boottime`.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
SteadyClock = Callable[[], float]

# A calendar or week date and a time to the minute at least, extended or basic; local without an offset. fromisoformat
# alone accepts more: it reads 09.10 as six minutes past nine, +05:60 as +06:00, and nothing after a NUL.
_ISO = re.compile(
    r"(?:\d{4}-\d\d-\d\d|\d{8}|\d{4}-W\d\d-\d|\d{4}W\d{3})[T ]"
    r"(?:\d\d:\d\d(?::\d\d(?:[.,]\d{1,12})?)?|\d{4}(?:\d\d(?:[.,]\d{1,12})?)?)"
    r"(?: ?(?:Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)| (?P<lost_plus>(?:[01]\d|2[0-3]):?[0-5]\d))?",
    re.ASCII | re.IGNORECASE,
)


def utcnow() -> datetime:
    """The current instant, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def boottime() -> float:
    """Seconds that no change of the wall clock moves, and that go on while the machine is suspended.

    `time.monotonic` (CLOCK_MONOTONIC) stands still meanwhile. Where a hypervisor pauses a guest, both may.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def parse_iso(text: str) -> datetime:
    """The date and time in an ISO 8601 text: aware if it has an offset, else naive. Raises ValueError.

    The + of an offset that was sent unescaped in a query or a form arrives as a space.
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError("not an ISO 8601 date and time")
    if match["lost_plus"]:
        text = f"{text[: match.start('lost_plus') - 1]}+{match['lost_plus']}"
    return datetime.fromisoformat(text.upper())
