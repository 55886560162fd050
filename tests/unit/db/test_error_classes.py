"""The class of each database error, from the texts that the drivers really give."""

import sqlite3

import pyodbc
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError, ResourceClosedError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.db.error_classes import ErrorClass, classify
from shared.db.sqlite_write_queue import WriteQueueTimeout
from shared.errors import Unavailable

DRIVER = "[Microsoft][ODBC Driver 18 for SQL Server]"
SERVER = f"{DRIVER}[SQL Server]"


def raised(state: str, text: str, kind: type[DBAPIError] = DBAPIError) -> DBAPIError:
    """An error as SQLAlchemy wraps pyodbc's: its arguments are the SQLSTATE and the joined messages."""
    return kind("UPDATE slot …", None, pyodbc.Error(state, text))


CONFLICTS = [
    ("40001", f"[40001] {SERVER}Transaction (Process ID 55) was deadlocked on lock resources with another process and "
              "has been chosen as the deadlock victim. Rerun the transaction. (1205) (SQLExecDirectW)"),
    ("42000", f"[42000] {SERVER}Transaction (Process ID 55) was deadlocked on lock resources with another process and "
              "has been chosen as the deadlock victim. Rerun the transaction. (1205) (SQLExecDirectW)"),
    ("42000", f"[42000] {SERVER}Lock request time out period exceeded. (1222) (SQLExecDirectW)"),
    ("42000", f"[42000] {SERVER}Snapshot isolation transaction aborted due to update conflict. (3960) (SQLEndTran)"),
    ("HY000", f"[HY000] {SERVER}The statement failed. (0) (SQLExecDirectW); [40001] {SERVER}Transaction (Process ID 61)"
              " was deadlocked on lock resources. Rerun the transaction. (1205)"),
]  # fmt: skip

CONNECTIONS = [
    ("08S01", f"[08S01] {DRIVER}TCP Provider: Error code 0x2746 (10054) (SQLExecDirectW)"),
    ("08S01", f"[08S01] {DRIVER}Communication link failure (0) (SQLExecDirectW)"),
    ("08S01", f"[08S01] {DRIVER}TCP Provider: Error code 0x68 (104) (SQLEndTran)"),
    ("08001", f"[08001] {DRIVER}TCP Provider: Error code 0x274D (10061) (SQLDriverConnect)"),
    ("08001", f"[08001] {DRIVER}TCP Provider: Error code 0x2749 (10057) (SQLDriverConnect); [08001] {DRIVER}Login "
              f"timeout expired (0); [08001] {DRIVER}A network-related or instance-specific error has occurred while "
              "establishing a connection to sql-1. Server is not found or not accessible. (10057)"),
    ("HYT00", f"[HYT00] {DRIVER}Login timeout expired (0) (SQLDriverConnect)"),
    ("HYT00", f"[HYT00] {DRIVER}Query timeout expired (0) (SQLEndTran)"),
    # while connecting: everything but a refused login, unknown numbers too
    ("42000", f"[42000] {SERVER}SQL Server is not ready to accept new client connections. (17187) (SQLDriverConnect)"),
    ("42000", f"[42000] {SERVER}Database 'CampaignManager' cannot be opened. It is in the middle of a restore. (927) "
              "(SQLDriverConnect)"),
    ("42000", f"[42000] {SERVER}Database 'CampaignManager' cannot be opened because it is offline. (942) "
              "(SQLDriverConnect)"),
    ("42000", f"[42000] {SERVER}A new connection was rejected because the maximum number of connections on session ID "
              "55 has been reached. (17889) (SQLDriverConnect)"),
    ("HY000", f"[HY000] {SERVER}Something new. (99999) (SQLDriverConnect)"),
    ("IMC06", f"[IMC06] {DRIVER}The connection is broken and recovery is not possible. The connection is marked by the "
              "client driver as unrecoverable. No attempt was made to restore the connection. (0) (SQLExecDirectW)"),
    ("42000", f"[42000] {SERVER}The target database, 'CampaignManager', is participating in an availability group and "
              "is currently not accessible for queries. Either data movement is suspended or the availability replica "
              "is not enabled for read access. (976) (SQLDriverConnect)"),
    ("42000", f"[42000] {SERVER}Unable to access availability database 'CampaignManager' because the database replica "
              "is not in the PRIMARY or SECONDARY role. (983) (SQLDriverConnect)"),
    ("42000", f'[42000] {SERVER}Failed to update database "CampaignManager" because the database is read-only. (3906) '
              "(SQLExecDirectW)"),
    ("42000", f'[42000] {SERVER}Cannot open database "CampaignManager" requested by the login. The login failed. (4060)'
              f" (SQLDriverConnect); [28000] {SERVER}Login failed for user 'cm'. (18456)"),
    ("HY000", f"[HY000] {SERVER}Database 'CampaignManager' on server 'sql-1' is not currently available. Please retry "
              "the connection later. (40613) (SQLDriverConnect)"),
    ("HY000", f"[HY000] {SERVER}SHUTDOWN is in progress. (6005) (SQLExecDirectW)"),
    ("HY000", f"[HY000] {SERVER}Cannot continue the execution because the session is in the kill state. (596) "
              "(SQLExecDirectW)"),
    ("42000", f"[42000] {SERVER}The transaction log for database 'CampaignManager' is full due to 'LOG_BACKUP'. (9002) "
              "(SQLExecDirectW)"),
    ("42000", f"[42000] {SERVER}Could not allocate space for object 'dbo.callback' because the 'PRIMARY' filegroup is "
              "full. (1105) (SQLExecDirectW)"),
]  # fmt: skip

