"""The engine for a database URL, with what each of the two engines needs."""

import sqlite3
from pathlib import Path
from typing import Any

import pyodbc
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DisconnectionError

from shared.config import BadSetting, parsed_url
from shared.db.faults import Fault, classify

# Before the first connection: else the ODBC driver manager keeps dead connections behind SQLAlchemy's back.
pyodbc.pooling = False

WRITES = "cm_writes"  # execution option of a transaction that will write (SQLite takes its lock at BEGIN then)


def build_engine(url: str, *, pool_size: int = 8, timeout: float = 3.0, login_timeout: float | None = None) -> Engine:
    """An engine for `url`; `timeout` in seconds bounds statements and the wait for a pooled connection.

    `login_timeout` bounds a login, and is the same when not given. Raises BadSetting.
    """
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, pool_size, timeout)
    _require_driver(parsed)
    return _mssql(parsed, pool_size, timeout, login_timeout or timeout)


def _sqlite(url: URL, pool_size: int, timeout: float) -> Engine:
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=timeout,
        hide_parameters=True,  # they are phone numbers and call data, and errors are logged
        connect_args={"timeout": timeout / 2},  # a writer may have waited as long for its turn (session.py)
    )
    _follow_file(engine, path)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's own rules begin too late
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a booking we acknowledged survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Reads do without: each statement is of one piece, and nothing relies on two being of the same (SQL Server
        # at READ COMMITTED would not give that either).
        if connection.get_execution_options().get(WRITES, False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _follow_file(engine: Engine, path: Path) -> None:
    """Never work on a file that is no longer the database: a connection keeps one open that was moved or deleted.

    What is booked there would be lost; and a new connection would make an empty file in its place.
    """
    seen = False

    @event.listens_for(engine, "do_connect")
    def must_still_exist(*_: Any) -> None:
        if seen and not path.exists():
            raise sqlite3.OperationalError("unable to open database file")

    @event.listens_for(engine, "connect")
    def remember(_connection: Any, record: Any) -> None:
        nonlocal seen
        record.info["file"] = path.stat().st_ino
        seen = True

    @event.listens_for(engine, "checkout")
    def must_be_the_same(_connection: Any, record: Any, _proxy: Any) -> None:
        try:
            same = path.stat().st_ino == record.info["file"]
        except OSError:
            same = False
        if not same:
            raise DisconnectionError("the database file was moved or replaced")


def _require_driver(url: URL) -> None:
    """Raise BadSetting when the ODBC driver of `url` is not installed; a path of a library is left to the driver
    manager, and so is a whole connection string."""
    driver = url.query.get("driver")
    if not isinstance(driver, str) or driver.startswith("/") or driver in pyodbc.drivers():
        return
    there = ", ".join(pyodbc.drivers()) or "none"
    raise BadSetting(
        f'the ODBC driver "{driver}" (CM_DATABASE_DRIVER, or driver= in CM_DATABASE_URL) is not installed; installed: '
        f"{there}. Install the package msodbcsql18 (deploy/README.md), or on a developer's machine run make setup-mssql"
    )


def _mssql(url: URL, pool_size: int, timeout: float, login_timeout: float) -> Engine:
    seconds = max(1, round(timeout))
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=timeout,
        pool_recycle=1800,
        # No pool_pre_ping: it costs a round trip for each transaction (measured: 0.03 to 0.25 ms more on 0.2 ms, on one
        # machine), and does not see a connection die a moment later. The first statement on a dead one drops the pool,
        # and the use case is run again.
        hide_parameters=True,
        connect_args={"timeout": max(1, round(login_timeout))},
    )
    # One prepared statement for all rows of a batch, not one of 100 rows: parsing that costs more than it saves
    # (a T-SQL server took 26 s for 500 rows, and 0.3 s this way), and fast_executemany cuts fractions of seconds.
    engine.dialect.use_insertmanyvalues_wo_returning = False

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.timeout = seconds

    @event.listens_for(engine, "handle_error")
    def drop_pool_on_failover(context: ExceptionContext) -> None:
        # A demoted replica answers with an error number, not with a broken connection: every pooled connection is
        # as useless as this one.
        error = context.sqlalchemy_exception
        if error is not None and classify(error) is Fault.CONNECTION:
            context.is_disconnect = True

    return engine
