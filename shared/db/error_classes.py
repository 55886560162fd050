"""Which database errors pass by themselves. One function, fed by two tables, each entry with its source.

A transient error means: this transaction did nothing (or its end is unknown) and the whole of it may be run again.
"""

import re
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, IntegrityError, ResourceClosedError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.db.sqlite_write_queue import WriteQueueTimeout


class ErrorClass(StrEnum):
    """What an error calls for."""

    CONFLICT = "conflict"  # lost against another transaction: run again at once
    CONNECTION = "connection"  # the server or the way to it is gone: drop the pool, run again after a pause
    SLOW = "slow"  # a statement took longer than its limit: this connection is given up, the server is not
    DUPLICATE = "duplicate"  # a unique constraint said no: the caller decides
    OTHER = "other"  # a defect or bad data: never retried


# SQL Server error numbers: what the number says, and who says that it passes. [MS] the number's text in Microsoft's
# "Database Engine events and errors" pages (the judgement is ours); [EF] SqlServerTransientExceptionDetector of
# dotnet/efcore; [SC] SqlConfigurableRetryFactory of dotnet/SqlClient; [A] named in the product's architecture.
_CONFLICT_NUMBERS = {
    1204: "no lock resource can be had now [SC]",
    1205: "chosen as deadlock victim [EF, SC, A]",
    1222: "lock request time out [SC]",
    3960: "snapshot isolation update conflict [MS, A]",
    3961: "snapshot transaction failed, metadata changed [MS]",
    41301: "in-memory OLTP dependency failure [EF]",
    41302: "in-memory OLTP write conflict [EF]",
    41305: "in-memory OLTP repeatable read validation [EF]",
    41325: "in-memory OLTP serializable validation [EF]",
    41839: "in-memory OLTP: too many commit dependencies [EF]",
}
_CONNECTION_NUMBERS = {
    -2: "client timeout [EF: named there as of unknown outcome]",
    20: "encryption not supported, seen while a server starts [EF]",
    64: "connection established, then lost at login [EF]",
    121: "semaphore timeout on the way to the server [EF]",
    233: "no process at the other end of the pipe [EF, SC]",
    596: "session is in the kill state [MS]",
    701: "not enough memory for the query now [MS]",
    802: "not enough memory in the buffer pool now [MS]",
    921: "database not recovered yet [MS]",
    922: "database is being recovered [MS]",
    926: "database is marked suspect [MS]",
    945: "database cannot be opened: inaccessible files or too little memory [MS]",
    952: "database is in transition [MS]",
    976: "database of an availability group, on a replica that does not serve it [MS, A]",
    978: "this replica takes only read-intent connections: a secondary [MS]",
    979: "this replica takes no read-intent connections [MS]",
    982: "no online secondary takes read-intent connections [MS]",
    983: "replica is neither primary nor secondary: a failover is under way [MS, A]",
    988: "the availability group lacks its quorum [MS]",
    997: "connection established, then lost at login [SC]",
    1105: "no space left in a filegroup: not passing by itself, but no defect of ours [MS]",
    3906: "database is read-only: a demoted primary [MS, A]",
    3908: "database cannot be written: it is being recovered [MS]",
    4060: "cannot open the requested database: not there yet after a failover [SC]",
    4221: "login to read-secondary: waiting for row versions [SC]",
    6005: "shutdown is in progress [MS]",
    8628: "time-out while waiting to optimise the query [MS]",
    8645: "time-out while waiting for memory for the query [MS]",
    8651: "not enough memory for the query now [MS]",
    9001: "the transaction log is not available [MS]",
    9002: "the transaction log is full, as 1105 [MS]",
    10053: "connection aborted by the local software [EF, A]",
    10054: "connection reset by the peer [EF, A]",
    10060: "connection attempt timed out [EF, SC]",
    10061: "connection refused [MS]",
    10928: "resource limit reached [EF, SC]",
    10929: "resource limit reached [EF, SC]",
    11001: "host not found [MS]",
    17142: "server has been paused [MS]",
    17197: "login failed: the server is busy [MS]",
    18401: "login failed: server is in script upgrade mode [MS]",
    18451: "login failed: only administrators may connect now [MS]",
    35217: "availability group thread pool exhausted [MS]",
    35250: "the connection to the primary replica is not active [MS]",
    40197: "service error, reconfiguration [EF, SC]",
    40501: "service is busy [EF, SC]",
    40613: "database is not currently available [EF, SC, A]",
    49918: "not enough resources now [EF, SC]",
}
# SQLSTATE, from Microsoft's ODBC error code appendix.
_CONNECTION_STATES = {
    "08001", "08003", "08004", "08007", "08S01", "08S02", "HYT00", "HYT01", "01002",
    "IMC01", "IMC02", "IMC03", "IMC04", "IMC05", "IMC06",  # broken, and the driver could not mend it
}  # fmt: skip
_CONFLICT_STATES = {"40001"}
# What is wrong with a login or its settings. Anything else that fails while connecting is the server's or the way's.
_REFUSED_LOGIN_NUMBERS = {911, 916, 4064, 18450, 18452, 18456, 18470, 18486, 18487, 18488}
_NO_DRIVER = ("can't open lib", "data source name not found")
_SQLITE_CONNECTION = (
    "database is locked",
    "unable to open database file",
    "disk i/o error",
    "database is busy",
    "database or disk is full",
    "attempt to write a readonly database",
    # An operator's work to mend, and till then no defect of the request that meets it.
    "database disk image is malformed",
    "file is not a database",
)

