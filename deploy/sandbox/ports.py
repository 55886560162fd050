"""The ports of the local system: three public ones that people type, and inner ones."""

import json
import os
import random
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_BLOCK_SIZE = 100
_CANDIDATES = range(20_000, 65_500)
_EPHEMERAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


@dataclass(frozen=True, slots=True)
class Port:
    """A listener: its name here, the setting that fixes its port, and its default number."""

    name: str
    setting: str
    preferred: int
    public: bool = False


PORTS = (
    Port("http", "CM_HTTP_PORT", 8080, public=True),
    Port("https", "CM_HTTPS_PORT", 8443, public=True),
    Port("stats", "CM_STATS_PORT", 8404, public=True),
    Port("redis", "CM_REDIS_PORT", 6379),
    Port("zookeeper", "CM_ZOOKEEPER_PORT", 2181),
    Port("ucce", "CM_SIMULATOR_PORT", 8444),
    Port("finesse-1", "CM_FINESSE_1_PORT", 8445),
    Port("finesse-2", "CM_FINESSE_2_PORT", 8446),
    Port("booking-1", "CM_BOOKING_1_PORT", 8101),
    Port("booking-2", "CM_BOOKING_2_PORT", 8102),
    Port("admin-1", "CM_ADMIN_1_PORT", 8111),
    Port("admin-2", "CM_ADMIN_2_PORT", 8112),
    Port("worker-1", "CM_WORKER_1_PORT", 8121),
    Port("worker-2", "CM_WORKER_2_PORT", 8122),
)


class PortTaken(Exception):
    """A port that must be ours is not free; the text names the setting that changes it."""


def choose(environ: Mapping[str, str], remembered: Path) -> dict[str, int]:
    """A port for every name. Public ports and those that a setting fixes stay as they are; others may get any free one.

    The choice is kept in the file `remembered` and preferred by the next start. Raises PortTaken.
    """
    earlier: dict[str, int] = json.loads(remembered.read_text()) if remembered.exists() else {}
    chosen: dict[str, int] = {}
    for port in PORTS:
        wanted = _wanted(port, environ, earlier)
        if is_free(wanted) and wanted not in chosen.values():
            chosen[port.name] = wanted
        elif port.public or environ.get(port.setting):
            raise PortTaken(
                f"Port {wanted} ({port.name}) is taken. Free it, or choose another one with {port.setting}."
            )
        else:
            chosen[port.name] = free_port()
    remembered.parent.mkdir(parents=True, exist_ok=True)
    remembered.write_text(json.dumps(chosen, indent=1) + "\n")
    return chosen


class _Reservation:
    """The blocks of ports that this process has to itself, and which of their ports it has given out.

    A block is reserved with a socket of an abstract name, which one process of a network namespace can have at a time
    and which the kernel takes back when that process ends. A port is given out once in the life of a process: a test
    may stop a server and start it again on its port.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._ports: Iterator[int] = iter(())

    def take(self) -> int:
        """A port that no other process takes from this class, and on which nothing listens now."""
        with self._lock:
            if self._owner != os.getpid():  # a forked child shares its parent's blocks, and must have its own
                self._owner, self._ports = os.getpid(), iter(())
            while True:
                for port in self._ports:
                    if is_free(port):
                        return port
                self._ports = iter(self._reserve_block())

    @staticmethod
    def _reserve_block() -> range:
        blocks = _blocks()
        # Random: clients that a killed run left behind may still send requests to the ports of the first blocks.
        for block in random.sample(blocks, len(blocks)):
            name = socket.socket(socket.AF_UNIX)
            try:
                name.bind(f"\0campaign-manager-ports-{block.start}")
            except OSError:
                name.close()
                continue
            name.detach()  # open until the process ends
            return block
        raise PortTaken("Every block of free ports is reserved by other processes of Campaign Manager on this machine.")


_RESERVATION = _Reservation()


def free_port() -> int:
    """A loopback port on which nothing listens, reserved for this process until it ends."""
    return _RESERVATION.take()


def any_free() -> dict[str, int]:
    """A free port for every name: for tests, which run beside each other and beside a demo."""
    return {port.name: free_port() for port in PORTS}


def is_free(port: int) -> bool:
    """Whether we could listen on this loopback port now."""
    with socket.socket() as listener:
        # As the servers do: connections in TIME_WAIT do not block the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _blocks() -> list[range]:
    """Blocks outside of the kernel's range for outgoing connections; the lowest quarter when that range covers all."""
    every = [range(start, start + _BLOCK_SIZE) for start in _CANDIDATES[::_BLOCK_SIZE]]
    with suppress(OSError, ValueError):
        low, high = map(int, _EPHEMERAL_RANGE.read_text().split())
        if outside := [block for block in every if block.stop <= low or block.start > high]:
            return outside
    return every[: len(every) // 4]


def _wanted(port: Port, environ: Mapping[str, str], earlier: Mapping[str, int]) -> int:
    value = environ.get(port.setting)
    if not value:
        return port.preferred if port.public else earlier.get(port.name, port.preferred)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise PortTaken(f"{port.setting} is {value!r}: it must be a port number between 1 and 65535.")
    return int(value)
