"""The SQL that the migrations give SQL Server, as a script: `alembic upgrade head --sql`."""

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout

import pytest
from alembic import command
from sqlalchemy import Table
from sqlalchemy.dialects import mssql
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from shared.db.migrate import alembic_config
from shared.db.models import Base


@pytest.fixture(scope="module")
def script() -> Iterator[str]:
    written = io.StringIO()
    config = alembic_config()
    config.output_buffer = written
    with redirect_stdout(written), pytest.MonkeyPatch.context() as patch:
        patch.setenv("CM_SQL_DIALECT", "mssql")
        command.upgrade(config, "head", sql=True)
    own = "CREATE TABLE alembic_version"  # alembic's table, not ours, comes first
    before, after = written.getvalue().split("CREATE TABLE", 2)[1:]
    assert own.endswith(before.split()[0])
    yield f"CREATE TABLE{after}"


@pytest.mark.parametrize(
    "words",
    ["NVARCHAR(64)", "NVARCHAR(max)", "DATETIME2(6)", " BIT ", "BIGINT", "IDENTITY", "CHECK (", "FOREIGN KEY",
     "CREATE UNIQUE INDEX uq_callback_phone_open_rank ON callback (phone, open_rank) WHERE open_rank IS NOT NULL",
     "CREATE UNIQUE INDEX uq_callback_request_request_key ON callback_request (requester, request_key) "
     "WHERE request_key IS NOT NULL",
     "WHERE campaign_id IS NULL", "WHERE finished_at IS NULL", "INSERT INTO config_version (id, version) VALUES",
     "request_key NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NULL"],
)  # fmt: skip
def test_the_script_for_sql_server_has_each_of_these(script: str, words: str) -> None:
    assert words in re.sub(r"\s+", " ", script)


@pytest.mark.parametrize(
    "words",
    ["NTEXT", r"(?<!N)VARCHAR", r"\bCHAR\(", "DATETIMEOFFSET", r"\bDATETIME\b", r"\bTEXT\b", "BOOLEAN", "JSON",
     "MERGE", "CREATE OR ALTER", "ALTER VIEW", "AUTOINCREMENT"],
)  # fmt: skip
def test_the_script_for_sql_server_has_none_of_these(script: str, words: str) -> None:
    assert re.findall(words, script) == []


def _tables_and_indexes(sql: str) -> dict[str, list[str]]:
    """The lines of each CREATE TABLE, sorted: a migration may have columns in another order than the models."""
    found = {}
    for table, body in re.findall(r"CREATE TABLE (\w+) \(\n(.*?)\n\)", sql, re.DOTALL):
        found[table] = sorted(line.strip().rstrip(",").strip() for line in body.splitlines() if line.strip())
    for unique, index, rest in re.findall(r"CREATE (UNIQUE )?INDEX (\w+) ([^;]*)", sql):
        found[index] = [unique, *rest.split()]
    return found


def test_the_script_for_sql_server_creates_what_the_models_say(script: str) -> None:
    server = mssql.dialect(deprecate_large_types=True)
    statements: list[ExecutableDDLElement] = []
    for table in Base.metadata.sorted_tables:
        statements += [CreateTable(table), *map(CreateIndex, table.indexes)]
    models = ";\n".join(str(each.compile(dialect=server)) for each in statements)
    assert _tables_and_indexes(script) == _tables_and_indexes(models)


def names_of_parts(table: Table) -> list[object]:
    """The names of its constraints and indexes, empty where one has none."""
    return [*(each.name for each in table.constraints), *(each.name for each in table.indexes)]


def test_every_constraint_and_index_has_a_name() -> None:
    for table in Base.metadata.tables.values():
        assert all(names_of_parts(table)), table.name


def test_names_fit_sql_server() -> None:
    for table in Base.metadata.tables.values():
        names = [table.name, *map(str, names_of_parts(table))]
        assert max(map(len, names)) <= 128
