"""Redis and ZooKeeper as containers, for machines with a Docker engine but without the servers' packages."""

from collections.abc import Iterator
from contextlib import contextmanager

import docker
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy


def engine_answers() -> bool:
    """Whether there is a Docker engine here."""
    try:
        docker.from_env(timeout=2).ping()
    except DockerException:
        return False
    return True


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis in a container."""
    with _running("redis:7", 6379, "Ready to accept connections") as address:
        yield f"redis://{address}/0"


@contextmanager
def zookeeper() -> Iterator[str]:
    """The address of a ZooKeeper in a container."""
    with _running("zookeeper:3.8", 2181, "PrepRequestProcessor") as address:
        yield address


@contextmanager
def _running(image: str, port: int, ready: str) -> Iterator[str]:
    container = DockerContainer(image).with_exposed_ports(port).waiting_for(LogMessageWaitStrategy(ready))
    with container:
        yield f"{container.get_container_host_ip()}:{container.get_exposed_port(port)}"
