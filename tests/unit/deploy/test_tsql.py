"""A T-SQL parser reads every batch of the scripts for SQL Server, and the schema as SQLAlchemy writes it."""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint, delete, select, update
from sqlalchemy.dialects import mssql
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from shared.db.models import Attempt, Base, Callback, CallbackEvent, CallbackRequest, Slot
from shared.reports.views import view_sql
from tests.support.tables import table_of
from tests.support.tsql import TOP_IN_A_CHANGE, problem_of

SQL = Path(__file__).parents[3] / "deploy" / "sql"


def batches(script: Path) -> list[str]:
    """The batches as sqlcmd sends them: without its own commands, with its variables replaced."""
    text = re.sub(r"^:.*$", "", script.read_text(), flags=re.MULTILINE)
    text = re.sub(r"\$\((\w+Sid)\)", "0x01", text)
    text = re.sub(r"\$\((BackupDays|ListenerPort|RequiredSecondaries)\)", "14", text)
    text = text.replace("$(Options)", "DB_FAILOVER = ON")
    text = re.sub(r"\$\((\w+)\)", r"\1", text)
    text = re.sub(r"^DENY ", "GRANT ", text, flags=re.MULTILINE)  # the same words follow; the parser knows one of them
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
def test_every_table_and_index_is_t_sql(table: Table) -> None:
    dialect = mssql.dialect()
    ddl: list[ExecutableDDLElement] = [CreateTable(table), *map(CreateIndex, table.indexes)]
    for statement in ddl:
        assert sqlglot.parse_one(str(statement.compile(dialect=dialect)), read="tsql")


def test_a_limited_subquery_in_a_change_is_seen() -> None:
    numbers = select(Callback.account_number).where(Callback.status == "scheduled")
    for change in (update(Callback).values(status="expired"), delete(Callback)):
        for keys, expected in ((numbers, None), (numbers.limit(5), TOP_IN_A_CHANGE)):
            statement = change.where(Callback.account_number.in_(keys))
            compiled = statement.compile(dialect=mssql.dialect(), compile_kwargs={"render_postcompile": True})
            assert problem_of(str(compiled)) == expected


def test_the_claims_question_is_answered_by_its_index_alone() -> None:
    (index,) = (each for each in table_of(Callback).indexes if each.name == "ix_callback_due")
    ddl = str(CreateIndex(index).compile(dialect=mssql.dialect()))
    asked = {
        "status",
        "campaign_id",
        "due_at",
        "slot_start",
        "phone",
        "attempts",
        "erasure_id",
        "pool_id",
        "calling_zones",
    }  # and account_number, the row's key
    assert set(re.findall(r"\w+", ddl.partition(" ON callback ")[2])) - {"INCLUDE"} == asked


def test_every_foreign_key_of_a_table_that_grows_has_an_index() -> None:
    """Without one a delete in the referenced table scans the whole referencing table."""
    bare = []
    for model in (Attempt, Callback, CallbackEvent, CallbackRequest, Slot):
        table = table_of(model)
        led = {next(iter(index.columns)).name for index in table.indexes
               if index.dialect_options["mssql"]["where"] is None}  # fmt: skip
        led |= {next(iter(each.columns)).name for each in table.constraints
                if isinstance(each, UniqueConstraint | PrimaryKeyConstraint)}  # fmt: skip
        bare += [f"{table.name}.{key.parent.name}" for key in table.foreign_keys if key.parent.name not in led]
    assert bare == []


@pytest.mark.parametrize(("name", "text"), view_sql("mssql").items())
def test_every_report_view_is_t_sql(name: str, text: str) -> None:
    assert sqlglot.parse_one(f"CREATE VIEW {name} AS {text.strip()}", read="tsql")
