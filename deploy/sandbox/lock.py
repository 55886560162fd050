"""One running system per var directory."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process runs a system from this directory; the text is for the person at the terminal."""


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold the lock of `var`. Raises AlreadyRunning when another process holds it."""
    path = var / "run" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(
                f"A system is already running from {var} (process {file.read().strip() or 'unknown'}). "
                "Stop it first, or start a second one beside it with CM_VAR_DIR and other ports."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
