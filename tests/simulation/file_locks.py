"""The writers' file lock without polling: waiters are woken by the release instead of trying every two milliseconds.

With polling a slow transaction made its waiters try thousands of times, each a step of the scheduler. A waiter still
takes the lock at the moment at which its next try would have been, on its own grid of POLL_SECONDS.
"""

import fcntl
import math
from typing import Any

from tests.simulation.active import ACTIVE
from tests.simulation.threads import Event
from tests.simulation.virtual import MIN_SLEEP_SECONDS, TIME

GRID = MIN_SLEEP_SECONDS  # seconds between two tries, in place of the product's POLL_SECONDS

_waiting: list[Event] = []


def locked(file: Any, deadline: float) -> bool:
    """In place of `shared.db.sqlite_write_queue._locked`: lock a file; False when that could not be done in time."""
    began = None
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            left = deadline - TIME.monotonic()
            if left <= 0:
                return False
            scheduler = ACTIVE.get()
            began = scheduler.now if began is None else began
            _await_release(left)
            since = scheduler.now - began
            scheduler.sleep(max(0.0, math.floor(since / GRID + 1) * GRID - since))
        else:
            return True


def _await_release(seconds: float) -> None:
    event = Event()
    _waiting.append(event)
    try:
        event.wait(seconds)
    finally:
        if event in _waiting:
            _waiting.remove(event)


def released() -> None:
    """Wake the waiters: a lock may be free now."""
    events = _waiting[:]
    _waiting.clear()
    for event in events:
        event.set()


class Fcntl:
    """In place of the module `fcntl`."""

    def __getattr__(self, name: str) -> Any:
        return getattr(fcntl, name)

    def flock(self, file: Any, operation: int) -> None:
        fcntl.flock(file, operation)
        if operation == fcntl.LOCK_UN and ACTIVE.scheduler is not None:
            released()
