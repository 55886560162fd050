"""What is wrong with the database, in one sentence with its cause and its cure: for logs, start failures and doctor.

The driver's whole text is never shown: it may hold the login's name.
"""

from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.db.error_classes import codes
from shared.db.models import Base
from shared.db.sqlite_write_queue import WriteQueueTimeout

# By SQL Server error number (Microsoft's "Database Engine events and errors"); the first that fits wins.
_BY_NUMBER = {
    18456: "the login failed: check user and password, and that the login exists on every replica with the same SID "
    "(deploy/sql/20_logins.sql)",
    18470: "the login is disabled: an administrator must enable it on this replica",
    18486: "the login is locked out after wrong passwords: an administrator must unlock it",
    18488: "the login's password has expired: set a new one, with CHECK_EXPIRATION = OFF for a service",
    4060: "the login may not open this database, or it does not exist on this server: run deploy/sql/10_database.sql "
    "and 21_users.sql; right after a failover it passes by itself",
    911: "this database does not exist on this server: run deploy/sql/10_database.sql, or correct its name",
    4064: "the login's default database cannot be opened: name the database in the settings",
    916: "the login has no user in this database: run deploy/sql/21_users.sql there",
    229: "a right on a table is missing: add the login to the role cm_app_role (deploy/sql/21_users.sql)",
    230: "a right on a column is missing: add the login to the role cm_app_role (deploy/sql/21_users.sql)",
    262: "a right to create tables is missing: migrate with the login cm_migration",
    2760: "the schema is missing or may not be used: migrate with the login cm_migration",
    208: "a table is missing: run python -m shared.db.migrate",
    207: "a column is missing: run python -m shared.db.migrate",
    976: "this replica is a secondary that does not serve the database: connect to the availability group's listener",
    978: "this replica is a read-only secondary: connect to the availability group's listener, with "
    "ApplicationIntent=ReadWrite",
    979: "the primary takes no read-only connections: set CM_DATABASE_APPLICATION_INTENT to ReadWrite",
    982: "no secondary takes read-only connections: set CM_DATABASE_APPLICATION_INTENT to ReadWrite",
    983: "a failover is under way, and no replica is primary: it passes by itself within seconds, else see the cluster",
    988: "the availability group lost its quorum: bring its nodes or its witness back",
    3906: "the database is read-only: this is a demoted primary or a secondary; connect to the listener",
    1105: "the database is full: give its files room",
    9002: "the transaction log is full: run the log backup (deploy/sql/40_jobs.sql), then give the log room",
    20: "the server does not encrypt connections: give it a certificate, or set CM_DATABASE_ENCRYPT=no",
}
# By what the text of a driver, driver manager or SQLite says, in lower case: these have no number.
_BY_TEXT = {
    "query timeout expired": "a statement took longer than its limit: see what keeps the server busy (locks, missing "
    "statistics, a long report), or narrow what was asked",
    "certificate verify failed": "the server's certificate is not trusted: install its authority on this host, or use "
    "the name that the certificate names (CM_DATABASE_TRUST_CERTIFICATE=true only for a trial)",
    "certificate": "the server's certificate was refused: it must name the host that we connect to",
    "can't open lib": "the ODBC driver's library cannot be loaded: install msodbcsql18 anew (deploy/README.md)",
    "data source name not found": "the ODBC driver is not installed: install msodbcsql18 (deploy/README.md)",
    "encryption not supported": _BY_NUMBER[20],
    "attempt to write a readonly database": "the SQLite file cannot be written: check the owner of it and its folder",
    "unable to open database file": "the SQLite file cannot be opened: check its path, and the owner of its folder",
    "file is not a database": "the file is no SQLite database: correct the path in CM_DATABASE_URL",
    "database disk image is malformed": "the SQLite file is damaged: restore its backup",
    "disk is full": "the disk of the SQLite file is full: make room",
    "database is locked": "another process holds the SQLite file for too long: stop it",
    "no such table": _BY_NUMBER[208],
    "no such column": _BY_NUMBER[207],
}
_BY_STATE = {
    "HYT00": "the server does not answer in time: check the listener's name, its port and the firewall",
    "HYT01": "the server does not answer in time: check the listener's name, its port and the firewall",
    "08001": "no connection to the server: check the listener's name, its port and the firewall",
    "08S01": "the connection broke: the server stopped, failed over, or a firewall dropped it",
    "08004": "the server refuses the connection: check the database's name and the login's rights",
    "28000": _BY_NUMBER[18456],
    "42501": _BY_NUMBER[229],
}

