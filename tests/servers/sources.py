"""Where a real server for a test comes from: an address in the environment, a local binary, a container, or a skip.

Each source is a context manager that gives a Server. The skip says what was looked for.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.sandbox import packages, ports, servers
from deploy.sandbox.process import Process
from tests.servers import containers


@dataclass(frozen=True)
class Server:
    """A running server: where it is, and its process when it is ours (then a test may stop, kill and restart it)."""

    address: str
    _process: Process | None = None

    @property
    def process(self) -> Process:
        """Skips the test when the server is somebody else's."""
        if self._process is None:
            pytest.skip(f"{self.address} is not ours to stop: this test needs the server's binary on this machine")
        return self._process


@contextmanager
def redis(folder: Path) -> Iterator[Server]:
    """`address` is a URL."""
    if given := os.environ.get("CM_TEST_REDIS_URL"):
        yield Server(given)
    elif shutil.which("redis-server"):
        port = ports.free_port()
        with _running([servers.redis(port, folder / "redis.log")]) as (process,):
            yield Server(f"redis://127.0.0.1:{port}/0", process)
    elif containers.engine_answers():
        with containers.redis() as url:
            yield Server(url)
    else:
        pytest.skip(_nowhere("Redis", "CM_TEST_REDIS_URL", "redis-server"))


@contextmanager
def zookeeper(folder: Path) -> Iterator[Server]:
    """`address` is a hosts string for kazoo."""
    if given := os.environ.get("CM_TEST_ZOOKEEPER_HOSTS"):
        yield Server(given)
    elif has_local_zookeeper():
        port = ports.free_port()
        with _running([servers.zookeeper(port, folder / "zookeeper", folder / "zookeeper.log")]) as (process,):
            yield Server(f"127.0.0.1:{port}", process)
    elif containers.engine_answers():
        with containers.zookeeper() as address:
            yield Server(address)
    else:
        pytest.skip(_nowhere("ZooKeeper", "CM_TEST_ZOOKEEPER_HOSTS", "java and libzookeeper-java"))


@contextmanager
def zookeeper_ensemble(folder: Path, members: int = 3) -> Iterator[list[Server]]:
    """Servers that elect a leader among themselves, on this machine only: tests stop and kill single ones."""
    if not has_local_zookeeper():
        pytest.skip("A ZooKeeper ensemble needs java and libzookeeper-java on this machine")
    numbers: list[int] = []
    while len(numbers) < 3 * members:
        numbers.append(ports.free_port(but=numbers))
    triples = [(numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]) for i in range(members)]
    processes = servers.zookeeper_ensemble(triples, folder, folder)
    with _running(processes):
        addresses = [f"127.0.0.1:{client}" for client, _, _ in triples]
        yield [Server(address, process) for address, process in zip(addresses, processes, strict=True)]


def need_local_haproxy() -> None:
    """Skip unless HAProxy is on this machine. No container: it must reach the loopback servers of the test."""
    if "haproxy" in packages.missing():
        pytest.skip("No HAProxy on this machine: make setup installs it")


def need_local_stack() -> None:
    """Skip unless every server that the whole system needs is on this machine."""
    if missing := packages.missing():
        pytest.skip(f"The whole system needs {', '.join(missing)} on this machine: make setup installs them")


def has_local_zookeeper() -> bool:
    return shutil.which("java") is not None and packages.ZOOKEEPER_JAR.exists()


@contextmanager
def _running(processes: list[Process]) -> Iterator[list[Process]]:
    """Start all, wait until all are ready, stop all."""
    with ExitStack() as started:
        for process in processes:
            started.callback(process.stop)
            process.start()
        for process in processes:
            process.wait_ready()
        yield processes


def _nowhere(server: str, variable: str, binary: str) -> str:
    return f"No {server}: {variable} is not set, {binary} not installed, and no Docker engine answers"
