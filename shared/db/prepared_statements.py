"""SQL Server: statements stay prepared for as long as their connection is open, a cursor of the driver's for each.

The driver prepares a statement with parameters when it is first executed, and has the server forget it when its cursor
is closed: a round trip of its own, also between the last UPDATE and the COMMIT, and a compilation the next time.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pyodbc
from sqlalchemy import Dialect

MAX_KEPT = 64  # statements of a connection; the one that was not used for longest goes first

_Statement = tuple[str, int]  # its text, and the seconds of its limit: a cursor keeps the one it was made with
_Kept = dict[_Statement, Any]  # the driver's cursors that are not in use


class PreparedStatements:
    """Those of all connections of a dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._by_connection: dict[int, _Kept] = {}  # by id of the driver's connection, until `forget`
        kept_of = self._by_connection.setdefault

        class Context(dialect.execution_ctx_cls):  # type: ignore[name-defined, misc]
            def create_default_cursor(self) -> Any:
                driver = self.root_connection.connection.driver_connection
                return Cursor(driver, kept_of(id(driver), {}))

        dialect.execution_ctx_cls = Context

    def forget(self, driver: Any) -> _Kept:
        """Before a connection is closed: its cursors, which must live until it is (each is a round trip)."""
        return self._by_connection.pop(id(driver), {})


class Cursor:
    """A DBAPI cursor for one use: it borrows the cursor that has its statement prepared, or a new one."""

    def __init__(self, driver: Any, kept: _Kept) -> None:
        self._driver, self._kept = driver, kept
        self._cursor: Any = None
        self._statement: _Statement | None = None  # None: not to be kept
        self._sizes: Sequence[Any] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def setinputsizes(self, sizes: Sequence[Any]) -> None:
        self._sizes = sizes

    def execute(self, text: str, parameters: Sequence[Any] = ()) -> Any:
        self._take((text, self._driver.timeout) if parameters else None)
        return self._run(self._cursor.execute, text, parameters)

    def executemany(self, text: str, rows: Sequence[Sequence[Any]]) -> Any:
        self._take(None)
        return self._run(self._cursor.executemany, text, rows)

    def close(self) -> None:
        """Empty the borrowed cursor and give it back."""
        if self._statement is None:
            self._drop()
            return
        try:
            while self._cursor.nextset():  # what nobody read keeps the connection busy
                pass
        except pyodbc.Error:  # it failed while it was read
            self._drop()
        else:
            self._kept[self._statement] = self._cursor

    def _take(self, statement: _Statement | None) -> None:
        if self._cursor is not None:
            self.close()
        self._cursor = self._kept.pop(statement, None) if statement else None
        if self._cursor is None:
            if statement and len(self._kept) >= MAX_KEPT:
                self._kept.pop(next(iter(self._kept))).close()
            self._cursor = self._driver.cursor()
        self._statement = statement

    def _run(self, execute: Any, text: str, parameters: Any) -> Any:
        if self._sizes is not None:
            self._cursor.setinputsizes(self._sizes)
        try:
            return execute(text, parameters) if parameters else execute(text)
        except BaseException:
            self._statement = None
            raise

    def _drop(self) -> None:
        with suppress(pyodbc.Error):  # closed already, or its connection is lost
            self._cursor.close()
