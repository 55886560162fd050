"""The engine for a database URL, with what each of the two engines needs."""

from pathlib import Path
from typing import Any

import pyodbc
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError

from shared.config import BadSetting
from shared.db.faults import Fault, classify

# Before the first connection: else the ODBC driver manager keeps dead connections behind SQLAlchemy's back.
pyodbc.pooling = False

WRITES = "cm_writes"  # execution option of a transaction that will write (SQLite takes its lock at BEGIN then)


def parsed_url(url: str) -> URL:
    """The URL of a supported database. Raises BadSetting."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadSetting("CM_DATABASE_URL is not a database URL such as sqlite:///path or mssql+pyodbc://…") from error
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "mssql+pyodbc"):
        raise BadSetting(
            f"CM_DATABASE_URL names {parsed.drivername}; supported are sqlite and mssql+pyodbc (SQL Server)"
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise BadSetting("CM_DATABASE_URL names an in-memory SQLite database; several processes need a file")
    return parsed


def build_engine(url: str, *, pool_size: int = 8, timeout: float = 3.0) -> Engine:
    """An engine for `url`; `timeout` in seconds bounds logins, statements and the wait for a pooled connection."""
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, pool_size, timeout)
    return _mssql(parsed, pool_size, timeout)


def _sqlite(url: URL, pool_size: int, timeout: float) -> Engine:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=timeout,
        connect_args={"timeout": timeout},
    )

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
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _mssql(url: URL, pool_size: int, timeout: float) -> Engine:
    seconds = max(1, round(timeout))
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=timeout,
        pool_recycle=1800,
        connect_args={"timeout": seconds},
        hide_parameters=True,
    )

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
