"""SQL Server: how a statement declares its parameters: by their columns, so that it is compiled once.

By itself the driver declares an NVARCHAR as long as its value and a time by a precision of its own: nearly every
booking would be another statement to the server, and fill its plan cache.
"""

from collections.abc import Sequence
from typing import Any

import pyodbc
from sqlalchemy import BigInteger, Dialect, Integer, String
from sqlalchemy.engine.interfaces import DBAPICursor, ExecuteStyle
from sqlalchemy.types import TypeEngine

from shared.db.columns import UtcDateTime

_MAX_NVARCHAR_UNITS = 4000  # UTF-16 units of an NVARCHAR that is not NVARCHAR(MAX), which is declared by a size of 0

_Declared = tuple[Any, int | None, int | None]  # SQL type, size, digits
_Parameter = tuple[str, Any, TypeEngine[Any]]  # name, SQL type as SQLAlchemy knows it, column type


def declare_by_column(dialect: Dialect) -> None:
    """Have the statements of this dialect declare their parameters by the types that they are bound with."""
    dialect.do_set_input_sizes = _declare  # type: ignore[method-assign, assignment]


def _declare(cursor: DBAPICursor, parameters: Sequence[_Parameter], context: Any) -> None:
    one = context.execute_style is ExecuteStyle.EXECUTE
    values = context.parameters[0] if one else [None] * len(parameters)
    cursor.setinputsizes([_declared(*both) for both in zip(parameters, values, strict=True)])


def _declared(parameter: _Parameter, value: Any) -> _Declared:
    _, usual, column = parameter
    if isinstance(column, UtcDateTime):
        return pyodbc.SQL_TYPE_TIMESTAMP, 26, 6
    if isinstance(column, Integer):
        large = isinstance(column, BigInteger) or (isinstance(value, int) and value.bit_length() > 31)
        return (pyodbc.SQL_BIGINT if large else pyodbc.SQL_INTEGER), 0, 0
    if isinstance(column, String) and column.length is not None:
        return pyodbc.SQL_WVARCHAR, _size(column.length, value), 0
    return usual if isinstance(usual, tuple) else (usual, None, None)


def _size(length: int, value: Any) -> int:
    """What is compared with a column may be longer than what it holds; the driver would refuse to send it."""
    units = len(value.encode("utf-16-le", "surrogatepass")) // 2 if isinstance(value, str) else 0
    return next((size for size in (length, _MAX_NVARCHAR_UNITS) if units <= size), 0)
