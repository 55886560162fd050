"""Where a real server for a test comes from: an address in the environment, a local binary, a container, or a skip.

Each source is a context manager that gives a Server. The skip says what was looked for.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

from deploy.sandbox import packages, ports, servers
from deploy.sandbox.process import Process, on_other_ports
from tests.servers import containers
from tests.servers import oidc as oidc_server
from tests.servers import slapd as directory_server
from tests.servers import syslog as syslog_server


@dataclass(frozen=True)
class Server:
    """A running server: where it is, and its process when it is ours (then a test may stop, kill and restart it)."""

    address: str
    _process: Process | None = None

    @property
    def process(self) -> Process:
        """The process of the server. Skips the test when the server was not started by us."""
        if self._process is None:
            pytest.skip(f"{self.address} is not ours to stop: this test needs the server's binary on this machine")
        return self._process


@contextmanager
def redis(folder: Path) -> Iterator[Server]:
    """`address` is a URL."""
    if given := os.environ.get("CM_TEST_REDIS_URL"):
        yield Server(given)
    elif shutil.which("redis-server"):
        with _running(lambda: [_redis(folder)]) as (server,):
            yield server
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
        with _running(lambda: [_zookeeper(folder)]) as (server,):
            yield server
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
    with _running(lambda: _ensemble(folder, members)) as started:
        yield started


@contextmanager
def slapd(folder: Path) -> Iterator[directory_server.Slapd]:
    if not directory_server.is_installed():
        pytest.skip("No slapd on this machine: make integration installs it")
    with _made(directory_server.make, folder) as server:
        yield server


@contextmanager
def oidc(folder: Path, redirect_uri: str = oidc_server.REDIRECT_URI) -> Iterator[oidc_server.OidcServer]:
    if not oidc_server.is_installed():
        pytest.skip("No OpenID Connect provider: make integration installs it into tests/oidc_provider")
    with _made(lambda folder: oidc_server.make(folder, redirect_uri), folder) as server:
        yield server


@contextmanager
def rsyslog(folder: Path) -> Iterator[syslog_server.Rsyslog]:
    if not syslog_server.is_installed():
        pytest.skip("No rsyslog on this machine: make integration installs it")
    with _made(syslog_server.make, folder) as server:
        yield server


class _HasProcess(Protocol):
    @property
    def process(self) -> Process: ...


M = TypeVar("M", bound=_HasProcess)


@contextmanager
def _made(make: Callable[[Path], M], folder: Path) -> Iterator[M]:
    """What `make` makes, running; made anew in another folder when another program took its port."""
    made: list[M] = []

    def start() -> None:
        made.append(make(folder / str(len(made))))
        made[-1].process.start()
        try:
            made[-1].process.wait_ready()
        except BaseException:
            made[-1].process.stop()
            raise

    on_other_ports(start)
    try:
        yield made[-1]
    finally:
        made[-1].process.stop()


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


def _redis(folder: Path) -> Server:
    port = ports.free_port()
    return Server(f"redis://127.0.0.1:{port}/0", servers.redis(port, folder / "redis.log"))


def _zookeeper(folder: Path) -> Server:
    port = ports.free_port()
    return Server(f"127.0.0.1:{port}", servers.zookeeper(port, folder / "zookeeper", folder / "zookeeper.log"))


def _ensemble(folder: Path, members: int) -> list[Server]:
    triples = [(ports.free_port(), ports.free_port(), ports.free_port()) for _ in range(members)]
    processes = servers.zookeeper_ensemble(triples, folder, folder)
    addresses = [f"127.0.0.1:{client}" for client, _, _ in triples]
    return [Server(address, process) for address, process in zip(addresses, processes, strict=True)]


@contextmanager
def _running(make: Callable[[], list[Server]]) -> Iterator[list[Server]]:
    """Start the processes that `make` returns, which chooses their ports; wait until all are ready; stop them."""
    started = on_other_ports(lambda: _started(make()))
    try:
        yield started
    finally:
        _stop(started)


def _started(made: list[Server]) -> list[Server]:
    try:
        for server in made:
            server.process.start()
        for server in made:
            server.process.wait_ready()
    except BaseException:
        _stop(made)
        raise
    return made


def _stop(made: list[Server]) -> None:
    for server in reversed(made):
        server.process.stop()


def _nowhere(server: str, variable: str, binary: str) -> str:
    return f"No {server}: {variable} is not set, {binary} not installed, and no Docker engine answers"
