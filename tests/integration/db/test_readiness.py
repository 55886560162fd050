"""A node whose database cannot serve is not ready: it gives the load balancer one word and the log one sentence."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.booking_api.app import create_app
from shared.db import schema_version
from shared.db.schema_version import schema_state
from shared.db.session import Database
from shared.redis_client import RedisClient
from shared.web.dependencies import dependencies_of
from shared.web.health import DatabaseReadiness
from tests.support.booking_api import NO_REDIS, web_settings
from tests.support.configured_database import World
from tests.support.databases import ON_SERVER, sqlite_only
from tests.support.statements import watched


def logged(caplog: pytest.LogCaptureFixture) -> list[Any]:
    """The events of the services' log: structlog makes a record's message a dict, which logging declares as a text."""
    return [record.msg for record in caplog.records if isinstance(record.msg, dict)]


def why(database: Database, caplog: pytest.LogCaptureFixture) -> tuple[str | None, str]:
    """The word for the load balancer and the sentence for the operator."""
    caplog.clear()
    with caplog.at_level("INFO"):
        reason = DatabaseReadiness(database)()
    told = [line for line in logged(caplog) if line["event"] == "not_ready"]
    assert not any(record.exc_info for record in caplog.records)
    return reason, str(told[0]["problem"]) if told else ""


def test_a_migrated_database_is_ready(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    assert why(database, caplog) == (None, "")


def test_an_old_schema_is_told_with_the_command_that_mends_it(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for migration in ("0001_create_the_schema.py", "0002_of_the_next_version.py"):
        (tmp_path / migration).touch()
    monkeypatch.setattr(schema_version, "_FILES", tmp_path)
    reason, problem = why(database, caplog)
    assert reason == "schema"
    assert "at 0001, this version needs 0002" in problem
    assert "python -m shared.db.migrate" in problem


def test_a_schema_of_a_later_version_serves_so_that_nodes_can_be_upgraded_one_by_one(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.writing() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        tx.commit()
    try:
        assert why(database, caplog) == (None, "")
        assert any(line["event"] == "schema_newer" for line in logged(caplog))
    finally:
        _restore(database)


@sqlite_only
def test_an_empty_database_wants_its_migrations(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/empty.db")) as database:
        reason, problem = why(database, caplog)
    assert reason == "schema"
    assert "python -m shared.db.migrate" in problem


@sqlite_only
def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "notes.db").write_text("these are my notes, not a database " * 100)
    with closing(Database(f"sqlite:///{tmp_path}/notes.db")) as database:
        reason, problem = why(database, caplog)
    assert reason == "database"
    assert "no SQLite database" in problem


def _restore(database: Database) -> None:
    with database.writing() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": schema_state(database)[1]})
        tx.commit()


def test_a_service_that_is_ready_has_the_snapshot_in_memory(world: World) -> None:
    with closing(RedisClient(NO_REDIS, 0.1)) as cache:
        app = create_app(web_settings(), database=world.database, cache=cache)
        assert dependencies_of(app).readiness() is None
        with watched(world.database) as seen:
            assert dependencies_of(app).config_cache.current().skill_named("Billing")
    # On a slow server the snapshot may be past its maximum age already: then its version is read.
    may_ask = "FROM config_version" if ON_SERVER else "nothing at all"
    assert [statement for statement in seen.texts if may_ask not in statement] == []
