"""The scripts for SQL Server: no secrets in them, no variable that is not explained, grants for exactly our views."""

import re
from pathlib import Path

import pytest

from shared.db.error_advice import APPEND_ONLY
from shared.reports.views import view_sql

SQL = Path(__file__).parents[3] / "deploy" / "sql"
SCRIPTS = sorted(SQL.glob("*.sql"))


def code(script: Path) -> str:
    """The script without comments."""
    return re.sub(r"--[^\n]*", "", script.read_text())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_every_variable_of_a_script_is_explained_at_its_top(script: Path) -> None:
    top = script.read_text().split("SET NOCOUNT ON", 1)[0]
    assert [name for name in set(re.findall(r"\$\((\w+)\)", code(script))) if name not in top] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_holds_a_password(script: Path) -> None:
    assert re.findall(r"PASSWORD\s*=\s*N?'(?!\$\()", code(script), re.IGNORECASE) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_what_a_script_makes_it_looks_for_first(script: Path) -> None:
    making = re.compile(r"^\s*CREATE (LOGIN|USER|ROLE|DATABASE|ENDPOINT|AVAILABILITY GROUP) ", re.MULTILINE)
    text = code(script)
    for made in making.finditer(text):
        before = text[: made.start()].rstrip().splitlines()[-6:]
        assert any("IF " in line for line in before), made[0]


def test_cuic_may_read_exactly_the_report_views() -> None:
    granted = re.findall(r"GRANT SELECT ON dbo\.(report_\w+) TO cm_report_role", code(SQL / "60_grants.sql"))
    assert sorted(granted) == sorted(view_sql("mssql"))


def test_the_services_get_rows_and_nothing_else() -> None:
    granted = re.findall(r"GRANT ([A-Z, ]+?) (?:ON \S+ )?TO cm_app_role", code(SQL / "21_users.sql"))
    assert granted == ["SELECT, INSERT, UPDATE, DELETE, EXECUTE"]


def test_of_the_audit_log_the_services_can_change_and_delete_nothing() -> None:
    denied = re.findall(r"DENY ([A-Z, ]+?) ON dbo\.(\w+) TO cm_app_role", code(SQL / "60_grants.sql"))
    assert denied == [("UPDATE, DELETE", table) for table in APPEND_ONLY]
    assert not re.search(r"GRANT (UPDATE|DELETE)[^;]* ON dbo\.", "".join(map(code, SCRIPTS)))
