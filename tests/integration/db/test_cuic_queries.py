"""CUIC's queries keep CUIC's rules, and run on the views; on a server they run as CUIC would send them."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.reports.views import view_sql
from tests.integration.db.test_retention import callback, request
from tests.support.configured_database import NOW, World
from tests.support.databases import ON_SERVER

QUERIES = sorted((Path(__file__).parents[3] / "deploy" / "cuic").glob("*.sql"))


def query(file: Path) -> str:
    """The query as it is pasted into CUIC: without comment lines."""
    return "\n".join(line for line in file.read_text().splitlines() if not line.startswith("--"))


def columns(file: Path) -> list[str]:
    return re.findall(r" AS (\w+)(?:,|\nFROM)", query(file))


def test_there_is_a_query_for_each_view() -> None:
    assert sorted(f"report_{file.stem}" for file in QUERIES) == sorted(view_sql("mssql"))


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_a_query_keeps_cuics_rules(file: Path) -> None:
    """ucce/REFERENCE.md 6.2: at most 25,000 characters, no comments, every column with a unique alias, no SELECT *."""
    sql = query(file)
    assert len(sql) <= 25_000
    assert "--" not in sql
    assert "/*" not in sql
    assert not re.search(r"\bSELECT\s+\*", sql)
    assert len(columns(file)) == len(set(columns(file)))
    head = sql.split("\nFROM", 1)[0].removeprefix("SELECT").strip()
    assert all(re.search(r" AS \w+,?$", line) for line in head.splitlines())


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_a_query_runs_on_its_view(file: Path, world: World) -> None:
    callback(world, NOW)
    callback(world, NOW, "scheduled", open_rank=1)
    request(world, NOW, "no_slots")
    sql = query(file)
    if not ON_SERVER:
        sql = sql.replace("DATEDIFF(minute, SYSUTCDATETIME(), r.due_at)", "0")  # the one thing that only T-SQL has
    with world.database.reading() as connection:
        rows = connection.execute(text(sql)).mappings().all()
    assert rows
    assert list(rows[0]) == columns(file)
