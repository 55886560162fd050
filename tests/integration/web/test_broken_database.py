"""While the database does not answer every request gets 503 within 5 s and readiness says why; no restart is needed."""

import fcntl
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy.engine import make_url

from shared.db import models
from tests.support.configured_database import World, phone
from tests.support.databases import ON_SERVER, sqlite_only
from tests.support.gunicorn_nodes import Node, StartNode, soon
from tests.support.proxy import Proxy, proxy_to
from tests.support.until import until

TIMEOUT_SECONDS = 5.0  # CVP's timeout

pytestmark = [pytest.mark.timeout(120), pytest.mark.long]


def ask(node: Node, method: str, path: str, body: dict[str, str] | None = None) -> tuple[requests.Response, float]:
    began = time.monotonic()
    response = requests.request(method, node.url + path, json=body, headers={"X-API-Key": node.key}, timeout=30)
    return response, time.monotonic() - began


def writes(account_number: str) -> list[tuple[str, str, dict[str, str] | None]]:
    booking_body = {"phone": phone(), "start": soon(), "skill": "Billing"}
    return [
        ("POST", "/api/v1/callbacks", booking_body),
        ("POST", "/api/v1/callbacks", {**booking_body, "phone": phone(), "requestId": "key-1"}),
        ("POST", f"/api/v1/callbacks/{account_number}/reschedule", {"start": soon(5)}),
        ("DELETE", f"/api/v1/callbacks/{account_number}", None),
        ("POST", "/api/v1/callback-requests", {"skill": "Billing", "outcome": "declined"}),
    ]


def reads(account_number: str) -> list[tuple[str, str, dict[str, str] | None]]:
    return [
        ("GET", "/api/v1/skills/Billing/availability", None),
        ("GET", f"/api/v1/callbacks/{account_number}", None),
        ("GET", "/api/v1/callbacks?phone=3125550142", None),
    ]


def all_refused_in_time(node: Node, calls: list[tuple[str, str, dict[str, str] | None]]) -> None:
    """As many requests at once as a node has threads, twice; all are refused in time."""
    for _ in range(2):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda call: ask(node, *call), calls))
        for (method, path, _), (response, took) in zip(calls, answers, strict=True):
            assert response.status_code == 503, f"{method} {path}: {response.status_code} {response.text}"
            assert response.headers["Content-Type"] == "application/problem+json"
            assert response.json()["code"] == "service_unavailable"
            assert int(response.headers["Retry-After"]) == response.json()["retryAfter"] >= 1
            assert took < TIMEOUT_SECONDS, f"{method} {path} took {took:.1f} s"


