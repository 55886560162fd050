"""What breaks a process from inside, at a moment that no signal from outside could meet.

A test arms one blow by a file `<name>` in the directory CHAOS_CONTROL; the first process that comes to the point takes
the file away and strikes. Blows: kill, stop, term (signals to itself), kill-soon (while its next call is under way),
drop (the connection to the database breaks inside the transaction), lost-commit (the commit is done, its answer lost).
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


def arm(directory: Path, name: str, blow: str) -> Path:
    """Prepare one blow at the point `name`; gives the file that vanishes when it was struck."""
    path = directory / name
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"blow": blow}))
    draft.rename(path)
    return path


def checkpoint(name: str) -> None:
    """The worker's hook: strike when this point is armed."""
    blow = _taken(name.replace(" ", "-"))
    if blow in _SIGNALS:
        os.kill(os.getpid(), _SIGNALS[blow])
    elif blow == "kill-soon":
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGKILL)).start()
    elif blow == "drop":
        raise connection_lost()
    elif blow == "lost-commit":
        _losing.next = True


def lose_commits(name: str | None = None) -> None:
    """Let commits of this process be lost when asked: after a checkpoint, or by the point `name` at any commit."""
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
    """The blow armed at `name`, taken away; an empty string when there is none, or another process was quicker."""
    path = control_directory() / name
    if not path.exists():
        return ""
    mine = path.with_suffix(f".{os.getpid()}")
    try:
        path.rename(mine)
    except FileNotFoundError:
        return ""
    return str(json.loads(mine.read_text())["blow"])
