"""The database of a run: SQLite in memory (a file on tmpfs), real SQLAlchemy, a point before each statement and commit.

Engines are built once a process and used by run after run: building them and compiling their statements costs more
than a run. A commit may be done and its answer lost; a statement may meet a conflict or a server that is gone.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import PoolProxiedConnection, event

from shared.db import migrate
from shared.db.session import Database
from shared.db.sqlite_write_queue import WriteQueue
from tests.simulation.active import ACTIVE
from tests.simulation.file_locks import released
from tests.support.configured_database import build_world

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday in winter, 09:00 in Chicago
TIMEOUT = 3.0
WATCHED = ("callback", "slot", "mastership")  # tables that the checks look at after each commit

# What a server says, in the shape that shared/db/error_classes.py knows it by.
CONFLICT = (
    "40001",
    "[40001] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]deadlock victim (1205) (SQLExecute)",
)
GONE = ("disk I/O error",)


def directory() -> Path:
    shm = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="cm-simulation-", dir=shm if os.access(shm, os.W_OK) else None))


class Databases:
    """The database file, its template, and an engine for each process that uses it."""

    def __init__(self) -> None:
        self.directory = directory()
        self.path = self.directory / "run.db"
        self._template = self.directory / "template.db"
        self._kept = self.directory / "kept.db"
        self._engines: dict[str, Database] = {}
        self.on_commit: Callable[[], None] | None = None
        self._touched: set[int] = set()  # connections that wrote watched tables since their last commit
        self._generation = 0  # grows when the file is put back; connections of an earlier one are broken
        self._generations: dict[int, int] = {}
        self.fault: Callable[[str], str | None] = lambda _kind: None
        with closing(Database(f"sqlite:///{self._template}")) as database:
            migrate.upgrade(database)
            build_world(database, now=START)

    def close(self) -> None:
        for database in self._engines.values():
            database.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def renew(self) -> None:
        """Reset the database to the template: configured, without callbacks."""
        for database in self._engines.values():
            database.engine.dispose()
        self.copy(self._template)

    def keep(self) -> None:
        """Keep a copy of the committed state."""
        with closing(self.raw()) as source, closing(sqlite3.connect(self._kept)) as kept:
            source.backup(kept)

    def put_back(self) -> None:
        """Lose all that was committed since `keep`: a failover to a replica that lagged. Every connection breaks."""
        self.copy(self._kept)

    def copy(self, source: Path) -> None:
        """Put the database back to what `source` holds."""
        self._generation += 1
        for left in (f"{self.path}-wal", f"{self.path}-shm"):
            Path(left).unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)
        shutil.copyfile(source, self.path)

    def connect(self, place: str) -> Database:
        """The engine of a process that starts at `place`, without state of the previous process there."""
        database = self._engines.get(place)
        if database is None:
            database = self._engines[place] = Database(f"sqlite:///{self.path}", pool_size=40, timeout=TIMEOUT)
            self._watch(database)
            for engine in (database.engine, database._writer):  # rows are read by name, not by a statement's columns
                engine.update_execution_options(_result_disable_adapt_to_context=True)
        database.engine.dispose()
        if database._queue is not None:
            database._queue.close()
            released()
        database._queue = _Queue(Path(f"{self.path}.write-lock"), TIMEOUT / 2)
        return database

    def raw(self) -> sqlite3.Connection:
        """A plain connection for the checks, without the product's engine."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    def _watch(self, database: Database) -> None:
        @event.listens_for(database.engine, "connect")
        def virtual_clock(connection: Any, _record: Any) -> None:
            connection.create_function("strftime", 2, _strftime)
            self._generations[id(connection)] = self._generation

        @event.listens_for(database.engine, "do_connect")
        def keep_statements(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
            options["cached_statements"] = 1000  # prepared ones; a worker has more than the usual 128

        @event.listens_for(database.engine, "do_execute")
        def before(cursor: Any, statement: str, _parameters: Any, _context: Any) -> None:
            kind, detail, watched = _known(statement)
            self._point(kind, detail, cursor.connection)
            if watched:
                self._touched.add(id(cursor.connection))

        dialect = database.engine.dialect
        really = dialect.do_commit

        def do_commit(dbapi_connection: PoolProxiedConnection) -> None:
            raw = dbapi_connection.dbapi_connection
            lost = self._point("db.commit", "", raw)
            really(dbapi_connection)
            touched = id(raw) in self._touched
            self._touched.discard(id(raw))
            if touched and self.on_commit is not None and ACTIVE.node() is not None:
                self.on_commit()
            if lost == "lost":
                raise sqlite3.OperationalError(*GONE)

        dialect.do_commit = do_commit  # type: ignore[method-assign]  # of this engine's alone

    def _point(self, kind: str, detail: str, connection: object) -> str | None:
        if ACTIVE.node() is None:
            return None
        ACTIVE.get().point(kind, detail)
        fault = self.fault(kind)
        if fault == "conflict":
            raise sqlite3.OperationalError(*CONFLICT)
        if fault == "gone" or self._generations.get(id(connection)) != self._generation:
            raise sqlite3.OperationalError(*GONE)
        return fault


@lru_cache(maxsize=4096)
def _known(statement: str) -> tuple[str, str, bool]:
    """The kind of a statement's point, its first words, and whether it writes a watched table."""
    verb = statement.lstrip()[:6].upper()
    kind = {"SELECT": "db.read", "BEGIN ": "db.begin"}.get(verb, "db.write")
    watched = verb != "SELECT" and any(table in statement for table in WATCHED)
    return kind, " ".join(statement.split()[:3]), watched


class _Queue(WriteQueue):
    """The write queue with a scheduling point before it, where another writer may come first."""

    @contextmanager
    def acquire(self) -> Iterator[None]:
        if ACTIVE.node() is not None:
            ACTIVE.get().point("db.turn")
        with super().acquire():
            yield


def _strftime(form: str, when: str) -> str | None:
    """The database server's clock is the true time."""
    if (form, when) != ("%Y-%m-%d %H:%M:%f", "now") or ACTIVE.scheduler is None:
        raise ValueError(f"the simulation's database knows no {form} of {when}")
    moment = datetime.fromtimestamp(ACTIVE.scheduler.epoch + ACTIVE.scheduler.now, UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