# "[42000] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]text (1205) (SQLExecDirectW)", and when there are
# several messages "…text (2627) (SQLExecDirectW); [23000] [Microsoft]…text (3621)"
_NUMBER = re.compile(r"\((-?\d+)\)(?= \(SQL\w+\)|; \[|\s*$)")


def classify(error: BaseException) -> ErrorClass:
    """The ErrorClass that `error` stands for; anything unknown is OTHER."""
    if isinstance(error, WriteQueueTimeout | PoolTimeout) or _lost_while_first_connecting(error):
        return ErrorClass.CONNECTION
    if not isinstance(error, DBAPIError):
        return ErrorClass.OTHER
    state, numbers = codes(error)
    if _ran_out_of_time(error):
        return ErrorClass.SLOW
    if any(number in _CONFLICT_NUMBERS for number in numbers) or state in _CONFLICT_STATES:
        return ErrorClass.CONFLICT
    if any(number in (2601, 2627) for number in numbers) or _sqlite_unique(error):
        return ErrorClass.DUPLICATE
    if error.connection_invalidated or state in _CONNECTION_STATES:
        return ErrorClass.CONNECTION
    if any(number in _CONNECTION_NUMBERS for number in numbers) or _sqlite_connection(error):
        return ErrorClass.CONNECTION
    if _connecting(error) and not any(number in _REFUSED_LOGIN_NUMBERS for number in numbers):
        return ErrorClass.CONNECTION
    return ErrorClass.OTHER


def codes(error: DBAPIError) -> tuple[str, list[int]]:
    """SQLSTATE and the server's error numbers as pyodbc passes them: args = (state, text)."""
    args: tuple[object, ...] = getattr(error.orig, "args", ())
    state = args[0] if args and isinstance(args[0], str) and len(args[0]) == 5 else ""
    text = str(args[1]) if len(args) > 1 else ""
    return state, [int(number) for number in _NUMBER.findall(text)]


def _lost_while_first_connecting(error: BaseException) -> bool:
    """What SQLAlchemy says when the connection is lost while it asks the server, once, what it can do."""
    return isinstance(error, ResourceClosedError) and "This Connection is closed" in str(error)


def _ran_out_of_time(error: DBAPIError) -> bool:
    """A statement's own limit; that of a login or a commit has the same SQLSTATE, and means that nobody answers."""
    text = str(error.orig)
    return "Query timeout expired" in text and "SQLEndTran" not in text


def _connecting(error: DBAPIError) -> bool:
    text = str(error.orig)
    return "(SQLDriverConnect)" in text and not any(part in text.lower() for part in _NO_DRIVER)


def _sqlite_unique(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) and "UNIQUE constraint failed" in str(error.orig)


def _sqlite_connection(error: DBAPIError) -> bool:
    return str(error.orig).lower().startswith(_SQLITE_CONNECTION)