def refused_at_once(node: Node, clients: int = 16, each: int = 5) -> None:
    """Once the node knows of the outage it refuses many requests without waiting; only a few try the database."""

    def refused(_: int) -> list[float]:
        answers = [ask(node, "GET", "/api/v1/availability?skill=Billing") for _ in range(each)]
        assert {response.status_code for response, _ in answers} == {503}
        return [took for _, took in answers]

    with ThreadPoolExecutor(clients) as pool:
        taken = sorted(took for one in pool.map(refused, range(clients)) for took in one)
    assert taken[-1] < TIMEOUT_SECONDS
    assert taken[len(taken) * 3 // 4] < 1


def unready(node: Node) -> str:
    """The reason word of a node that is not ready, answered within the 2 s of a balancer's check."""

    def reason() -> str | None:
        response = requests.get(f"{node.url}/health/ready", timeout=2)
        return str(response.json().get("reason")) if response.status_code == 503 else None

    return until(reason, timeout=8)


def mended(node: Node, pid: int) -> None:
    """Ready again and booking, in the same process."""
    until(lambda: node.ready() == (200, None), timeout=15)
    until(lambda: node.book().status_code == 201, timeout=5)
    assert node.availability().status_code == 200
    assert node.process.pid == pid
    assert node.process.alive


@pytest.fixture
def node(start_node: StartNode) -> Node:
    return start_node()


@pytest.fixture
def account_number(node: Node) -> str:
    return str(node.book().json()["accountNumber"])


@pytest.fixture
def database_file(database_url: str) -> Path:
    return Path(str(make_url(database_url).database))


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program has a write transaction open."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=5)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def turn_held(file: Path) -> Iterator[None]:
    """Another node was stopped in the middle of a write, and holds the turn of the write queue."""
    with Path(f"{file}.write-lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def moved(file: Path) -> Iterator[None]:
    """The folder is gone, like a mount that was lost."""
    away = file.parent / "away"
    away.mkdir()
    names = [path for path in file.parent.iterdir() if path.name.startswith(file.name)]
    for path in names:
        path.rename(away / path.name)
    yield
    for path in names:
        (away / path.name).rename(path)
    away.rmdir()


@contextmanager
def garbled(file: Path) -> Iterator[None]:
    """The file's content was overwritten."""
    with moved(file):
        file.write_bytes(b"these are my notes, not a database " * 1000)
        yield


@sqlite_only
@pytest.mark.parametrize("hold", [locked, turn_held])
def test_a_file_that_another_program_holds_refuses_writes_in_time_and_is_read_on(
    node: Node, account_number: str, database_file: Path, hold: Callable[[Path], AbstractContextManager[None]]
) -> None:
    pid = node.process.pid
    with hold(database_file):
        all_refused_in_time(node, writes(account_number))
        assert node.availability().status_code == 200
        assert node.request("GET", f"/api/v1/callbacks/{account_number}").json()["status"] == "scheduled"

    mended(node, pid)


@sqlite_only
@pytest.mark.parametrize("breakage", [moved, garbled])
def test_a_file_that_is_gone_or_garbled_refuses_everything_in_time(
    node: Node,
    account_number: str,
    database_file: Path,
    current_world: World,
    breakage: Callable[[Path], AbstractContextManager[None]],
) -> None:
    current_world.database.engine.dispose()
    pid = node.process.pid
    with breakage(database_file):
        assert unready(node) == "database"
        all_refused_in_time(node, writes(account_number) + reads(account_number))
        assert requests.get(f"{node.url}/health/live", timeout=2).status_code == 200
        assert requests.get(f"{node.url}/metrics", timeout=2).status_code == 200
        refused_at_once(node)
        assert breakage is garbled or not database_file.exists()  # no process created an empty one

    mended(node, pid)
    assert "Traceback" not in node.log()


@sqlite_only
def test_a_node_that_starts_before_its_database_can_be_read_waits_for_it(
    start_node: StartNode, current_world: World, database_file: Path
) -> None:
    current_world.database.engine.dispose()
    with closing(sqlite3.connect(database_file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        node = start_node(ready=False)
        assert unready(node) == "database"
        all_refused_in_time(node, reads("01HZZZZZZZZZZZZZZZZZZZZZZZ"))
        other.execute("ROLLBACK")

    mended(node, node.process.pid)


@sqlite_only
def test_a_restored_backup_is_taken_up_without_a_restart(node: Node, database_file: Path, current_world: World) -> None:
    pid = node.process.pid
    backup = database_file.with_suffix(".backup")
    with closing(sqlite3.connect(database_file)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    lost = node.book().json()["accountNumber"]
    current_world.database.engine.dispose()

    for suffix in ("-wal", "-shm"):
        Path(f"{database_file}{suffix}").unlink()
    backup.replace(database_file)

    mended(node, pid)
    assert node.request("GET", f"/api/v1/callbacks/{lost}").status_code == 404


# --- a server that goes away ---------------------------------------------------------------------------------


@pytest.fixture
def proxy(database_url: str) -> Iterator[Proxy]:
    if not ON_SERVER:
        pytest.skip("about a database server: CM_TEST_DATABASE_URL names none")
    url = make_url(database_url)
    assert url.host
    with proxy_to(url.host, url.port or 1433) as between:
        yield between


@pytest.fixture
def remote_node(start_node: StartNode, database_url: str, proxy: Proxy) -> Node:
    url = make_url(database_url).set(host="127.0.0.1", port=proxy.port)
    return start_node(CM_DATABASE_URL=url.render_as_string(hide_password=False), CM_DATABASE_TIMEOUT="")


def test_a_server_that_goes_away_refuses_everything_in_time(
    remote_node: Node, proxy: Proxy, current_world: World
) -> None:
    account_number = str(remote_node.book().json()["accountNumber"])
    pid = remote_node.process.pid

    proxy.go_away()
    assert unready(remote_node) == "database"
    all_refused_in_time(remote_node, writes(account_number) + reads(account_number))
    refused_at_once(remote_node)
    proxy.listen()

    mended(remote_node, pid)
    assert current_world.drift() == []


def test_a_server_that_falls_silent_refuses_everything_in_time(
    remote_node: Node, proxy: Proxy, current_world: World
) -> None:
    account_number = str(remote_node.book().json()["accountNumber"])
    pid = remote_node.process.pid

    proxy.fall_silent()
    all_refused_in_time(remote_node, writes(account_number) + reads(account_number))
    assert unready(remote_node) == "database"
    refused_at_once(remote_node)
    proxy.speak()

    mended(remote_node, pid)
    assert current_world.drift() == []


def test_a_server_that_cuts_its_connections_is_not_noticed_by_clients(
    remote_node: Node, proxy: Proxy, current_world: World
) -> None:
    for hours in range(1, 6):
        proxy.go_away()
        proxy.listen()
        assert remote_node.book(start=soon(hours)).status_code == 201
        assert remote_node.availability().status_code == 200

    assert len(current_world.rows(models.Callback)) == 5
    assert current_world.drift() == []
