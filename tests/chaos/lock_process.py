"""`python -m tests.chaos.lock_process DATABASE SECONDS sqlite|queue`: a process that holds the database for a while."""

import fcntl
import sqlite3
import sys
import threading
from pathlib import Path


def main() -> None:
    database, seconds, how = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    ended = threading.Event()
    if how == "queue":
        with Path(f"{database}.write-lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            ended.wait(seconds)
        return
    connection = sqlite3.connect(database, timeout=10, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        sys.exit(f"could not be locked: {error}")
    ended.wait(seconds)
    connection.execute("ROLLBACK")


if __name__ == "__main__":
    main()