SLOW = [
    ("HYT00", f"[HYT00] {DRIVER}Query timeout expired (0) (SQLExecDirectW)"),
    ("HYT00", f"[HYT00] {DRIVER}Query timeout expired (0) (SQLExecute)"),
]

DUPLICATES = [
    ("23000", f"[23000] {SERVER}Violation of UNIQUE KEY constraint 'uq_slot_pool_id_start_at'. Cannot insert duplicate "
              "key in object 'dbo.slot'. The duplicate key value is (1, 2026-11-23 15:00:00.0000000). (2627) "
              f"(SQLExecDirectW); [23000] {SERVER}The statement has been terminated. (3621)"),
    ("23000", f"[23000] {SERVER}Cannot insert duplicate key row in object 'dbo.callback' with unique index "
              "'uq_callback_phone_open_rank'. The duplicate key value is (+13125550142, 1). (2601) (SQLExecDirectW); "
              f"[01000] {SERVER}The statement has been terminated. (3621)"),
]  # fmt: skip

OTHERS = [
    ("42S02", f"[42S02] {SERVER}Invalid object name 'slot'. (208) (SQLExecDirectW)"),
    ("22001", f"[22001] {SERVER}String or binary data would be truncated in table 'dbo.callback', column 'first_name'. "
              "Truncated value: 'x (1205)'. (2628) (SQLExecDirectW)"),
    ("23000", f"[23000] {SERVER}The INSERT statement conflicted with the FOREIGN KEY constraint. (547) "
              f"(SQLExecDirectW); [01000] {SERVER}The statement has been terminated. (3621)"),
    ("28000", f"[28000] {SERVER}Login failed for user 'cm'. (18456) (SQLDriverConnect)"),
    ("42000", f"[42000] {SERVER}The server principal 'cm' is not able to access the database 'CampaignManager' "
              "under the current security context. (916) (SQLDriverConnect)"),
    ("01000", "[01000] [unixODBC][Driver Manager]Can't open lib 'x' : file not found (0) (SQLDriverConnect)"),
    ("42000", f"[42000] {SERVER}Incorrect syntax near '10054'. (102) (SQLExecDirectW)"),
    ("22012", f"[22012] {SERVER}Divide by zero error encountered: (1205) (8134) (SQLExecDirectW)"),
    ("HY000", "The driver did not supply an error!"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "state", "text"),
    [
        (fault, *error)
        for fault, errors in [
            (ErrorClass.CONFLICT, CONFLICTS),
            (ErrorClass.CONNECTION, CONNECTIONS),
            (ErrorClass.SLOW, SLOW),
            (ErrorClass.DUPLICATE, DUPLICATES),
            (ErrorClass.OTHER, OTHERS),
        ]
        for error in errors
    ],
)
def test_an_error_of_sql_server_calls_for_what_its_number_or_state_says(
    fault: ErrorClass, state: str, text: str
) -> None:
    assert classify(raised(state, text)) is fault


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (ErrorClass.CONNECTION, OperationalError("", None, sqlite3.OperationalError("database is locked"))),
        (ErrorClass.CONNECTION, OperationalError("", None, sqlite3.OperationalError("unable to open database file"))),
        (ErrorClass.CONNECTION, OperationalError("", None, sqlite3.OperationalError("disk I/O error"))),
        (ErrorClass.CONNECTION, OperationalError("", None, sqlite3.OperationalError("database or disk is full"))),
        (ErrorClass.CONNECTION, OperationalError("", None,
                                            sqlite3.OperationalError("attempt to write a readonly database"))),
        (ErrorClass.DUPLICATE, IntegrityError("", None,
                                              sqlite3.IntegrityError("UNIQUE constraint failed: slot.pool_id"))),
        (ErrorClass.OTHER, IntegrityError("", None, sqlite3.IntegrityError("FOREIGN KEY constraint failed"))),
        (ErrorClass.OTHER, IntegrityError("", None, sqlite3.IntegrityError("CHECK constraint failed: ck_slot_booked"))),
        (ErrorClass.OTHER, OperationalError("", None, sqlite3.OperationalError("no such table: slot"))),
        (ErrorClass.OTHER, ProgrammingError("", None,
                                            sqlite3.ProgrammingError("Cannot operate on a closed database."))),
    ],
)  # fmt: skip
def test_an_error_of_sqlite_calls_for_what_its_text_says(fault: ErrorClass, error: DBAPIError) -> None:
    assert classify(error) is fault


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (ErrorClass.CONNECTION, PoolTimeout("QueuePool limit of size 8 overflow 8 reached")),
        (ErrorClass.CONNECTION, WriteQueueTimeout()),
        (ErrorClass.OTHER, Unavailable("The database does not answer.")),
        (ErrorClass.OTHER, ValueError("a naive datetime was about to be stored; pass an aware one")),
        (ErrorClass.OTHER, KeyError("skill")),
    ],
)
def test_other_errors_are_never_run_again_but_for_our_own_queues(fault: ErrorClass, error: Exception) -> None:
    assert classify(error) is fault


def test_a_connection_that_sqlalchemy_found_dead_is_a_lost_connection() -> None:
    error = DBAPIError("", None, pyodbc.Error("HY000", "?"), connection_invalidated=True)
    assert classify(error) is ErrorClass.CONNECTION


def test_a_server_lost_while_it_is_first_asked_what_it_can_do_is_a_lost_connection() -> None:
    assert classify(ResourceClosedError("This Connection is closed")) is ErrorClass.CONNECTION
    assert classify(ResourceClosedError("This result object does not return rows.")) is ErrorClass.OTHER