READ_ONLY = (
    "the database is read-only here: this is a secondary replica; connect to the availability group's listener, with "
    "ApplicationIntent=ReadWrite"
)


def advice_for(error: BaseException) -> str:
    """One sentence: the cause, and after a colon the cure."""
    if cause := known_cause(error):
        return cause
    if not isinstance(error, DBAPIError):
        return f"unexpected {type(error).__name__}: see the log"
    state, numbers = codes(error)
    seen = ", ".join([f"SQLSTATE {state}"] * bool(state) + [f"error {number}" for number in numbers if number])
    return f"an error that we do not know ({seen or type(error).__name__}): see the log"


def known_cause(error: BaseException) -> str | None:
    """As `advice_for`, but None for what no operator can have caused or can mend: that is a defect."""
    if isinstance(error, WriteQueueTimeout):
        return _BY_TEXT["database is locked"]
    if isinstance(error, PoolTimeout):
        return "every pooled connection is in use: the server is slow, or CM_DATABASE_POOL_SIZE is too small"
    if not isinstance(error, DBAPIError):
        return None
    state, numbers = codes(error)
    by_number = next((_BY_NUMBER[number] for number in numbers if number in _BY_NUMBER), None)
    text = str(error.orig).lower()
    by_text = next((cure for part, cure in _BY_TEXT.items() if part in text), None)
    return by_number or by_text or _BY_STATE.get(state)


def old_schema(current: str | None, needed: str | None) -> str:
    """What to say of a database whose schema has the revision `current`, not the one this version needs."""
    if current is None:
        return (
            "there are no tables, or the login may not see them: run python -m shared.db.migrate, or add the login to "
            "the role cm_app_role (deploy/sql/21_users.sql)"
        )
    return f"the schema is at {current}, this version needs {needed}: run python -m shared.db.migrate of this version"


def rights_problem(connection: Connection) -> str | None:
    """Which rights on the product's tables are missing, as one sentence; None when all are there (as on SQLite)."""
    missing = missing_rights(connection) if connection.dialect.name == "mssql" else []
    if not missing:
        return None
    more = f" (and {len(missing) - 3} more)" if len(missing) > 3 else ""
    return (
        f"the login lacks {', '.join(missing[:3])}{more}: add it to the role cm_app_role, and run "
        "deploy/sql/21_users.sql of this version"
    )


def missing_rights(connection: Connection) -> list[str]:
    """What the services' login may not do on SQL Server though it must: `INSERT on callback`, …"""
    checks = [
        (right, table)
        for table in sorted(Base.metadata.tables)
        for right in RIGHTS
        if table not in APPEND_ONLY or right not in CHANGING
    ]
    return [f"{right} on {table}" for right, table in _not_granted(connection, [*checks, ("EXECUTE", PURGE)])]


def may_change_the_audit_log(connection: Connection) -> bool:
    """Whether the services' login may do more than add to the audit log on SQL Server."""
    checks = [(right, table) for table in APPEND_ONLY for right in CHANGING]
    return len(_not_granted(connection, checks)) < len(checks)


def _not_granted(connection: Connection, checks: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    columns = ", ".join(f"HAS_PERMS_BY_NAME('{table}', 'OBJECT', '{right}')" for right, table in checks)
    answers = connection.exec_driver_sql(f"SELECT {columns}").one()
    # NULL means that there is no such table, or that we may not even know of it.
    return [check for check, may in zip(checks, answers, strict=True) if may != 1]


RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
CHANGING = ("UPDATE", "DELETE")
APPEND_ONLY = ("audit_log", "audit_seal")
PURGE = "purge_audit_log"  # shared/db/audit_retention.py
