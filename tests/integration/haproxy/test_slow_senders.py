"""Clients that send slowly do not disturb others: an attack on real services behind the real load balancer."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sandbox import checks
from tests.servers.balancer import Balancer
from tests.servers.sources import need_local_haproxy
from tests.support.gunicorn_nodes import Node, StartNode
from tests.support.slow_senders import ATTACKS, Attack, SlowSenders
from tests.support.until import until

pytestmark = [pytest.mark.timeout(300), pytest.mark.long]

ADMIN = "services.admin_api.wsgi:create()"
HONEST = "127.0.0.9"  # an address like any other: HAProxy's limits hold for it too


@pytest.fixture
def nodes(start_node: StartNode) -> list[Node]:
    """Two booking nodes, then two admin nodes."""
    return [start_node(), start_node(), start_node(application=ADMIN), start_node(application=ADMIN)]


@pytest.fixture
def balancer(nodes: list[Node], tmp_path: Path) -> Iterator[Balancer]:
    need_local_haproxy()
    names = ("CM_BOOKING_1", "CM_BOOKING_2", "CM_ADMIN_1", "CM_ADMIN_2")
    servers = {name: f"127.0.0.1:{node.port}" for name, node in zip(names, nodes, strict=True)}
    with Balancer(tmp_path / "haproxy", servers, {}) as running:
        running.wait_up(booking=2, admin=2)
        yield running


class HonestCaller(threading.Thread):
    """Asks one path again and again, each time on a new connection; counts the statuses (0: no answer)."""

    def __init__(self, balancer: Balancer, path: str, key: str, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self._balancer, self._path, self._key, self._ended = balancer, path, key, ended
        self.statuses = Counter[int]()

    def run(self) -> None:
        while not self._ended.is_set():
            self.statuses[self._ask()] += 1
            self._ended.wait(0.05)

    def _ask(self) -> int:
        connection = http.client.HTTPConnection(*self._balancer.address, timeout=12, source_address=(HONEST, 0))
        try:
            connection.request("GET", self._path, headers={"X-API-Key": self._key})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()


def test_honest_callers_get_their_answers_and_every_node_stays_up(nodes: list[Node], balancer: Balancer) -> None:
    seen = {name: _during(attack, balancer, nodes[0].key) for name, attack in ATTACKS.items()}

    assert seen == dict.fromkeys(ATTACKS, ({(2, 2)}, {200}, {401}))


def _during(attack: Attack, balancer: Balancer, key: str) -> tuple[set[tuple[int, int]], set[int], set[int]]:
    """The numbers of (booking, admin) nodes seen up during the attack, and the statuses that callers of each got."""
    ended = threading.Event()
    callers = [
        HonestCaller(balancer, "/api/v1/availability?skill=Billing", key, ended),
        HonestCaller(balancer, "/admin/api/v1/auth/me", "", ended),
    ]
    ups = set()
    with SlowSenders(balancer.address, attack) as senders:
        until(lambda: senders.all_began, timeout=30)
        for caller in callers:
            caller.start()
        watched = time.monotonic() + 6  # HAProxy's checks find a node down within five seconds
        while time.monotonic() < watched:
            up = checks.servers_up(balancer.stats_url)
            ups.add((up.get("booking", 0), up.get("admin", 0)))
            ended.wait(0.2)
        ended.set()
        for caller in callers:
            caller.join(15)
    return ups, set(callers[0].statuses), set(callers[1].statuses)
