"""The worker in a process of its own that kills itself at a named point: `CM_TEST_CRASH_AT=claimed`.

`CM_TEST_CRASH_AT=answered:3` means the third time. The points are those of `Checkpoint` in services/dialer_sync.
CM_TEST_CLOCK names a file with the seconds by which this process's wall clock is ahead.
"""

import itertools
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from shared import clock

_right, _off = clock.utcnow, os.environ.get("CM_TEST_CLOCK")
if _off:
    clock.utcnow = lambda: (
        _right() + timedelta(seconds=float(Path(_off).read_text()))
    )  # before anybody takes it by name

from services.dialer_sync.__main__ import main  # noqa: E402
from services.dialer_sync.batches import Checkpoint  # noqa: E402


def crasher(point: str) -> Checkpoint:
    """A checkpoint that kills this process at `point` (`name`, or `name:times`)."""
    name, _, times = point.partition(":")
    visits = itertools.count(1)

    def crash(here: str) -> None:
        if here == name and next(visits) == int(times or 1):
            os.kill(os.getpid(), signal.SIGKILL)

    return crash


if __name__ == "__main__":
    sys.exit(main([], crasher(os.environ.get("CM_TEST_CRASH_AT", ""))))
