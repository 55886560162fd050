"""Which database errors pass by themselves. One function, fed by two tables, each entry with its source.

A transient error means: this transaction did nothing (or its end is unknown) and the whole of it may be run again.
"""

import re
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.db.locks import WriteQueueTimeout


class Fault(StrEnum):
    """What an error calls for."""

    CONFLICT = "conflict"  # lost against another transaction: run again at once
    CONNECTION = "connection"  # the server or the way to it is gone: drop the pool, run again after a pause
    DUPLICATE = "duplicate"  # a unique constraint said no: the caller decides
    OTHER = "other"  # a defect or bad data: never retried


# SQL Server error numbers, from Microsoft's "Database Engine events and errors" pages.
_CONFLICT_NUMBERS = {
    1205: "chosen as deadlock victim",
    1222: "lock request time out",
    3960: "snapshot isolation update conflict",
    3961: "snapshot transaction failed, metadata changed",
    41302: "in-memory OLTP write conflict",
    41305: "in-memory OLTP repeatable read validation",
    41325: "in-memory OLTP serializable validation",
}
_CONNECTION_NUMBERS = {
    -2: "client timeout",
    20: "encryption not supported (listener mid-failover)",
    64: "connection established, then lost at login",
    233: "no process at the other end of the pipe",
    596: "session is in the kill state",
    921: "database not recovered yet",
    922: "database is being recovered",
    926: "database is marked suspect",
    945: "database cannot be opened: inaccessible files",
    976: "database of an availability group is not accessible for queries",
    978: "replica is not joined to the availability group",
    979: "replica accepts only read-intent connections",
    983: "replica role is resolving",
    988: "replica lacks quorum",
    3906: "database is read-only (a demoted primary)",
    4060: "cannot open the requested database",
    4221: "login to read-secondary: waiting for row versions",
    6005: "shutdown is in progress",
    10053: "connection aborted by the local software",
    10054: "connection reset by the peer",
    10060: "connection attempt timed out",
    10061: "connection refused",
    10928: "resource limit reached",
    11001: "host not found",
    17142: "server has been paused",
    18401: "login failed: server is in script upgrade mode",
    35217: "availability group thread pool exhausted",
    40197: "service error, reconfiguration",
    40501: "service is busy",
    40613: "database is not currently available",
}
# SQLSTATE, from Microsoft's ODBC error code appendix.
_CONNECTION_STATES = {"08001", "08003", "08004", "08007", "08S01", "08S02", "HYT00", "HYT01", "01002"}
_CONFLICT_STATES = {"40001"}
_SQLITE_CONNECTION = (
    "database is locked",
    "unable to open database file",
    "disk i/o error",
    "database is busy",
)

# "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]text (1205) (SQLExecDirectW)"
_NUMBER = re.compile(r"\((-?\d+)\) \(SQL\w+\)|\((-?\d+)\)\s*$")


def classify(error: BaseException) -> Fault:
    """The Fault that `error` stands for; anything unknown is OTHER."""
    if isinstance(error, WriteQueueTimeout | PoolTimeout):
        return Fault.CONNECTION
    if not isinstance(error, DBAPIError):
        return Fault.OTHER
    state, numbers = _read(error)
    if any(number in _CONFLICT_NUMBERS for number in numbers) or state in _CONFLICT_STATES:
        return Fault.CONFLICT
    if any(number in (2601, 2627) for number in numbers) or _sqlite_unique(error):
        return Fault.DUPLICATE
    if error.connection_invalidated or state in _CONNECTION_STATES:
        return Fault.CONNECTION
    if any(number in _CONNECTION_NUMBERS for number in numbers) or _sqlite_connection(error):
        return Fault.CONNECTION
    return Fault.OTHER


def _read(error: DBAPIError) -> tuple[str, list[int]]:
    """SQLSTATE and the server's error numbers as pyodbc passes them: args = (state, text)."""
    args: tuple[object, ...] = getattr(error.orig, "args", ())
    state = args[0] if args and isinstance(args[0], str) and len(args[0]) == 5 else ""
    text = str(args[1]) if len(args) > 1 else ""
    numbers = [int(a or b) for a, b in _NUMBER.findall(text)]
    return state, numbers


def _sqlite_unique(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) and "UNIQUE constraint failed" in str(error.orig)


def _sqlite_connection(error: DBAPIError) -> bool:
    return str(error.orig).lower().startswith(_SQLITE_CONNECTION)
