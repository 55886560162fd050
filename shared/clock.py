"""The only place that asks what time it is.

Every operation reads the clock once and passes `now` down, aware and in UTC; durations use `time.monotonic`.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utcnow() -> datetime:
    """The current instant, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)
