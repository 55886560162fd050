"""A T-SQL parser reads every batch of the scripts for SQL Server, and the schema as SQLAlchemy writes it."""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlalchemy.dialects import mssql
from sqlalchemy.schema import CreateIndex, CreateTable

from shared.db.models import Base
from shared.reports.views import view_sql

SQL = Path(__file__).parents[3] / "deploy" / "sql"


def batches(script: Path) -> list[str]:
    """As sqlcmd sends them: its own commands gone, its variables replaced."""
    text = re.sub(r"^:.*$", "", script.read_text(), flags=re.MULTILINE)
    text = re.sub(r"\$\((\w+Sid)\)", "0x01", text)
    text = re.sub(r"\$\((BackupDays|ListenerPort|RequiredSecondaries)\)", "14", text)
    text = text.replace("$(Options)", "DB_FAILOVER = ON")
    text = re.sub(r"\$\((\w+)\)", r"\1", text)
    return [batch for batch in re.split(r"^GO\s*$", text, flags=re.MULTILINE) if batch.strip()]


@pytest.mark.parametrize("script", sorted(SQL.glob("*.sql")), ids=lambda script: script.name)
def test_every_batch_of_a_script_is_t_sql(script: Path) -> None:
    for batch in batches(script):
        assert sqlglot.parse(batch, read="tsql"), batch


@pytest.mark.parametrize("script", sorted(SQL.glob("*.sql")), ids=lambda script: script.name)
def test_a_script_is_called_so_that_filtered_indexes_are_allowed_and_an_error_ends_it(script: Path) -> None:
    calls = [line for line in script.read_text().splitlines() if line.startswith("--   sqlcmd ")]
    assert calls
    assert [call for call in calls if " -b " not in call or " -I " not in call] == []


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_and_index_is_t_sql(table: object) -> None:
    dialect = mssql.dialect()
    ddl = [CreateTable(table), *(CreateIndex(index) for index in table.indexes)]  # type: ignore[arg-type,attr-defined]
    for statement in ddl:
        assert sqlglot.parse_one(str(statement.compile(dialect=dialect)), read="tsql")


@pytest.mark.parametrize(("name", "select"), view_sql("mssql").items())
def test_every_report_view_is_t_sql(name: str, select: str) -> None:
    assert sqlglot.parse_one(f"CREATE VIEW {name} AS {select.strip()}", read="tsql")
