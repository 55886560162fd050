"""The tests' TCP proxy in front of a real ZooKeeper."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from kazoo.client import KazooClient

from tests.chaos.zookeeper_proxy import ZooKeeperProxy
from tests.servers.sources import Server
from tests.support.until import until


@pytest.fixture
def proxy(own_zookeeper: Server) -> Iterator[ZooKeeperProxy]:
    with closing(ZooKeeperProxy(int(own_zookeeper.address.rpartition(":")[2]))) as made:
        yield made


@pytest.fixture
def kazoo_client(proxy: ZooKeeperProxy) -> Iterator[KazooClient]:
    made = KazooClient(f"127.0.0.1:{proxy.port}", timeout=60)  # its session outlives every break on a slow machine
    made.start(20)
    yield made
    made.stop()
    made.close()


def test_the_proxy_knows_the_session_that_was_granted_last(kazoo_client: KazooClient, proxy: ZooKeeperProxy) -> None:
    kazoo_client.create("/kept", b"x" * 16)  # its answer resembles that of a new session
    assert kazoo_client.get("/kept")[0] == b"x" * 16
    assert proxy.session == kazoo_client.client_id


def test_the_proxy_survives_the_end_of_its_server_and_each_of_its_modes(
    kazoo_client: KazooClient, proxy: ZooKeeperProxy, own_zookeeper: Server
) -> None:
    kazoo_client.create("/kept", b"x")
    own_zookeeper.process.kill()
    until(lambda: not kazoo_client.connected)
    own_zookeeper.process.start()
    assert until(lambda: kazoo_client.get("/kept"), timeout=30)

    proxy.set("cut")
    until(lambda: not kazoo_client.connected)
    proxy.set("silent")
    proxy.set("open")
    assert until(lambda: kazoo_client.get("/kept"), timeout=30)


def test_delayed_bytes_keep_their_order_when_the_delay_ends(kazoo_client: KazooClient, proxy: ZooKeeperProxy) -> None:
    kazoo_client.create("/kept", b"x")
    states: list[str] = []
    kazoo_client.add_listener(states.append)
    proxy.slow_down(0.5)
    late = kazoo_client.get_async("/kept")
    until(lambda: proxy._late, every=0.001)
    proxy.slow_down(0)
    assert [kazoo_client.get_async("/kept").get(10)[0], late.get(10)[0]] == [b"x", b"x"]
    assert states == []
