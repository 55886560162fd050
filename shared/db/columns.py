"""Column types that hold on both engines and refuse what would be stored wrongly."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from types import ModuleType
from typing import Any

from sqlalchemy import (
    DATE,
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Integer,
    Unicode,
    UnicodeText,
    null,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator, TypeEngine


def _of_sql_server() -> ModuleType:
    """SQLAlchemy's types of SQL Server. To import them takes a tenth of a second, which a process on SQLite has no use
    for; one on SQL Server has done so already."""
    return import_module("sqlalchemy.dialects.mssql")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, DATETIME2 in UTC in the database (CUIC cannot read DATETIMEOFFSET)."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "mssql":
            return dialect.type_descriptor(_of_sql_server().DATETIME2(6))
        return dialect.type_descriptor(DateTime())

    def bind_expression(self, bindvalue: BindParameter[datetime]) -> ColumnElement[datetime]:
        return _AsColumn(bindvalue)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was about to be stored; pass an aware one")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class _AsColumn(ColumnElement[datetime]):
    """A bound instant with the precision of its column: Microsoft's driver declares each as DATETIME2(7), and SQL
    Server would convert the column to compare the two."""

    inherit_cache = True
    _traverse_internals = [("instant", InternalTraversal.dp_clauseelement)]  # noqa: RUF012 - as SQLAlchemy reads it

    def __init__(self, instant: BindParameter[datetime]) -> None:
        self.instant, self.type = instant, instant.type


@compiles(_AsColumn)
def _unchanged(element: _AsColumn, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.instant, **{**how, "skip_bind_expression": True})


@compiles(_AsColumn, "mssql")
def _converted(element: _AsColumn, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST({_unchanged(element, compiler, **how)} AS DATETIME2(6))"


class Json(TypeDecorator[Any]):
    """A small JSON document in an NVARCHAR(MAX): SQL Server before 2025 has no JSON column type."""

    impl = UnicodeText
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "mssql":
            return dialect.type_descriptor(
                _of_sql_server().NVARCHAR(None)
            )  # SQLAlchemy would take the deprecated NTEXT offline
        return dialect.type_descriptor(UnicodeText())

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


# As a script, without a server to ask for its version, SQLAlchemy would write the DATETIME of SQL Server 2005.
LOCAL_DATE = Date().with_variant(DATE(), "mssql")


def truncate_utf16(text: str, length: int) -> str:
    """As much of `text` as an NVARCHAR(length) holds on either engine: it counts UTF-16 units; NUL and halves of
    surrogate pairs can't be stored everywhere."""
    units = text.replace("\x00", "").encode("utf-16-le", "replace")
    return units[: 2 * length].decode("utf-16-le", "ignore")


def explicit_nulls(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with a NULL of the statement's own for each None.

    To bind a None, pyodbc first asks the server for the parameter's type: another round trip, within the transaction.
    """
    return {name: null() if value is None else value for name, value in values.items()}


def without_nulls(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row to insert without its NULLs: they are what a column holds anyway, and the driver asks the server about
    each that is bound."""
    return {column: value for column, value in row.items() if value is not None}


# SQLite numbers rows by itself only in a column declared INTEGER, which holds 64 bits there anyway.
BIG_ID = BigInteger().with_variant(Integer(), "sqlite")


def nvarchar(length: int | None) -> Unicode:
    """NVARCHAR(length), for None NVARCHAR(MAX): pyodbc sends Unicode, and a VARCHAR column loses its index by it."""
    return Unicode(length)


def exact_nvarchar(length: int) -> Unicode:
    """NVARCHAR(length) that tells `k` from `K`: SQL Server's usual collation takes them as equal, SQLite does not."""
    return nvarchar(length).with_variant(Unicode(length, collation="Latin1_General_100_BIN2"), "mssql")
