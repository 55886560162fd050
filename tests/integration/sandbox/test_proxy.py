"""The proxy with which tests break the way to a server, in front of a real ZooKeeper."""

from contextlib import closing

from tests.chaos.zookeeper_proxy import ZooKeeperProxy
from tests.integration.sandbox.test_servers import connected
from tests.servers.sources import Server
from tests.support.until import until


def test_it_knows_the_session_and_outlives_its_server_and_every_fault(own_zookeeper: Server) -> None:
    with (
        closing(ZooKeeperProxy(int(own_zookeeper.address.rpartition(":")[2]))) as proxy,
        connected(f"127.0.0.1:{proxy.port}") as client,
    ):
        client.create("/kept", b"x" * 16)
        assert client.get("/kept")[0] == b"x" * 16
        assert proxy.session == client.client_id

        own_zookeeper.process.kill()
        until(lambda: not client.connected)
        own_zookeeper.process.start()
        assert until(lambda: client.get("/kept"), timeout=20)

        proxy.set("cut")
        until(lambda: not client.connected)
        proxy.set("silent")
        proxy.set("open")
        assert until(lambda: client.get("/kept"), timeout=20)
        assert proxy.session == client.client_id
