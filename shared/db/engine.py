"""The engine for a database URL, with what each of the two engines needs."""

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyodbc
from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DisconnectionError

from shared import deadline
from shared.config import BadSetting, parsed_url
from shared.db.error_classes import ErrorClass, classify
from shared.db.parameter_types import declare_by_column
from shared.db.prepared_statements import PreparedStatements
from shared.db.round_trips import RoundTrips

# Before the first connection: else the ODBC driver manager pools connections too, and gives SQLAlchemy dead ones.
pyodbc.pooling = False

LIMIT = "cm_limit"  # execution option of a connection: seconds for each statement, instead of the usual limit
WRITES = "cm_writes"  # execution option of a transaction that will write (SQLite takes its lock at BEGIN then)


def build_engine(
    url: str,
    *,
    pool_size: int = 8,
    timeout: float = 3.0,
    login_timeout: float | None = None,
    trips: RoundTrips | None = None,
) -> Engine:
    """An engine for `url`; `timeout` in seconds bounds statements and the wait for a pooled connection.

    `login_timeout` bounds a login, and is the same when not given. `trips` gets those to a server. Raises BadSetting.
    """
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, pool_size, timeout)
    _require_driver(parsed)
    return _mssql(parsed, pool_size, timeout, login_timeout or timeout, trips or RoundTrips())


def _sqlite(url: URL, pool_size: int, timeout: float) -> Engine:
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    usual = int(timeout / 2 * 1000)  # milliseconds that SQLite waits for another process's lock
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=timeout,
        hide_parameters=True,  # they are phone numbers and call data, and errors are logged
        connect_args={"timeout": timeout / 2},  # a writer may have waited as long for its turn (session.py)
    )
    _follow_file(engine, path)
    _make_private(engine, path)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _connection_record: Any) -> None:
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
            left = max(0, int(min(timeout / 2, deadline.remaining()) * 1000))
            if connection.info.get("busy_timeout", usual) != left:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={left}")
                connection.info["busy_timeout"] = left
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "commit")
    def limit_commit(_connection: Connection) -> None:
        deadline.require(0)

    return engine


def _follow_file(engine: Engine, path: Path) -> None:
    """Refuse a database file that was moved, deleted or replaced: an open connection goes on writing to the old one.

    What is booked there would be lost without an error, and a new connection would make an empty file in its place.
    Costs one stat for each connection taken from the pool (measured: 2 µs), and only on SQLite;
    tests/integration/db/test_replaced_file.py fails without it.
    """
    seen = False

    @event.listens_for(engine, "do_connect")
    def must_still_exist(*_: Any) -> None:
        if seen and not path.exists():
            raise sqlite3.OperationalError("unable to open database file")

    @event.listens_for(engine, "connect")
    def remember(_connection: Any, connection_record: Any) -> None:
        nonlocal seen
        connection_record.info["file"] = path.stat().st_ino
        seen = True

    @event.listens_for(engine, "checkout")
    def must_be_the_same(_connection: Any, connection_record: Any, _proxy: Any) -> None:
        try:
            same = path.stat().st_ino == connection_record.info["file"]
        except OSError:
            same = False
        if not same:
            raise DisconnectionError("the database file was moved or replaced")


def _make_private(engine: Engine, path: Path) -> None:
    """Make a new file readable for its owner alone: it holds phone numbers. SQLite gives -wal and -shm the same mode.

    The mode of a file that is there is its administrator's choice; doctor warns about one that everybody can read.
    """

    @event.listens_for(engine, "do_connect")
    def make(*_: Any) -> None:
        if not path.exists():
            with suppress(OSError):  # SQLite says what stands in the way
                path.touch(mode=0o600)


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


def _mssql(url: URL, pool_size: int, timeout: float, login_timeout: float, trips: RoundTrips) -> Engine:
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
    declare_by_column(engine.dialect)
    _close_elsewhere(engine.dialect, PreparedStatements(engine.dialect))

    _keep_to_the_deadline(engine, trips, max(1, round(timeout)), max(1, round(login_timeout)))

    @event.listens_for(engine, "handle_error")
    def drop_what_is_useless(context: ExceptionContext) -> None:
        # A demoted replica answers with an error number, not with a broken connection: every pooled connection is
        # as useless as this one. After a statement that ran out of time only this one is.
        error = context.sqlalchemy_exception
        fault = classify(error) if error is not None else ErrorClass.OTHER
        if fault in (ErrorClass.CONNECTION, ErrorClass.SLOW):
            context.is_disconnect = True
            context.invalidate_pool_on_disconnect = fault is ErrorClass.CONNECTION

    return engine


# Round trips: a login with its first settings; a statement, and the rollback if nothing follows.
_LOGIN_TRIPS, _STATEMENT_TRIPS = 5, 2


def _keep_to_the_deadline(engine: Engine, trips: RoundTrips, seconds: int, login_seconds: int) -> None:
    """Bound logins, statements and commits by the deadline of the work at hand, besides their own limits.

    The driver counts whole seconds, so what has less than one left may end up to a second late if the server falls
    silent just then. A login or a statement is begun only while there is time for it and what comes with it, a commit
    only while its answer can still arrive, by the round trips seen lately: what a slow server cannot do is refused in
    time.
    """

    @event.listens_for(engine, "do_connect")
    def limit_login(_dialect: Any, _connection_record: Any, _args: Any, options: dict[str, Any]) -> None:
        deadline.require(_LOGIN_TRIPS * trips.usual())
        options["timeout"] = _whole_seconds(login_seconds)

    @event.listens_for(engine, "before_execute")
    def limit_statement(connection: Connection, *_: Any) -> None:
        deadline.require(_STATEMENT_TRIPS * trips.usual())
        driver = connection.connection.driver_connection
        limit = _whole_seconds(connection.get_execution_options().get(LIMIT, seconds))
        if driver is not None and driver.timeout != limit:
            driver.timeout = limit

    @event.listens_for(engine, "before_cursor_execute")
    def begin(_connection: Any, _cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
        # A write may wait for another's lock, which says nothing of how long the way is.
        writes = context.isinsert or context.isupdate or context.isdelete
        context.trip_began = None if writes else trips.begin()

    @event.listens_for(engine, "after_cursor_execute")
    def end(_connection: Any, _cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
        if context.trip_began is not None:
            trips.end(context.trip_began)

    @event.listens_for(engine, "handle_error")
    def end_in_error(context: ExceptionContext) -> None:
        began = getattr(context.execution_context, "trip_began", None)
        if began is not None:
            trips.end(began)

    @event.listens_for(engine, "commit")
    def limit_commit(_connection: Connection) -> None:
        deadline.require(1.25 * trips.usual())


def _close_elsewhere(dialect: Dialect, prepared: PreparedStatements) -> None:
    """Close connections in a thread: the driver tells the server, whose answer may come late or never."""

    def close(connection: Any) -> None:
        threading.Thread(target=_close, args=(connection, prepared.forget(connection)), daemon=True).start()

    dialect.do_close = close  # type: ignore[method-assign, assignment]


def _close(connection: Any, _cursors: object) -> None:
    with suppress(pyodbc.Error):
        connection.close()


def _whole_seconds(limit: float) -> int:
    return max(1, int(min(limit, deadline.remaining())))
