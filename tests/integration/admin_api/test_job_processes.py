"""Jobs in processes as in production: a large import's effect on other requests, and nodes that are killed or stop."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import func, select, update

from deploy.sandbox import ports
from deploy.sandbox.process import Process, on_other_ports
from deploy.sandbox.servers import PLAIN_ENV
from deploy.sandbox.services import web_service
from shared.clock import utcnow
from shared.db.models import DoNotCall, Job
from shared.redis_client import RedisClient
from tests.support.admin_api import PASSWORD, Admin
from tests.support.booking_api import NO_REDIS
from tests.support.configured_database import World, build_world
from tests.support.until import until

API = "/admin/api/v1"


class Node:
    """An admin process with an operator logged in."""

    def __init__(self, process: Process, url: str) -> None:
        self.process, self.url = process, url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["X-CSRF-Token"] = self.ask("POST", "/auth/login", json={
            "name": "operator", "password": PASSWORD}).json()["csrfToken"]  # fmt: skip

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:
        return self.session.request(method, f"{self.url}{API}{path}", timeout=30, **how)

    def send(self, lines: list[str]) -> Any:
        headers = {"Content-Type": "text/csv"}
        answer = self.ask("POST", "/do-not-call/import", data="\n".join(lines).encode(), headers=headers)
        assert answer.status_code == 202, answer.text
        return answer.json()["id"]

    def memory(self) -> int:
        """The largest resident memory so far of the process that serves, in bytes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        status = Path(f"/proc/{children[0]}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) * 1024


@pytest.fixture
def current_world(database: Any) -> World:
    """A world of now, with a user of each role."""
    world = build_world(database, now=utcnow())
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Admin(world, cache)):
        return world


StartNode = Callable[[str], Node]


@pytest.fixture
def start_admin(database_url: str, tmp_path: Path, current_world: World) -> Iterator[StartNode]:
    with ExitStack() as started:

        def start(name: str) -> Node:
            port = ports.free_port()
            env = {**PLAIN_ENV, "HOME": str(tmp_path), "PATH": os.environ["PATH"], "CM_NODE": name,
                   "CM_DATABASE_URL": database_url, "CM_REDIS_URL": "redis://127.0.0.1:1/0", "CM_DRAIN_SECONDS": "0",
                   "CM_DATABASE_TIMEOUT": "10"}  # fmt: skip
            process = web_service(name, "admin_api", port, tmp_path / f"{name}.log", env)
            started.callback(process.stop)
            process.start()
            process.wait_ready()
            return Node(process, f"http://127.0.0.1:{port}")

        yield lambda name: on_other_ports(lambda: start(name))


def numbers(count: int) -> list[str]:
    return [f"+1312{2_000_000 + n}" for n in range(count)]


def job(world: World) -> Any:
    (row,) = world.rows(Job)
    return row


def listed(world: World) -> int:
    with world.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(DoNotCall)).scalar_one())


def test_an_import_whose_node_is_killed_is_gone_on_with_by_another(
    current_world: World, start_admin: StartNode
) -> None:
    first = start_admin("node-1")
    job_id = first.send(numbers(3_000))
    until(lambda: job(current_world).done > 500)
    first.process.kill()  # the whole group, the serving process too
    until(lambda: not first.process.alive)
    row = job(current_world)
    assert (row.status, row.node) == ("running", "node-1")
    assert row.done == row.counts["added"] == listed(current_world)  # what was committed, and nothing beside it
    second = start_admin("node-2")
    with current_world.database.writing() as tx:  # as if 15 seconds had passed
        tx.execute(update(Job).values(seen_at=Job.__table__.c.created_at))
        tx.commit()
    until(lambda: job(current_world).status == "done", timeout=40)
    told = second.ask("GET", f"/jobs/{job_id}").json()
    assert (told["node"], told["counts"]["added"], listed(current_world)) == ("node-2", 3_000, 3_000)
    assert (job(current_world).run, job(current_world).lost_runs) == (2, 1)


def test_a_node_that_stops_gives_its_job_to_another_at_once(current_world: World, start_admin: StartNode) -> None:
    first, second = start_admin("node-1"), start_admin("node-2")
    first.send(numbers(2_000))
    until(lambda: job(current_world).done > 0)
    leaving = first if job(current_world).node == "node-1" else second
    leaving.process.stop()
    until(lambda: job(current_world).status == "done", timeout=40)
    assert (job(current_world).lost_runs, job(current_world).counts["added"], listed(current_world)) == (
        0,
        2_000,
        2_000,
    )


def test_a_file_of_4_mib_is_answered_at_once_and_others_go_on_meanwhile(
    current_world: World, start_admin: StartNode
) -> None:
    """With the worst file, of errors alone, whose lines took minutes and 700 MB when the request did the work."""
    node = start_admin("node-1")
    quiet = _median_seconds(node)
    idle = node.memory()
    began = time.monotonic()
    job_id = node.send(["rubbish 123"] * 345_000)
    answered = time.monotonic() - began
    until(lambda: job(current_world).done > 0)
    busy = _median_seconds(node)
    assert job(current_world).status == "running"
    assert node.ask("POST", f"/jobs/{job_id}/cancel").json()["status"] == "cancelled"
    until(lambda: "job_not_ours_any_more" in node.process.log_tail(10_000))
    print(
        f"answered in {answered:.1f} s; a list took {quiet * 1000:.0f} ms before and {busy * 1000:.0f} ms meanwhile; "
        f"{(node.memory() - idle) // 2**20} MiB more memory"
    )
    assert answered < 9
    assert node.memory() - idle < 150 * 1024 * 1024
    assert busy < max(10 * quiet, 0.25)


def _median_seconds(node: Node) -> float:
    """The median of several requests for a list, in seconds."""
    seconds = []
    for _ in range(30):
        began = time.monotonic()
        assert node.ask("GET", "/do-not-call?pageSize=1").status_code == 200
        seconds.append(time.monotonic() - began)
    return statistics.median(seconds)
