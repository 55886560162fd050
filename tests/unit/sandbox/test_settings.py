"""The settings of a local system's parts; a server that the caller names is used instead of a started one."""

from pathlib import Path

import pytest

from deploy.sandbox import demo_env, ports
from deploy.sandbox.settings import complete_settings
from deploy.sandbox.stack import Stack

KEYS = {"ivr": "cm_ivr_1", "ops": "cm_ops_1", "admin": "a password"}
PORTS = {port.name: port.preferred for port in ports.PORTS}


def test_without_settings_everything_is_started_here(tmp_path: Path) -> None:
    assert list(Stack(tmp_path, {}, PORTS).processes) == [
        *("redis", "zookeeper", "ucce"),
        *("booking-1", "admin-1", "worker-1", "booking-2", "admin-2", "worker-2"),
        "haproxy",
    ]


@pytest.mark.parametrize(
    ("setting", "value", "not_started"),
    [
        ("CM_REDIS_URL", "redis://cache.example:6379/3", "redis"),
        ("CM_ZOOKEEPER_HOSTS", "zk1.example:2181,zk2.example:2181", "zookeeper"),
        ("CM_UCCE_URL", "https://aw.example", "ucce"),
    ],
)
def test_a_server_that_is_given_is_used_and_not_started(
    tmp_path: Path, setting: str, value: str, not_started: str
) -> None:
    stack = Stack(tmp_path, {setting: value}, PORTS)

    assert not_started not in stack.processes
    assert stack["worker-1"].env[setting] == value


def test_a_database_that_is_given_is_used(tmp_path: Path) -> None:
    url = "mssql+pyodbc://user:secret@listener/callbacks"

    assert complete_settings(tmp_path, {"CM_DATABASE_URL": url}, PORTS).environment["CM_DATABASE_URL"] == url


def test_the_credentials_of_a_given_ucce_come_along(tmp_path: Path) -> None:
    given = {"CM_UCCE_URL": "https://aw.example", "CM_UCCE_USER": "cm", "CM_UCCE_CA_FILE": "/etc/ca.pem"}
    (tmp_path / "password").write_text("from a file\n")

    settings = complete_settings(
        tmp_path, {**given, "CM_UCCE_PASSWORD_FILE": str(tmp_path / "password")}, PORTS
    ).environment

    assert settings.items() >= {**given, "CM_UCCE_PASSWORD": "from a file"}.items()


def test_the_simulators_password_is_kept_for_the_next_start(tmp_path: Path) -> None:
    first, second = (complete_settings(tmp_path, {}, PORTS).environment["CM_UCCE_PASSWORD"] for _ in range(2))

    assert first == second
    assert (tmp_path / "run" / "ucce-password").stat().st_mode & 0o777 == 0o600


def test_the_callers_settings_win_over_those_of_the_demo(tmp_path: Path) -> None:
    assert complete_settings(tmp_path, {"CM_SYNC_INTERVAL": "30"}, PORTS).environment["CM_SYNC_INTERVAL"] == "30"


def test_single_processes_may_differ(tmp_path: Path) -> None:
    stack = Stack(tmp_path, {}, PORTS, overrides={"worker-2": {"CM_SYNC_INTERVAL": "9"}})

    assert [stack[f"worker-{node}"].env["CM_SYNC_INTERVAL"] for node in (1, 2)] == ["2", "9"]
    assert [stack[f"worker-{node}"].env["CM_NODE"] for node in (1, 2)] == ["node-1", "node-2"]


def test_the_load_balancer_gets_no_secrets(tmp_path: Path) -> None:
    env = Stack(tmp_path, {"CM_DATABASE_URL": "mssql+pyodbc://user:secret@listener/callbacks"}, PORTS).haproxy.env

    assert not {"CM_UCCE_PASSWORD", "CM_DATABASE_URL"} & env.keys()


def test_demo_env_is_read_back_as_written_and_only_by_its_owner(tmp_path: Path) -> None:
    awkward = 'it\'s a "password" with $(signs) = and spaces'
    settings = complete_settings(tmp_path, {"CM_UCCE_URL": "https://aw.example", "CM_UCCE_PASSWORD": awkward}, PORTS)

    written = demo_env.write(settings, KEYS)

    assert demo_env.read(tmp_path) == written
    assert written["CM_UCCE_PASSWORD"] == awkward
    assert (written["CM_URL"], written["CM_IVR_KEY"]) == ("http://127.0.0.1:8080", "cm_ivr_1")
    assert demo_env.location(tmp_path).stat().st_mode & 0o777 == 0o600


def test_a_directory_where_nothing_ran_has_no_demo_env(tmp_path: Path) -> None:
    assert demo_env.read(tmp_path) == {}
