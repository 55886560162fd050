"""Two real booking services behind a real HAProxy, and a network that loses the answer to one request."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from shared.db import models
from tests.servers.balancer import Balancer
from tests.servers.sources import need_local_haproxy
from tests.support.configured_database import World, phone
from tests.support.gunicorn_nodes import Node, StartNode, soon
from tests.support.proxy import Proxy

pytestmark = pytest.mark.timeout(150)


class Loss:
    """While `armed`, the next POST reaches its service and its answer is dropped."""

    armed = False


class LossyProxy(Proxy):
    """In front of one service."""

    def __init__(self, port: int, loss: Loss) -> None:
        self._loss, self._doomed = loss, set[socket.socket]()
        super().__init__("127.0.0.1", port)

    def _forward(self, source: socket.socket) -> None:
        if self._loss.armed and source in self._clients and source.recv(5, socket.MSG_PEEK) == b"POST ":
            self._loss.armed = False
            self._doomed.add(self._pairs[source])
        if source in self._doomed:
            self._doomed.discard(source)
            self._close(source)
            return
        super()._forward(source)


class Ivr:
    """A client of the balancer that can have the answer to its next request dropped."""

    def __init__(self, balancer: Balancer, loss: Loss, key: str) -> None:
        self._balancer, self._loss, self._key = balancer, loss, key

    def post(self, path: str, body: dict[str, str], key: str | None, *, lost: bool = False) -> requests.Response:
        headers = {"X-API-Key": self._key, **({} if key is None else {"Idempotency-Key": key})}
        self._loss.armed = lost
        return requests.post(f"{self._balancer.url}/api/v1/{path}", json=body, headers=headers, timeout=15)

    def book(self, key: str | None, *, lost: bool = False) -> requests.Response:
        return self.post("callbacks", {"phone": phone(), "start": soon(), "skill": "Billing"}, key, lost=lost)


@pytest.fixture
def nodes(start_node: StartNode) -> list[Node]:
    return [start_node(), start_node()]


@pytest.fixture
def ivr(nodes: list[Node], tmp_path: Path) -> Iterator[Ivr]:
    need_local_haproxy()
    loss = Loss()
    with ExitStack() as started:
        proxies = [LossyProxy(node.port, loss) for node in nodes]
        for proxy in proxies:
            started.callback(proxy.close)
        servers = {f"CM_BOOKING_{number}": f"127.0.0.1:{proxy.port}" for number, proxy in enumerate(proxies, start=1)}
        balancer = started.enter_context(Balancer(tmp_path / "haproxy", servers, {}))
        balancer.wait_up(booking=2)
        yield Ivr(balancer, loss, nodes[0].key)


@pytest.mark.parametrize("key", [None, ""])
def test_a_booking_without_a_key_whose_answer_is_lost_is_not_booked_twice(
    ivr: Ivr, current_world: World, key: str | None
) -> None:
    current_world.settings(open_callbacks_per_number=3)  # so that no other rule would refuse the second one

    lost = ivr.book(key, lost=True)

    assert lost.status_code == 502
    assert [row.booked for row in current_world.rows(models.Slot)] == [1]
    assert len(current_world.rows(models.Callback)) == 1


def test_a_booking_with_a_key_is_repeated_and_booked_once(ivr: Ivr, current_world: World) -> None:
    current_world.settings(open_callbacks_per_number=3)

    answer = ivr.book("key-1", lost=True)

    assert answer.status_code == 200  # the first answer again, from the other node
    assert [row.account_number for row in current_world.rows(models.Callback)] == [answer.json()["accountNumber"]]


def test_a_move_and_a_cancellation_with_a_key_are_done_once_though_their_answers_are_lost(
    ivr: Ivr, current_world: World
) -> None:
    number = ivr.book(None).json()["accountNumber"]

    moved = ivr.post(f"callbacks/{number}/reschedule", {"start": soon(5)}, "move-1", lost=True)
    newer = ivr.post(f"callbacks/{number}/reschedule", {"start": soon(6)}, "move-2")
    again = ivr.post(f"callbacks/{number}/reschedule", {"start": soon(5)}, "move-1")
    cancelled = ivr.post(f"callbacks/{number}/cancel", {}, "cancel-1", lost=True)

    assert [answer.status_code for answer in (moved, newer, again, cancelled)] == [200, 200, 200, 204]
    assert again.json() == moved.json()
    whys = [event.why.partition(" ")[0] for event in current_world.rows(models.CallbackEvent)]
    assert whys == ["booked", "rescheduled", "rescheduled", "cancelled"]
    assert current_world.drift() == []
