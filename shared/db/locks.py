"""SQLite only: writers queue here instead of in SQLite's busy handler.

The busy handler sleeps and retries, so a writer can be overtaken for seconds. A thread lock in the process and a
file lock between processes hand the turn on at once; the kernel frees the file lock of a process that dies.
"""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WriteQueueTimeout(Exception):
    """The turn to write did not come in time."""


class WriteQueue:
    """One per database file and process; `timeout` is in seconds."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._file = path.open("a")
        self._threads = threading.Lock()
        self._timeout = timeout

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the right to write. Raises WriteQueueTimeout."""
        deadline = time.monotonic() + self._timeout
        if not self._threads.acquire(timeout=self._timeout):
            raise WriteQueueTimeout
        try:
            self._lock_file(deadline)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def _lock_file(self, deadline: float) -> None:
        # A blocking flock cannot time out, so a stopped process that holds it would hang us: try, then wait shortly.
        pause = 0.0002
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise WriteQueueTimeout from None
                time.sleep(pause)
                pause = min(pause * 1.5, 0.002)
            else:
                return

    def close(self) -> None:
        self._file.close()
