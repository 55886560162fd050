"""Faults of a database at the commit of a transaction and at the opening of a connection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from shared.db.session import Database


@contextmanager
def lost_answers(database: Database, times: int = 1) -> Iterator[list[str]]:
    """The next `times` commits reach the database, but their answer is lost. Yields the list of what happened."""

    def lose(commit: Callable[[Any], None], connection: Any) -> None:
        commit(connection)
        raise _connection_lost(database)

    with _at_commit(database, times, lose) as happened:
        yield happened


@contextmanager
def lost_commits(database: Database, times: int = 1) -> Iterator[list[str]]:
    """The next `times` commits do not reach the database."""

    def lose(_commit: Callable[[Any], None], connection: Any) -> None:
        connection.rollback()
        raise _connection_lost(database)

    with _at_commit(database, times, lose) as happened:
        yield happened


@contextmanager
def down(database: Database) -> Iterator[None]:
    """No connection can be opened, and the open ones are closed."""

    def refuse(*_: object) -> None:
        raise _connection_lost(database)

    event.listen(database.engine, "do_connect", refuse)
    database.engine.dispose()
    try:
        yield
    finally:
        event.remove(database.engine, "do_connect", refuse)


@contextmanager
def _at_commit(
    database: Database, times: int, instead: Callable[[Callable[[Any], None], Any], None]
) -> Iterator[list[str]]:
    dialect: Any = database.engine.dialect
    happened: list[str] = []
    commit = dialect.do_commit

    def do_commit(connection: Any) -> None:
        if len(happened) < times:
            happened.append("lost")
            instead(commit, connection)
        commit(connection)

    dialect.do_commit = do_commit
    try:
        yield happened
    finally:
        del dialect.do_commit  # the class's own again


def _connection_lost(database: Database) -> Exception:
    text: tuple[str, ...]
    if database.dialect == "sqlite":
        text = ("disk I/O error",)
    else:
        text = ("08S01", "[08S01] [Microsoft][ODBC Driver 18 for SQL Server]TCP Provider: Error code 0x2746 (10054) (SQLEndTran)")  # fmt: skip  # noqa: E501
    dialect: Any = database.engine.dialect
    error: Exception = dialect.loaded_dbapi.OperationalError(*text)
    return error
