"""A rolling restart of booking nodes behind HAProxy: no client gets an error."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from shared.db import models
from tests.servers.balancer import Balancer
from tests.servers.sources import need_local_haproxy
from tests.support.configured_database import World, phone
from tests.support.databases import ON_SERVER
from tests.support.gunicorn_nodes import LONG_TIMEOUTS_ON_SERVER, Node, StartNode, soon
from tests.support.until import until

pytestmark = [pytest.mark.timeout(300 if ON_SERVER else 150), pytest.mark.long]
CLIENT_SECONDS = 35 if ON_SERVER else 15  # for one answer: longer than the load balancer's own limit


@pytest.fixture
def nodes(start_node: StartNode) -> list[Node]:
    return [start_node(CM_DRAIN_SECONDS="2", **LONG_TIMEOUTS_ON_SERVER) for _ in range(2)]


@pytest.fixture
def balancer(nodes: list[Node], tmp_path: Path) -> Iterator[Balancer]:
    need_local_haproxy()
    servers = {f"CM_BOOKING_{number}": f"127.0.0.1:{node.port}" for number, node in enumerate(nodes, start=1)}
    with Balancer(tmp_path / "haproxy", servers, {"CM_REQUEST_TIMEOUT": "30s"} if ON_SERVER else {}) as running:
        running.wait_up(booking=2)
        yield running


def test_every_booking_without_a_key_is_answered_while_each_node_restarts(
    nodes: list[Node], balancer: Balancer, current_world: World
) -> None:
    """HAProxy never repeats a booking without an Idempotency-Key, so each one that is cut off would be an error."""
    current_world.configure(models.DailySchedule, {"capacities": [9000] * 48}, id=current_world.daily_id)
    enough = threading.Event()

    def book(_: int) -> int:
        booked = 0
        with requests.Session() as session:  # a connection that stays open, as an IVR's
            session.headers["X-API-Key"] = nodes[0].key
            while not enough.is_set():
                booking_body = {"phone": phone(), "start": soon(), "skill": "Billing"}
                answer = session.post(f"{balancer.url}/api/v1/callbacks", json=booking_body, timeout=CLIENT_SECONDS)
                assert answer.status_code == 201, f"{answer.status_code} {answer.text}"
                booked += 1
        return booked

    with ThreadPoolExecutor(4) as pool:
        clients = [pool.submit(book, number) for number in range(4)]
        try:
            for node in nodes:
                before = len(current_world.rows(models.Callback))
                assert node.process.stop()
                node.process.start()
                node.process.wait_ready()
                balancer.wait_up(booking=2)
                assert len(current_world.rows(models.Callback)) > before
        finally:
            enough.set()
        booked = sum(client.result(CLIENT_SECONDS + 5) for client in clients)

    assert len(current_world.rows(models.Callback)) == booked
    assert current_world.drift() == []


def test_a_node_that_is_killed_is_out_within_two_seconds(nodes: list[Node], balancer: Balancer) -> None:
    nodes[0].process.kill()
    killed = time.monotonic()

    balancer.wait_up(booking=1)
    until(lambda: balancer_serves(balancer, nodes[1].key), timeout=2)

    assert time.monotonic() - killed < 5


def balancer_serves(balancer: Balancer, key: str) -> bool:
    address = f"{balancer.url}/api/v1/availability?skill=Billing"
    answers = [requests.get(address, headers={"X-API-Key": key}, timeout=5) for _ in range(10)]
    return {answer.status_code for answer in answers} == {200}
