"""Every database error that an operator can meet has a text with its cause and cure, and a class for the retry."""

import pyodbc
import pytest
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.db.error_advice import advice_for
from shared.db.error_classes import ErrorClass, classify
from shared.db.sqlite_write_queue import WriteQueueTimeout

ODBC = "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]"


def odbc(state: str, text: str, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    """An error as pyodbc raises it and SQLAlchemy wraps it."""
    return kind("SELECT 1", None, pyodbc.Error(state, f"[{state}] {text}"))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (odbc("28000", f"{ODBC}Login failed for user 'x'. (18456) (SQLDriverConnect)", InterfaceError), "login failed"),
        (odbc("42000", f'{ODBC}Cannot open database "CM" requested by the login. (4060) (SQLDriverConnect); [28000] '
                       f"{ODBC}Login failed for user 'cm_app'. (18456)"), "may not open this database"),
        (odbc("42000", f"{ODBC}The SELECT permission was denied on the object 'slot'. (229) (SQLExecDirectW)",
              ProgrammingError), "role cm_app"),
        (odbc("42000", f"{ODBC}CREATE TABLE permission denied. (262) (SQLExecDirectW)"), "cm_migration"),
        (odbc("42S02", f"{ODBC}Invalid object name 'slot'. (208) (SQLExecDirectW)"), "shared.db.migrate"),
        (odbc("42000", f"{ODBC}Failed to update: read-only. (3906) (SQLExecDirectW)"), "listener"),
        (odbc("42000", f"{ODBC}It is in an availability group. (978) (SQLDriverConnect)"), "listener"),
        (odbc("01000", "[unixODBC][Driver Manager]Can't open lib 'x' : file not found (0) (SQLDriverConnect)"),
         "msodbcsql18"),
        (odbc("08001", "[Microsoft][ODBC Driver 18 for SQL Server]SSL Provider: [error:0A000086:SSL routines::"
                       "certificate verify failed:self-signed certificate] (-1) (SQLDriverConnect)"), "not trusted"),
        (odbc("HYT00", "[Microsoft][ODBC Driver 18 for SQL Server]Login timeout expired (0) (SQLDriverConnect)"),
         "firewall"),
        (PoolTimeout(), "CM_DATABASE_POOL_SIZE"),
        (WriteQueueTimeout(), "another process"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_cure(error: BaseException, words: str) -> None:
    assert words in advice_for(error)


def test_an_unknown_fault_names_its_numbers_and_never_the_drivers_text() -> None:
    told = advice_for(odbc("42000", f"{ODBC}Something with hunter2 in it. (31337) (SQLExecDirectW)"))
    assert "31337" in told
    assert "hunter2" not in told


@pytest.mark.parametrize("number", [976, 978, 979, 982, 983, 988, 3906, 4060, 10053, 10054, 40613])
def test_what_a_failover_answers_is_a_lost_connection(number: int) -> None:
    assert classify(odbc("42000", f"{ODBC}words ({number}) (SQLExecDirectW)")) is ErrorClass.CONNECTION


@pytest.mark.parametrize("number", [1204, 1205, 1222, 3960, 41839])
def test_what_another_transaction_caused_is_a_conflict(number: int) -> None:
    assert classify(odbc("42000", f"{ODBC}words ({number}) (SQLExecDirectW)")) is ErrorClass.CONFLICT


@pytest.mark.parametrize("number", [229, 208, 18456, 8152])
def test_what_does_not_pass_by_itself_is_never_retried(number: int) -> None:
    assert classify(odbc("42000", f"{ODBC}words ({number}) (SQLExecDirectW)")) is ErrorClass.OTHER
