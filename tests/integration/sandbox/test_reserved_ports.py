"""Processes that choose ports at the same time, and starts whose port another program took meanwhile."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.sandbox import load_balancer, ports, servers
from deploy.sandbox.process import ROOT, PortLost, Process, on_other_ports
from deploy.sandbox.servers import PLAIN_ENV
from deploy.sandbox.services import web_service
from tests.servers import sources
from tests.servers.balancer import Balancer

CHOOSE_WHEN_TOLD = (
    "import sys; from deploy.sandbox.ports import free_port; print('here', flush=True); sys.stdin.readline(); "
    "print(*[free_port() for _ in range(250)], flush=True); sys.stdin.readline()"
)


def test_processes_that_choose_at_once_get_different_ports() -> None:
    with ExitStack() as ended:
        choosers = []
        for _ in range(4):
            one = subprocess.Popen(
                [sys.executable, "-c", CHOOSE_WHEN_TOLD],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            )  # fmt: skip
            ended.enter_context(one)
            ended.callback(one.kill)
            choosers.append(one)
        for one in choosers:
            assert one.stdout
            assert one.stdout.readline() == "here\n"
        for one in choosers:
            assert one.stdin
            one.stdin.write("choose\n")
        chosen = [port for one in choosers if one.stdout for port in one.stdout.readline().split()]

    assert len(chosen) == 1000
    assert len(set(chosen)) == 1000


def redis(port: int, folder: Path) -> Process:
    return servers.redis(port, folder / "log")


def zookeeper(port: int, folder: Path) -> Process:
    if not sources.has_local_zookeeper():
        pytest.skip("No ZooKeeper on this machine")
    return servers.zookeeper(port, folder / "zookeeper", folder / "log")


def simulator(port: int, folder: Path) -> Process:
    env = {"CM_UCCE_USER": "u@d", "CM_UCCE_PASSWORD": "p"}
    return servers.simulator(port, folder / "ucce", folder / "log", env)


def booking_api(port: int, folder: Path) -> Process:
    env = {**PLAIN_ENV, "CM_DATABASE_URL": f"sqlite:///{folder}/x.db"}
    return web_service("booking", "booking_api", port, folder / "log", env)


def haproxy(port: int, folder: Path) -> Process:
    sources.need_local_haproxy()
    numbers = {"http": port, "https": ports.free_port(), "stats": ports.free_port()}
    return load_balancer.haproxy(folder, folder / "log", numbers, {})


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", ports.free_port())) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize("server", [redis, zookeeper, simulator, booking_api, haproxy])
def test_a_server_that_ends_because_its_port_is_taken_is_known_for_that(
    server: Callable[[int, Path], Process], taken_port: int, tmp_path: Path
) -> None:
    process = server(taken_port, tmp_path)
    try:
        process.start()
        with pytest.raises(PortLost, match="in use"):
            process.wait_ready()
    finally:
        process.kill()


def test_a_load_balancer_that_lost_its_port_starts_on_another(tmp_path: Path) -> None:
    sources.need_local_haproxy()
    balancer = Balancer(tmp_path, {}, {})
    with socket.create_server(balancer.address) as other, balancer:
        assert balancer.address != other.getsockname()
        assert balancer.process.alive


def test_after_three_lost_ports_a_start_gives_up(taken_port: int, tmp_path: Path) -> None:
    starts = []

    def start() -> None:
        starts.append(redis(taken_port, tmp_path))
        starts[-1].start()
        starts[-1].wait_ready()

    with pytest.raises(PortLost):
        on_other_ports(start)
    assert len(starts) == 3
