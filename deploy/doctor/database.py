"""The database through its listener: who answers, in which role, with which rights, options and schema."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from environs import Env, EnvError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from deploy.doctor.finding import Finding, Verdict, failed, failed_by, ok, skipped, warning
from shared.clock import utcnow
from shared.config import BadSetting, CommonSettings, common_settings, parsed_url
from shared.db.clock_skew import read_server_state
from shared.db.error_advice import READ_ONLY, advice_for, may_change_the_audit_log, old_schema, rights_problem
from shared.db.schema_version import is_outdated, schema_state
from shared.db.session import Database

NAME = "database"
CLOCK_TOLERANCE_SECONDS = 5.0  # seconds
MIN_SERVER_VERSION = 15  # SQL Server 2019
TESTED = "SQL Server 2019 or 2022 (deploy/README.md, Versions)"


def check(settings: CommonSettings | None = None) -> Iterator[Finding]:
    """Everything about the database; stops at the first thing without which the rest says nothing."""
    try:
        settings = settings or common_settings(Env())
        if gone := no_file(settings.database_url):
            yield gone
            return
        opened = Database(
            settings.database_url,
            pool_size=1,
            timeout=max(settings.database_timeout, 5),
            login_timeout=settings.database_login_timeout,
        )
    except (EnvError, BadSetting) as error:
        yield failed(NAME, str(error), "correct the setting (deploy/env/common.env)")
        return
    except OSError as error:
        yield failed(NAME, f"{error.filename}: {error.strerror}", "check the path in CM_DATABASE_URL and its owner")
        return
    with closing(opened) as database:
        try:
            yield from _ask(database)
        except SQLAlchemyError as error:
            yield failed_by(NAME, advice_for(error))


def no_file(url: str) -> Finding | None:
    """The failure of a SQLite file that does not exist: opening it would create it, and doctor changes nothing."""
    parsed = parsed_url(url)
    if parsed.get_backend_name() != "sqlite" or Path(str(parsed.database)).exists():
        return None
    return failed(
        NAME, f"the SQLite file {parsed.database} does not exist", "correct CM_DATABASE_URL, or make migrate makes it"
    )


def _ask(database: Database) -> Iterator[Finding]:
    began = time.perf_counter()
    with database.reading() as connection:
        is_copy = read_server_state(connection).read_only
        took = (time.perf_counter() - began) * 1000
        yield ok(NAME, f"{_who(connection)} answers, login included, in {took:.0f} ms")
        if database.dialect == "mssql":
            yield from _server(connection, is_copy)
        else:
            yield from _file(connection)
        yield _clock(connection)
    yield _schema(database)
    yield _rights(database)


def _who(connection: Connection) -> str:
    if connection.dialect.name != "mssql":
        return f"SQLite {connection.execute(text('SELECT sqlite_version()')).scalar()}"
    # SERVERPROPERTY gives sql_variant, which pyodbc cannot read.
    version, edition, host = connection.execute(
        text(
            "SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(64)), "
            "CAST(SERVERPROPERTY('Edition') AS NVARCHAR(64)), CAST(SERVERPROPERTY('MachineName') AS NVARCHAR(128))"
        )
    ).one()
    return f"SQL Server {version} ({edition or 'unknown edition'}) on {host or 'an unnamed host'}"


def _server(connection: Connection, is_copy: bool) -> Iterator[Finding]:
    yield failed_by("database role", READ_ONLY) if is_copy else ok("database role", _role(connection))
    version = str(connection.execute(text("SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(64))")).scalar())
    if int(version.split(".", maxsplit=1)[0]) < MIN_SERVER_VERSION:
        yield warning("database version", f"{version} is older than what the product supports", f"use {TESTED}")
    snapshot, recovery = connection.execute(
        text("SELECT is_read_committed_snapshot_on, recovery_model_desc FROM sys.databases WHERE name = DB_NAME()")
    ).one()
    if snapshot:
        yield ok("database options", f"READ_COMMITTED_SNAPSHOT is on, recovery model {recovery}")
    else:
        yield failed(
            "database options",
            "READ_COMMITTED_SNAPSHOT is off: readers block bookings",
            "run deploy/sql/10_database.sql (it needs a moment without other connections)",
        )
    if recovery != "FULL":
        yield warning(
            "database recovery",
            f"the recovery model is {recovery}: no availability group, no restore to a point in time",
            "run deploy/sql/10_database.sql and take a full backup",
        )


def _role(connection: Connection) -> str:
    """The server's role in words. A login without the right to see the group's state is no failure."""
    try:
        with connection.begin_nested():
            replica = connection.execute(
                text("SELECT CAST(SERVERPROPERTY('IsHadrEnabled') AS INT), sys.fn_hadr_is_primary_replica(DB_NAME())")
            ).one()
    except DBAPIError:
        return "can be written (who else is in the availability group, this login may not see: cm_check.sql tells)"
    if not replica[0]:
        return "can be written; this server is in no availability group"
    return "primary replica of its availability group" if replica[1] else "can be written, in no availability group"


def _file(connection: Connection) -> Iterator[Finding]:
    verdict = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    if verdict != "ok":
        yield failed("database file", f"the SQLite file is damaged ({verdict})", "restore its backup")
        return
    yield Finding(
        "database file",
        Verdict.OK,
        "whole; SQLite is for one machine: two nodes need SQL Server",
    )


def _clock(connection: Connection) -> Finding:
    if connection.dialect.name != "mssql":
        return skipped("database clock", "the database is a file on this host")
    before = utcnow()
    offset = (read_server_state(connection).now - before).total_seconds()
    if abs(offset) > CLOCK_TOLERANCE_SECONDS:
        return failed("database clock", f"{offset:+.1f} s from ours", "let both hosts follow the same NTP servers")
    return ok("database clock", f"{offset:+.2f} s from ours")


def _rights(database: Database) -> Finding:
    with database.reading() as connection:
        missing = rights_problem(connection)
        if missing:
            return failed_by("database rights", missing)
        if database.dialect == "mssql" and may_change_the_audit_log(connection):
            return warning(
                "database rights",
                "the services' login may change and delete rows of the audit log",
                "run deploy/sql/60_grants.sql, and use the login cm_app",
            )
    return ok("database rights", "read and write on every table, and of the audit log only its end")


def _schema(database: Database) -> Finding:
    current, needed = schema_state(database)
    if current == needed:
        return ok("migrations", f"at {current}, the newest")
    if is_outdated(current):
        return failed_by("migrations", old_schema(current, needed))
    return warning(
        "migrations", f"at {current}, which a later version made; this one knows {needed}", "upgrade this node, too"
    )
