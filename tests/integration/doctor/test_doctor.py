"""Doctor on a whole running system, and on the same system with each dependency broken for real."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from kazoo.client import KazooClient
from sqlalchemy import text

from deploy.sandbox import certificate, ports
from deploy.sandbox.process import Process
from deploy.sandbox.stack import Stack
from deploy.sandbox.ucce_simulator.control_client import Control
from shared.db.schema_version import schema_state
from shared.db.session import Database
from tests.servers import sources
from tests.servers.stacks import running_stack
from tests.support.databases import sqlite_only
from tests.support.until import until

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A system of this module's own, whose parts the tests stop and start again."""
    sources.need_local_stack()
    with running_stack(tmp_path_factory.mktemp("doctor"), {}) as running:
        yield running


def doctor(system: Stack, *arguments: str, **settings: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit status and findings by check. Only the settings of the system and those given reach it."""
    env = {**_bare(), **system.env, "CM_ZOOKEEPER_SESSION_TIMEOUT": "6", "CM_UCCE_TIMEOUT": "2.5", **settings}
    done = _run(env, "--json", *arguments)
    return done.returncode, {found["check"]: found for found in json.loads(done.stdout)["findings"]}


def _run(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.doctor", *arguments]
    return subprocess.run(command, env=dict(env), capture_output=True, text=True, check=False, timeout=60)


def _bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CM_")}


@contextmanager
def stopped(process: Process) -> Iterator[None]:
    process.stop()
    try:
        yield
    finally:
        process.start()
        process.wait_ready()


def broken(found: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {name for name, finding in found.items() if finding["verdict"] == "failed"}


def test_all_is_well_on_a_healthy_system(system: Stack) -> None:
    status, found = doctor(system)
    assert broken(found) == set(), found
    assert status == 0
    assert {"database", "migrations", "redis", "zookeeper write", "ucce login", "ucce rights", "hand-over count",
            "booking-1", "worker-2",
            "master", "haproxy booking", "haproxy master", "https certificate"} <= found.keys()  # fmt: skip


def test_the_lines_for_people_hold_no_secret(system: Stack) -> None:
    done = _run({**_bare(), **system.env})
    assert "All is well" in done.stdout
    assert system.env["CM_UCCE_PASSWORD"] not in done.stdout + done.stderr
    assert system.env["CM_IVR_KEY"] not in done.stdout + done.stderr


def test_without_settings_it_finds_a_running_system_by_itself(system: Stack) -> None:
    done = _run({**_bare(), "CM_VAR_DIR": str(system.var)}, "--only", "database")
    assert done.returncode == 0
    assert "demo.env" in done.stdout


def test_every_failure_comes_with_a_cure(system: Stack) -> None:
    nothing = str(ports.free_port())
    _, found = doctor(
        system, CM_REDIS_URL=f"redis://127.0.0.1:{nothing}", CM_ZOOKEEPER_HOSTS=f"127.0.0.1:{nothing}",
        CM_UCCE_URL=f"https://127.0.0.1:{nothing}", CM_STATS_URL=f"http://127.0.0.1:{nothing}",
        CM_BOOKING_1_URL=f"http://127.0.0.1:{nothing}",
    )  # fmt: skip
    assert {"redis", "zookeeper write", "ucce certificate", "haproxy", "booking-1"} <= broken(found)
    assert all(found[name]["cure"] for name in broken(found))


def test_a_stopped_redis_is_one_failure(system: Stack) -> None:
    with stopped(system["redis"]):
        status, found = doctor(system)
    assert status == 1
    assert broken(found) == {"redis"}
    assert "rate limits are open" in found["redis"]["text"]


def test_a_stopped_zookeeper_leaves_nobody_master(system: Stack) -> None:
    with stopped(system["zookeeper"]):
        until(lambda: system.master() is None, 20)
        _, found = doctor(system, "--only", "zookeeper", "--only", "nodes")
    until(lambda: system.master() is not None, 30)
    assert {"zookeeper votes", "zookeeper write", "master"} <= broken(found)


def test_a_database_with_fewer_hand_overs_than_zookeeper_is_reported_as_having_lost_transactions(system: Stack) -> None:
    client = KazooClient(system.env["CM_ZOOKEEPER_HOSTS"])
    client.start()
    try:
        client.create("/forgetful/hand_overs", b"1000000", makepath=True)
    finally:
        client.stop()
        client.close()
    status, found = doctor(system, "--only", "hand_overs", CM_ZOOKEEPER_ROOT="/forgetful")
    assert (status, broken(found)) == (1, {"hand-over count"})
    assert "lost its last transactions" in found["hand-over count"]["text"]
    assert "deploy/README.md" in found["hand-over count"]["cure"]


def test_a_frozen_service_is_reported_by_itself_and_by_the_balancer(system: Stack) -> None:
    system["booking-2"].kill(signal.SIGSTOP)
    try:
        until(lambda: "haproxy booking" in broken(doctor(system, "--only", "nodes")[1]), 20)
        _, found = doctor(system, "--only", "nodes")
    finally:
        system["booking-2"].kill(signal.SIGCONT)
    assert "no answer" in found["booking-2"]["text"]
    assert "node-2" in found["haproxy booking"]["text"]
    assert found["booking-1"]["verdict"] == "ok"


def test_a_stopped_load_balancer_is_one_failure(system: Stack) -> None:
    with stopped(system.haproxy):
        _, found = doctor(system, "--only", "nodes")
    assert broken(found) == {"haproxy"}


def test_a_stopped_ucce_is_one_failure(system: Stack) -> None:
    with stopped(system["ucce"]):
        _, found = doctor(system, "--only", "ucce")
    assert broken(found) == {"ucce certificate"}


def test_a_wrong_ucce_password_is_one_failure_and_is_tried_once(system: Stack) -> None:
    with closing(Control(system.env["CM_UCCE_URL"].replace("https:", "http:"))) as simulator:
        before = len(simulator.received(status=401))
        _, found = doctor(system, "--only", "ucce", "--only", "ucce_campaigns", CM_UCCE_PASSWORD="not-this-one")
        assert len(simulator.received(status=401)) == before + 1
    assert found["ucce campaigns"]["verdict"] == "skipped"
    assert broken(found) == {"ucce login"}
    assert "CM_UCCE_USER" in found["ucce login"]["cure"]


def test_two_admin_workstations_are_both_checked_and_a_wrong_password_is_tried_once(system: Stack) -> None:
    url = system.env["CM_UCCE_URL"]
    both = f"{url},{url.replace('127.0.0.1', 'localhost')}"
    _, found = doctor(system, "--only", "ucce", CM_UCCE_URLS=both)
    assert broken(found) == set()
    assert {"ucce certificate", "ucce login", "ucce certificate 2", "ucce login 2", "ucce rights 2"} <= found.keys()
    assert "SAN: DNS:localhost" in found["ucce chain 2"]["text"]
    _, found = doctor(system, "--only", "ucce", CM_UCCE_URLS=both, CM_UCCE_PASSWORD="not-this-one")
    assert broken(found) == {"ucce login"}
    assert found["ucce login 2"]["verdict"] == "skipped"


def test_a_ucce_whose_certificate_is_not_trusted_is_reported(system: Stack, tmp_path: Path) -> None:
    other = certificate.ensure(tmp_path / "other.pem")
    _, found = doctor(system, "--only", "ucce", CM_UCCE_CA_FILE=str(other))
    assert broken(found) == {"ucce certificate"}
    assert "not trusted" in found["ucce certificate"]["text"]


def test_a_wrong_setting_is_named(system: Stack) -> None:
    status, found = doctor(system, "--only", "settings", CM_UCCE_TIMEOUT="60")
    assert status == 1
    assert "CM_UCCE_TIMEOUT" in found["worker settings"]["text"]


def test_a_secret_file_that_everybody_can_read_is_a_warning(system: Stack, tmp_path: Path) -> None:
    file = tmp_path / "redis-url"
    file.write_text(system.env["CM_REDIS_URL"])
    file.chmod(0o644)
    status, found = doctor(system, "--only", "file_modes", CM_REDIS_URL_FILE=str(file))
    assert status == 0
    assert found["file modes"]["verdict"] == "warning"


@pytest.mark.parametrize(
    ("line", "mode", "status"),
    [
        ("CM_DATABASE_PASSWORD=hunter2", 0o644, 1),
        ("CM_REDIS_URL=rediss://:hunter2@cache.example:6380/0", 0o604, 1),
        ("CM_NODE=node-1", 0o666, 1),
        ("CM_DATABASE_PASSWORD=hunter2", 0o640, 0),
        ("CM_NODE=node-1", 0o644, 0),
    ],
)
def test_a_settings_file_with_a_password_that_everybody_can_read_is_a_failure(
    tmp_path: Path, line: str, mode: int, status: int
) -> None:
    file = tmp_path / "common.env"
    file.write_text(f"{line}\n")
    file.chmod(mode)
    done = _run(_bare(), "--json", "--only", "file_modes", "--env", str(file))
    assert done.returncode == status
    assert "hunter2" not in done.stdout
    (found,) = json.loads(done.stdout)["findings"]
    assert (str(file) in found["text"]) == bool(mode & 0o026)


def test_an_embedded_database_that_everybody_can_read_is_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "cm.db"
    file.touch()
    file.chmod(0o644)
    environ = {**_bare(), "CM_DATABASE_URL": f"sqlite:///{file}"}
    done = _run(environ, "--json", "--only", "file_modes")
    assert [found["verdict"] for found in json.loads(done.stdout)["findings"]] == ["warning"]


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("redis://192.0.2.1:6379/0", {"redis password", "redis tls"}),
        ("redis://:secret@192.0.2.1:6379/0", {"redis tls"}),
        ("rediss://:secret@192.0.2.1:6379/0", set()),
        ("redis://127.0.0.1:1/0", set()),
    ],
)
def test_a_redis_elsewhere_without_password_or_tls_is_a_warning(url: str, warned: set[str]) -> None:
    done = _run({**_bare(), "CM_REDIS_URL": url}, "--json", "--only", "redis")
    assert "secret" not in done.stdout
    found = json.loads(done.stdout)["findings"]
    assert {one["check"] for one in found if one["verdict"] == "warning"} == warned


def test_a_schema_without_its_migrations_is_a_failure_with_the_command(system: Stack) -> None:
    with closing(Database(system.env["CM_DATABASE_URL"], timeout=10)) as database:
        head = schema_state(database)[1]
        _execute(database, "DELETE FROM alembic_version")
        try:
            _, found = doctor(system, "--only", "database")
        finally:
            _execute(database, "INSERT INTO alembic_version (version_num) VALUES (:head)", head=head)
    assert "migrations" in broken(found)
    assert "shared.db.migrate" in found["migrations"]["cure"]


@sqlite_only
def test_a_database_file_that_is_not_there_is_not_made(system: Stack, tmp_path: Path) -> None:
    _, found = doctor(system, "--only", "database", CM_DATABASE_URL=f"sqlite:///{tmp_path}/nowhere.db")
    assert broken(found) == {"database"}
    assert not (tmp_path / "nowhere.db").exists()


def test_an_odbc_driver_that_is_not_installed_is_named(system: Stack) -> None:
    url = "mssql+pyodbc://u:p@127.0.0.1/x?driver=No+Such+Driver"
    _, found = doctor(system, "--only", "database", CM_DATABASE_URL=url)
    assert "No Such Driver" in found["database"]["text"]


def _execute(database: Database, statement: str, **values: str) -> None:
    with database.writing() as tx:
        tx.execute(text(statement), values)
        tx.commit()
