"""The only place that asks what time it is.

Every operation reads the clock once and passes `now` down, aware and in UTC. Short durations within a process use
`time.monotonic`; what must not outlive a suspension of the machine (the lease, and all that the worker counts) uses
`boottime`.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
SteadyClock = Callable[[], float]


def utcnow() -> datetime:
    """The current instant, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def boottime() -> float:
    """Seconds that no change of the wall clock moves, and that go on while the machine is suspended.

    `time.monotonic` (CLOCK_MONOTONIC) stands still meanwhile. Where a hypervisor pauses a guest, both may.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME)
