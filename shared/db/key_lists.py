"""Conditions on many keys."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.sql.roles import ExpressionElementRole

CHUNK = 500  # keys in one statement: SQL Server takes 2,100 parameters at most


def one_of(column: ExpressionElementRole[Any], keys: Collection[Any]) -> ColumnElement[bool]:
    """`column IN (keys)` in few lengths (1, 2, 4 … 500), the last key repeated: a server compiles each of them."""
    listed = list(keys)
    length = min(1 << (len(listed) - 1).bit_length(), CHUNK) if listed else 0
    listed += listed[-1:] * (length - len(listed))
    return column.in_(listed)  # type: ignore[attr-defined, no-any-return]
