"""The worker in a process of its own that kills itself at a named checkpoint: `CM_TEST_CRASH_AT=claimed`.

`CM_TEST_CRASH_AT=answered:3` means the third time. The names are those of `Checkpoint` in services/dialer_sync.
At CM_TEST_STOP_AT it stops itself (SIGSTOP) instead. CM_TEST_CLOCK names a file with the seconds by which its wall
clock is ahead; CM_TEST_STEADY_CLOCK one with the seconds for which its monotonic clock has stood still.
"""

import itertools
import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path

from shared import clock

_utcnow, _boottime = clock.utcnow, clock.boottime
_ahead, _stood_still = os.environ.get("CM_TEST_CLOCK"), os.environ.get("CM_TEST_STEADY_CLOCK")
# Both are replaced before other modules import them by name.
if _ahead:
    _ahead_file = Path(_ahead)
    clock.utcnow = lambda: _utcnow() + timedelta(seconds=float(_ahead_file.read_text()))
if _stood_still:
    _stood_still_file = Path(_stood_still)
    clock.boottime = lambda: _boottime() - float(_stood_still_file.read_text())

from services.dialer_sync.__main__ import main  # noqa: E402
from services.dialer_sync.handover.batch_store import Checkpoint  # noqa: E402


def signalling(point: str, number: signal.Signals) -> Checkpoint:
    """A checkpoint that sends this process a signal at `point` (`name`, or `name:times`)."""
    name, _, times = point.partition(":")
    visits = itertools.count(1)

    def reached(here: str) -> None:
        if here == name and next(visits) == int(times or 1):
            signal.pthread_kill(
                threading.get_ident(), number
            )  # to this thread: it does not run on until the signal is delivered

    return reached


if __name__ == "__main__":
    crash = signalling(os.environ.get("CM_TEST_CRASH_AT", ""), signal.SIGKILL)
    stop = signalling(os.environ.get("CM_TEST_STOP_AT", ""), signal.SIGSTOP)

    def checkpoint(here: str) -> None:
        crash(here)
        stop(here)

    sys.exit(main([], checkpoint))
