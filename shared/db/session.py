"""Transactions: one per use case, opened by the use case, run again as a whole after a transient error."""

import functools
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import ParamSpec, TypeVar

import pyodbc
import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared import deadline
from shared.config import BadSetting, CommonSettings, parsed_url, stop_for_setting
from shared.db.engine import LIMIT, WRITES, build_engine
from shared.db.error_advice import known_cause
from shared.db.error_classes import ErrorClass, classify
from shared.db.round_trips import RoundTrips
from shared.db.sqlite_write_queue import WriteQueue
from shared.db.warm_pool import Rehearsal, WarmPool, opener
from shared.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 5
BUDGET_SECONDS = (
    1.9  # seconds after which no attempt begins; sooner where the deadline of the work at hand is (deadline.py)
)


class Database:
    """One engine and its transactions.

    `reading()` never writes and always rolls back; `writing()` rolls back unless `commit()` was called on what it
    yields. Helpers take the connection and never commit. Waits, statements and the commit keep to the deadline of the
    work at hand: what it leaves no time for is not begun (DeadlinePassed).
    """

    def __init__(
        self, url: str, *, pool_size: int = 8, timeout: float = 3.0, login_timeout: float | None = None
    ) -> None:
        """`timeout` in seconds bounds a statement and the wait for a turn or a pooled connection, `login_timeout` a
        login (the same when not given). Connects to nothing yet. Raises BadSetting."""
        self._trips = RoundTrips()
        self.engine = build_engine(
            url, pool_size=pool_size, timeout=timeout, login_timeout=login_timeout, trips=self._trips
        )
        self.dialect = self.engine.dialect.name
        self._writer = self.engine.execution_options(**{WRITES: True})
        self._timeout = timeout
        self._login_timeout = login_timeout or timeout
        self._warm_pool: WarmPool | None = None
        # As many as the pool gives out: its own wait has no deadline, and a thread that got in here never waits there.
        self._pool_size = pool_size
        self._places = threading.BoundedSemaphore(2 * pool_size)
        parsed = parsed_url(url)
        self._queue = (
            # Half of it for the turn, half for the file's own lock: one attempt stays within `timeout`.
            WriteQueue(Path(f"{parsed.database}.write-lock"), timeout / 2) if self.dialect == "sqlite" else None
        )

    def keep_warm(self, rehearse: Rehearsal) -> None:
        """From now on have connections opened before they are needed (to a server); `rehearse` executes on each the
        statements that must not be slow in the first request, and is rolled back."""
        if self.dialect == "mssql":
            make = opener(self.engine.url, self._login_timeout, rehearse)
            self._warm_pool = WarmPool(self.engine, make, 2 * self._pool_size)

    @property
    def warming(self) -> bool:
        """Whether connections are still being opened, to a server that answers (`keep_warm`)."""
        return self._warm_pool is not None and self._warm_pool.warming

    @property
    def answer_seconds(self) -> float:
        """How long a server takes for an answer at the moment; 0 while nothing is known of it, and for SQLite."""
        return self._trips.usual()

    @contextmanager
    def reading(self, limit: float | None = None) -> Iterator[Connection]:
        """`limit`: seconds for each statement, instead of the usual ones (on SQL Server; SQLite has no such limit)."""
        with self._connected(self.engine) as connection:
            yield connection if limit is None else connection.execution_options(**{LIMIT: limit})

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._queue.acquire() if self._queue else nullcontext(), self._connected(self._writer) as connection:
            try:
                yield connection
            except BaseException:
                _end_failed_commit(connection)
                raise

    @contextmanager
    def _connected(self, engine: Engine) -> Iterator[Connection]:
        deadline.require(0)
        place = self._warm_pool.place(self._timeout) if self._warm_pool else self._place()
        with place, engine.connect() as connection:
            yield connection

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=max(0.0, min(self._timeout, deadline.remaining()))):
            deadline.require(0)
            raise PoolTimeout("every connection is in use")
        try:
            yield
        finally:
            self._places.release()

    def ping(self) -> None:
        """One trivial round trip. Raises what the database raises."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        if self._warm_pool:
            self._warm_pool.close()
        self.engine.dispose()
        if self._queue:
            self._queue.close()


def _end_failed_commit(connection: Connection) -> None:
    """Roll a transaction back whose commit failed: SQLAlchemy takes it for ended, and would give the connection back to
    the pool with all it wrote and every lock."""
    transaction = connection.get_transaction()
    if transaction is not None and not transaction.is_active and not connection.invalidated:
        with suppress(DBAPIError, pyodbc.Error, sqlite3.Error):
            connection.connection.rollback()


def open_database(settings: CommonSettings) -> Database:
    """The database of these settings; what cannot work ends the process with one sentence, as a wrong setting does."""
    try:
        return Database(
            settings.database_url,
            pool_size=settings.database_pool_size,
            timeout=settings.database_timeout,
            login_timeout=settings.database_login_timeout,
        )
    except BadSetting as error:
        stop_for_setting(str(error))
    except OSError as error:
        stop_for_setting(f"CM_DATABASE_URL names a place that cannot be used: {error.filename}: {error.strerror}")


_DATABASE_SILENT = "The database does not answer. Try again in a few seconds."
_DATABASE_SLOW = (
    "This takes the database too long. Ask for less, such as a shorter time, or try again in a few seconds."
)


def _pause(fault: ErrorClass, attempt: int) -> float:
    """Seconds before the next attempt: doubling, and never the same for two that collided."""
    first = 0.02 if fault is ErrorClass.CONFLICT else 0.15
    return random.uniform(0.5, 1.0) * first * float(2 ** (attempt - 1))  # noqa: S311


def retried(use_case: Callable[P, T]) -> Callable[P, T]:
    """Run a use case that opens its own transaction again after a conflict or a lost connection.

    Bounded by MAX_ATTEMPTS, BUDGET_SECONDS and the deadline of the work at hand, then Unavailable; at once for what
    only an operator can mend (error_advice.py). The use case must be safe to run again when the end of its commit is
    unknown: keys are generated outside of it, so that a second run meets the first one's rows. A deadline that moves (a
    lease's) is taken as it stands at the beginning: no use case lasts longer than a lease.
    """

    @functools.wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with deadline.fixed():
            return attempts(*args, **kwargs)

    def attempts(*args: P.args, **kwargs: P.kwargs) -> T:
        end = time.monotonic() + min(BUDGET_SECONDS, deadline.remaining())
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                return use_case(*args, **kwargs)
            except Exception as error:
                fault, problem = classify(error), known_cause(error)
                passes = fault in (ErrorClass.CONFLICT, ErrorClass.CONNECTION)
                if not passes and (fault is ErrorClass.DUPLICATE or problem is None):
                    raise
                pause = _pause(fault, attempt)
                # A login that is refused or a right that is missing does not come back within our time.
                if not passes or attempt == MAX_ATTEMPTS or time.monotonic() + pause > end:
                    _log.error("database_unavailable", use_case=use_case.__name__, fault=fault, attempts=attempt,
                               problem=problem, error=str(getattr(error, "orig", error)))  # fmt: skip
                    raise Unavailable(_DATABASE_SLOW if fault is ErrorClass.SLOW else _DATABASE_SILENT) from error
                time.sleep(pause)
        raise AssertionError("the loop always returns or raises")

    return run
