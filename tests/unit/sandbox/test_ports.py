"""The choice of a local system's ports, and the messages when a port is taken."""

import multiprocessing
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sandbox import ports


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A loopback port on which another socket listens."""
    with socket.create_server(("127.0.0.1", ports.free_port())) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def ports_file(tmp_path: Path) -> Path:
    return tmp_path / "run" / "ports.json"


def free_public() -> dict[str, str]:
    """Settings with free ports for the three public listeners."""
    return {port.setting: str(ports.free_port()) for port in ports.PORTS if port.public}


@pytest.mark.parametrize("setting", ["CM_HTTP_PORT", "CM_HTTPS_PORT", "CM_STATS_PORT", "CM_REDIS_PORT"])
def test_a_port_that_was_asked_for_and_is_taken_stops_with_its_setting(
    setting: str, taken_port: int, ports_file: Path
) -> None:
    with pytest.raises(ports.PortTaken, match=rf"Port {taken_port} .* {setting}"):
        ports.choose({**free_public(), setting: str(taken_port)}, ports_file)


def test_an_inner_port_that_is_taken_gives_way_to_a_free_one(
    taken_port: int, ports_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = ports.Port("redis", "CM_REDIS_PORT", taken_port)
    monkeypatch.setattr(ports, "PORTS", (inner,))

    chosen = ports.choose({}, ports_file)

    assert chosen["redis"] != taken_port
    assert ports.is_free(chosen["redis"])


def test_the_next_start_prefers_the_same_ports(ports_file: Path) -> None:
    settings = free_public()

    first = ports.choose(settings, ports_file)

    assert ports.choose(settings, ports_file) == first


@pytest.mark.parametrize("text", ["http", "-1", "0", "65536", "80.5"])
def test_a_port_that_is_no_number_stops_with_its_setting(text: str, ports_file: Path) -> None:
    with pytest.raises(ports.PortTaken, match=r"CM_HTTP_PORT .* between 1 and 65535"):
        ports.choose({**free_public(), "CM_HTTP_PORT": text}, ports_file)


def test_no_two_listeners_get_the_same_port() -> None:
    chosen = ports.any_free()

    assert len(set(chosen.values())) == len(ports.PORTS)


def test_a_forked_child_gets_none_of_its_parents_ports() -> None:
    before = {ports.free_port() for _ in range(3)}
    with multiprocessing.get_context("fork").Pool(1) as pool:
        theirs = set(pool.apply(many_free_ports))

    assert not theirs & (before | {ports.free_port() for _ in range(100)})


def many_free_ports() -> list[int]:
    return [ports.free_port() for _ in range(100)]


def test_free_ports_are_none_that_the_kernel_gives_to_outgoing_connections() -> None:
    low, high = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    if high - low > 45_000:
        pytest.skip("This machine gives nearly every port to outgoing connections")

    assert not low <= ports.free_port() <= high
