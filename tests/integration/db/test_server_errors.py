"""On a server (CM_TEST_DATABASE_URL): a wrong login, a missing database and missing rights are reported with the cure.

The errors of an availability group are in tests/unit/db/test_error_advice.py, by their numbers.
"""

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from deploy.sandbox.servers import PLAIN_ENV
from shared.db.session import Database, retried
from shared.errors import Unavailable
from tests.integration.db.test_readiness import why
from tests.support.databases import ON_SERVER, SERVER

pytestmark = pytest.mark.skipif(not ON_SERVER, reason="needs a server: CM_TEST_DATABASE_URL")


@pytest.fixture
def database_address(database_url: str) -> URL:
    return make_url(database_url)


@pytest.fixture
def newcomer_address(database_address: URL) -> Iterator[URL]:
    """A login with a user in the database and no right at all."""
    name, password = f"cm_test_{secrets.token_hex(4)}", f"A{secrets.token_hex(12)}!"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    inside = create_engine(database_address, isolation_level="AUTOCOMMIT")
    with server.connect() as admin:
        admin.execute(text(f"CREATE LOGIN {name} WITH PASSWORD = '{password}'"))
    with inside.connect() as owner:
        owner.execute(text(f"CREATE USER {name} FOR LOGIN {name}"))
    yield database_address.set(username=name, password=password)
    with inside.connect() as owner:
        owner.execute(text(f"DROP USER {name}"))
    with server.connect() as admin:
        admin.execute(text(f"DROP LOGIN {name}"))
    inside.dispose()
    server.dispose()


def opened(url: URL) -> Database:
    return Database(url.render_as_string(hide_password=False), timeout=5)


def test_a_wrong_password_is_told_as_a_failed_login(database_address: URL, caplog: pytest.LogCaptureFixture) -> None:
    with closing(opened(database_address.set(password="certainly-not-this"))) as database:
        reason, problem = why(database, caplog)
    assert reason == "database"
    assert "the login failed" in problem


def test_a_missing_database_is_told_as_such(database_address: URL, caplog: pytest.LogCaptureFixture) -> None:
    with closing(opened(database_address.set(database="cm_test_nowhere"))) as database:
        reason, problem = why(database, caplog)
    assert reason == "database"
    assert "10_database.sql" in problem


def test_a_login_without_rights_is_told_which_role_it_needs(
    newcomer_address: URL, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(opened(newcomer_address)) as database:
        reason, problem = why(database, caplog)
    assert reason == "schema"  # a login does not see tables that it has no rights on
    assert "cm_app" in problem


def test_a_login_that_may_only_read_is_told_what_it_lacks(
    database_address: URL, newcomer_address: URL, caplog: pytest.LogCaptureFixture
) -> None:
    owner = create_engine(database_address, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        for table in ("alembic_version", "api_client"):
            connection.execute(text(f"GRANT SELECT ON {table} TO {newcomer_address.username}"))
    with closing(opened(newcomer_address)) as database:
        reason, problem = why(database, caplog)
    with owner.connect() as connection:
        for table in ("alembic_version", "api_client"):
            connection.execute(text(f"REVOKE SELECT ON {table} FROM {newcomer_address.username}"))  # noqa: S608 - our own names
    owner.dispose()
    assert reason == "rights"
    assert "INSERT on api_client" in problem


def test_a_report_over_its_limit_is_refused_as_too_long_and_the_other_connections_are_kept(
    database_address: URL,
) -> None:
    def sessions() -> set[int]:
        with ExitStack() as held:
            connections = [held.enter_context(database.reading()) for _ in range(2)]
            return {connection.exec_driver_sql("SELECT @@SPID").scalar_one() for connection in connections}

    def report(database: Database) -> None:
        with database.reading(1.0) as connection:
            connection.exec_driver_sql("WAITFOR DELAY '00:00:20'")

    with closing(opened(database_address)) as database:
        before = sessions()
        began = time.monotonic()
        with pytest.raises(Unavailable, match="takes the database too long"):
            retried(report)(database)
        assert time.monotonic() - began < 10, "it was tried again"
        assert len(before & sessions()) == 1


@pytest.mark.parametrize("program", ["shared.db.migrate", "services.admin_api.identity.create_admin --password-stdin"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "certainly-not-this"}, "the login failed"),
        ({"database": "cm_test_nowhere"}, "does not exist"),
        ({"host": "127.0.0.1", "port": 1}, "firewall"),
    ],
)
def test_a_program_that_cannot_reach_its_database_ends_with_one_sentence(
    database_address: URL, change: dict[str, Any], words: str, program: str
) -> None:
    env = {**PLAIN_ENV, "CM_DATABASE_URL": database_address.set(**change).render_as_string(hide_password=False)}
    done = subprocess.run(
        [sys.executable, "-m", *program.split()],
        env=env, input="correct horse battery\n", capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    told = done.stderr if program == "shared.db.migrate" else done.stdout + done.stderr
    assert words in told
    assert "Traceback" not in done.stdout + done.stderr
    assert "certainly-not-this" not in done.stdout + done.stderr


def test_a_worker_whose_login_is_refused_says_so_in_a_line_of_its_log(database_address: URL) -> None:
    url = database_address.set(password="certainly-not-this").render_as_string(hide_password=False)
    env = {
        **PLAIN_ENV, "CM_DATABASE_URL": url, "CM_ZOOKEEPER_HOSTS": "127.0.0.1:1", "CM_UCCE_URL": "https://127.0.0.1:1",
        "CM_UCCE_USER": "u@d", "CM_UCCE_PASSWORD": "not-used", "CM_WORKER_PORT": "0",
    }  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-m", "services.dialer_sync"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    said: list[str] = []
    try:
        assert worker.stdout
        for line in worker.stdout:
            said.append(line)
            if "the login failed" in line:
                break
    finally:
        worker.terminate()
        said.extend(worker.communicate(timeout=30)[0].splitlines())
    assert any("the login failed" in line for line in said)
    assert not any("Traceback" in line for line in said)
