"""Fixtures: a fresh, migrated database for each test.

SQLite in the test's own folder by default. With
CM_TEST_DATABASE_URL=mssql+pyodbc://user:password@host:port/master?driver=… the same tests run on that server: each
worker makes a database of its own there and drops it at the end.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from shared.db import migrate
from shared.db.models import Base
from shared.db.session import Database
from tests.support.configured_database import World, build_world
from tests.support.until import until

SERVER = os.environ.get("CM_TEST_DATABASE_URL", "")
ON_SERVER = SERVER.startswith("mssql")
sqlite_only = pytest.mark.skipif(ON_SERVER, reason="about SQLite; CM_TEST_DATABASE_URL names a server")


class FileDatabase:
    """A SQLite file of this worker's own, a new one for each test. The Database stays: it has compiled the statements
    already, which takes longer than most tests."""

    def __init__(self, folder: Path) -> None:
        self._path, self._template = folder / "campaign-manager.db", folder / "template.db"
        with closing(Database(f"sqlite:///{self._template}")) as database:
            migrate.upgrade(database)
        self.url = f"sqlite:///{self._path}"
        self.database = Database(self.url, timeout=10)

    def emptied(self) -> "FileDatabase":
        """A copy of a migrated file instead of the last test's; who has that one open keeps it, without a name."""
        self.database.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self._template, self._path)
        return self


@pytest.fixture(scope="session")
def _in_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileDatabase]:
    own = FileDatabase(tmp_path_factory.mktemp("database"))
    yield own
    own.database.close()


class ServerDatabase:
    """A database of this worker's own on the server. It is emptied between tests, and its connections stay open."""

    def __init__(self, url: str) -> None:
        self.url, self.database = url, Database(url, timeout=30)
        migrate.upgrade(self.database)
        with self.database.reading() as connection:
            tables = [(table, connection.execute(table.select()).mappings().all()) for table in _TABLES]
        self._seed = [(table, [dict(row) for row in rows]) for table, rows in tables if rows]

    def emptied(self) -> "ServerDatabase":
        """Empty all tables but for the rows that the migrations insert."""
        with self.database.writing() as tx:
            with closing(tx.connection.cursor()) as cursor:
                cursor.execute("; ".join(str(table.delete()) for table in reversed(_TABLES)))
                while cursor.nextset():  # the driver raises a later statement's error only when it is asked for it
                    pass
            for table, rows in self._seed:
                tx.execute(table.insert(), rows)
            tx.commit()
        return self


_TABLES = Base.metadata.sorted_tables


@pytest.fixture(scope="session")
def _on_server() -> Iterator[ServerDatabase]:
    name = f"cm_test_{uuid.uuid4().hex[:12]}"
    server = make_url(SERVER)
    _administer(server, f"CREATE DATABASE {name}")
    own = ServerDatabase(server.set(database=name).render_as_string(hide_password=False))
    yield own
    own.database.close()
    _administer(server, f"DROP DATABASE {name}")


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes an empty database, without any table, and gives its URL."""
    made: list[str] = []

    def make() -> str:
        name = f"cm_test_{uuid.uuid4().hex[:12]}"
        if not ON_SERVER:
            return f"sqlite:///{tmp_path}/{name}.db"
        _administer(make_url(SERVER), f"CREATE DATABASE {name}")
        made.append(name)
        return make_url(SERVER).set(database=name).render_as_string(hide_password=False)

    yield make
    for name in made:
        _administer(make_url(SERVER), f"DROP DATABASE {name}")


def _dropped(name: str) -> bool:
    _administer(make_url(SERVER), f"DROP DATABASE {name}")
    return True


@contextmanager
def database_settings() -> Iterator[dict[str, str]]:
    """The settings of a whole stack of a test: an empty database of its own on the server, if tests run on one."""
    if not ON_SERVER:
        yield {}
        return
    name = f"cm_test_{uuid.uuid4().hex[:12]}"
    _administer(make_url(SERVER), f"CREATE DATABASE {name}")
    try:
        yield {"CM_DATABASE_URL": make_url(SERVER).set(database=name).render_as_string(hide_password=False)}
    finally:
        # The server may take a moment to see that the services have left.
        until(lambda: _dropped(name), timeout=20, every=0.5)


@pytest.fixture
def _own(request: pytest.FixtureRequest) -> FileDatabase | ServerDatabase:
    """This worker's database, as it is after the migrations."""
    own: FileDatabase | ServerDatabase = request.getfixturevalue("_on_server" if ON_SERVER else "_in_file")
    return own.emptied()


@pytest.fixture
def database_url(_own: FileDatabase | ServerDatabase) -> str:
    """The URL of a fresh, migrated database, for tests that start processes."""
    return _own.url


@pytest.fixture
def connect(database_url: str) -> Iterator[Callable[..., Database]]:
    """Another Database on the same data, as another process or node would have."""
    with ExitStack() as opened:

        def connected(**options: Any) -> Database:
            return opened.enter_context(closing(Database(database_url, **{"timeout": 10, **options})))

        yield connected


@pytest.fixture
def database(_own: FileDatabase | ServerDatabase) -> Database:
    """A fresh, migrated database."""
    return _own.database


@pytest.fixture
def world(database: Database) -> World:
    """Skill Billing, campaign Billing_Callback, 3 places in every half hour, Chicago time."""
    return build_world(database)


def _administer(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
