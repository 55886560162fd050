"""The fixtures of real servers that other tests use."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis
from kazoo.client import KazooClient

from tests.servers.sources import Server
from tests.support.until import until


@contextmanager
def connected(hosts: str) -> Iterator[KazooClient]:
    client = KazooClient(hosts, timeout=4)
    client.start(20)
    try:
        yield client
    finally:
        client.stop()
        client.close()


def test_a_redis_of_ones_own_can_be_stopped_and_started(own_redis: Server) -> None:
    with redis.Redis.from_url(own_redis.address) as client:
        assert client.ping()
        own_redis.process.stop()
        own_redis.process.start()
        until(client.ping)


def test_a_zookeeper_keeps_its_data_over_a_kill(own_zookeeper: Server) -> None:
    with connected(own_zookeeper.address) as client:
        client.create("/kept", b"x")
        own_zookeeper.process.kill()
        own_zookeeper.process.start()
        own_zookeeper.process.wait_ready()

        assert until(lambda: client.get("/kept"), timeout=20)[0] == b"x"


def test_an_ensemble_outlives_each_of_its_members(zookeeper_ensemble: list[Server]) -> None:
    with connected(",".join(server.address for server in zookeeper_ensemble)) as client:
        client.create("/kept", b"x")
        for server in zookeeper_ensemble:
            server.process.kill()

            assert until(lambda: client.get("/kept"), timeout=20)[0] == b"x"

            server.process.start()
            server.process.wait_ready()
