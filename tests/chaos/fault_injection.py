"""Faults inside of a process, at moments that no signal from outside can hit exactly.

A test arms one fault with a file `<name>` in the directory CHAOS_CONTROL; the first process that reaches the checkpoint
`name` removes the file and executes the fault: kill, stop, term (signals to itself), kill-soon (while its next call is
under way), drop (the database connection breaks inside the transaction), lost-commit (committed, but the answer is
lost).
"""

import json
import os
import signal
import sqlite3
import threading
from pathlib import Path
from typing import Any

from sqlalchemy.engine import default
from sqlalchemy.exc import OperationalError

_SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP, "term": signal.SIGTERM}
_losing = threading.local()


def control_directory() -> Path:
    return Path(os.environ["CHAOS_CONTROL"])


def arm(directory: Path, name: str, effect: str) -> Path:
    """Arm one fault at the checkpoint `name`; returns the file, which is removed when the fault strikes."""
    path = directory / name
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"effect": effect}))
    draft.rename(path)
    return path


def checkpoint(name: str) -> None:
    """The worker's hook: execute the fault that is armed at this checkpoint."""
    effect = _taken(name.replace(" ", "-"))
    if effect in _SIGNALS:
        os.kill(os.getpid(), _SIGNALS[effect])
    elif effect == "kill-soon":
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGKILL)).start()
    elif effect == "drop":
        raise connection_lost()
    elif effect == "lost-commit":
        _losing.next = True


def lose_commits(name: str | None = None) -> None:
    """Install the fault of lost commits: armed by a checkpoint, or by the name `name` for any commit of this
    process.
    """
    dialect: Any = default.DefaultDialect
    commit = dialect.do_commit

    def do_commit(self: Any, connection: Any) -> None:
        lose = getattr(_losing, "next", False) or (name is not None and _taken(name) == "lost-commit")
        _losing.next = False
        commit(self, connection)
        if lose:
            raise sqlite3.OperationalError("disk I/O error")

    dialect.do_commit = do_commit


def clock_is_off() -> int:
    """Seconds by which this process's wall clock is wrong: the content of the file named by CHAOS_CLOCK."""
    return int(Path(os.environ["CHAOS_CLOCK"]).read_text())


def connection_lost() -> Exception:
    return OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))


def _taken(name: str) -> str:
    """Take the fault that is armed at `name`; an empty string when there is none or another process took it first."""
    path = control_directory() / name
    if not path.exists():
        return ""
    mine = path.with_suffix(f".{os.getpid()}")
    try:
        path.rename(mine)
    except FileNotFoundError:
        return ""
    return str(json.loads(mine.read_text())["effect"])
