"""Doctor's lines on a database, on SQLite or (CM_TEST_DATABASE_URL) on a server."""

from dataclasses import replace

from environs import Env
from sqlalchemy.engine import make_url

from deploy.doctor import database
from deploy.doctor.finding import Finding, Verdict
from shared.config import common_settings
from tests.support.databases import ON_SERVER


def lines(url: str) -> dict[str, Finding]:
    settings = replace(common_settings(Env()), database_url=url, database_timeout=10.0)
    return {found.check: found for found in database.check(settings)}


def test_a_database_that_is_as_it_should_be_has_no_failure(database_url: str) -> None:
    found = lines(database_url)
    server = {"database role", "database options"} if ON_SERVER else {"database file"}
    assert {"database", "database clock", "migrations", "database rights"} | server <= found.keys()
    # A development server may keep another recovery model: a warning, no failure.
    assert [line for line in found.values() if line.verdict is Verdict.FAILED] == []
    if ON_SERVER:
        assert "SQL Server" in found["database"].text
        assert "READ_COMMITTED_SNAPSHOT is on" in found["database options"].text
        assert "can be written" in found["database role"].text


def test_a_password_is_in_no_line(database_url: str) -> None:
    password = make_url(database_url).password
    if password:
        assert not [line for line in lines(database_url).values() if password in line.text + line.cure]
