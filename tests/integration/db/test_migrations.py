"""The migrations run up and down, by one process or by two at once, and give the schema of the models."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select

from shared.db import migrate
from shared.db.migrate import alembic_config, downgrade, upgrade
from shared.db.models import Base, ConfigVersion, Mastership
from shared.db.schema_version import known_revisions, schema_state
from shared.db.session import Database
from tests.support.configured_database import build_world
from tests.support.databases import ON_SERVER, sqlite_only


@pytest.fixture
def empty_database(new_database: Callable[[], str]) -> Iterator[Database]:
    """A database without any table."""
    with closing(Database(new_database(), timeout=30)) as database:
        yield database


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def views(database: Database) -> set[str]:
    return set(inspect(database.engine).get_view_names(schema=None))


def test_the_migrations_run_up_and_down_and_up_again(empty_database: Database) -> None:
    assert schema_state(empty_database)[0] is None
    upgrade(empty_database)
    current, needed = schema_state(empty_database)
    assert current == needed is not None
    assert tables(empty_database) == set(Base.metadata.tables)
    build_world(empty_database).book()
    downgrade(empty_database)
    assert tables(empty_database) == views(empty_database) & {"report_requests"} == set()
    upgrade(empty_database)
    assert build_world(empty_database).book().callback.status == "scheduled"


def test_an_up_to_date_schema_is_left_as_it_is(database: Database) -> None:
    build_world(database).book()
    before = schema_state(database)
    upgrade(database)
    assert schema_state(database) == before


@sqlite_only  # a server reports types and conditions in other forms
def test_the_tables_are_those_of_the_models_to_the_last_constraint(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_columns_are_those_of_the_models_and_may_be_empty_where_they_say(database: Database) -> None:
    there = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        found = {column["name"]: column["nullable"] for column in there.get_columns(table.name)}
        assert found == {column.name: column.nullable for column in table.columns}, table.name


def test_the_tables_of_one_row_have_it(database: Database) -> None:
    with database.reading() as connection:
        for model in (ConfigVersion, Mastership):
            assert connection.execute(select(func.count()).select_from(model)).scalar() == 1
        assert connection.execute(select(Mastership.epoch)).scalar() == 0


def migrating(url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "shared.db.migrate"], env={**os.environ, "CM_DATABASE_URL": url},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_of_processes_that_migrate_at_once_one_does_and_the_others_wait_and_find_it_done(
    new_database: Callable[[], str],
) -> None:
    url = new_database()
    all_of_them = [migrating(url) for _ in range(3)]
    said = [process.communicate(timeout=110) for process in all_of_them]
    assert [process.returncode for process in all_of_them] == [0, 0, 0], said
    found, done = "The schema is up to date.\n", f"The schema was brought to {known_revisions()[-1]}.\n"
    assert sorted(out for out, _ in said) == [found, found, done]
    with closing(Database(url, timeout=30)) as database:
        assert tables(database) == set(Base.metadata.tables)


@pytest.mark.skipif(not ON_SERVER, reason="needs a server: SQLite's own lock is waited for in the same way")
def test_who_waits_too_long_for_another_migration_says_so(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "TURN_TIMEOUT_SECONDS", 1)
    with empty_database.writing() as other:
        migrate.take_turn(other)
        with pytest.raises(migrate.UnderWay, match="another process has been migrating"):
            upgrade(empty_database)
    upgrade(empty_database)
    assert schema_state(empty_database)[0] == known_revisions()[-1]


@sqlite_only
def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/cm.db")) as database:
        with database.writing() as tx:
            tx.exec_driver_sql("CREATE VIEW report_results AS SELECT 1 AS one")
            tx.commit()
        with pytest.raises(Exception, match="already exists"):
            upgrade(database)  # the views come last
        assert tables(database) == set()
        assert schema_state(database)[0] is None


def test_the_newest_revision_is_alembics_head_and_all_are_known() -> None:
    script = ScriptDirectory.from_config(alembic_config())
    assert known_revisions() == [each.revision for each in script.walk_revisions()][::-1]
    assert script.get_current_head() == known_revisions()[-1]
