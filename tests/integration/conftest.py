"""Checks and markers for every integration test."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, TextClause, event
from sqlalchemy.dialects import mssql
from sqlalchemy.sql.ddl import ExecutableDDLElement

from tests.support.tsql import problem_of

_T_SQL = mssql.dialect()
_known: set[str] = set()


@pytest.fixture(autouse=True, scope="session")
def _every_statement_is_t_sql() -> Iterator[None]:
    """Every statement that a test executes on SQLite in this process is parsed as T-SQL, in SQL Server's form."""
    event.listen(Engine, "before_cursor_execute", _read)
    yield
    event.remove(Engine, "before_cursor_execute", _read)


def _read(connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
    if statement in _known or connection.dialect.name != "sqlite":
        return
    _known.add(statement)
    element = context.compiled.statement if context is not None and context.compiled is not None else None
    if element is None or isinstance(element, TextClause | ExecutableDDLElement):
        return  # written for one engine
    written = str(element.compile(dialect=_T_SQL, compile_kwargs={"render_postcompile": True}))
    assert (problem := problem_of(written)) is None, f"{problem}: {written}"
