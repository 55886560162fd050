"""Which ports the local system uses: three that people type, and some that only its parts know."""

import json
import random
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

# Below the range that the kernel gives to outgoing connections, so that a port found free stays free.
FREE_RANGE = range(20_000, 32_000)


@dataclass(frozen=True, slots=True)
class Port:
    """A listener: its name here, the setting that fixes it, and the number it likes best."""

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
    """A port for every name: public and explicitly set ones as they are, others any free one if need be.

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
            chosen[port.name] = free_port(chosen.values())
    remembered.parent.mkdir(parents=True, exist_ok=True)
    remembered.write_text(json.dumps(chosen, indent=1) + "\n")
    return chosen


def any_free() -> dict[str, int]:
    """A free port for every name: for tests, which run beside each other and beside a demo."""
    chosen: dict[str, int] = {}
    for port in PORTS:
        chosen[port.name] = free_port(chosen.values())
    return chosen


def free_port(but: Collection[int] = ()) -> int:
    """A loopback port on which nothing listens. Random, so that several searches at once seldom meet."""
    while True:
        port = random.choice(FREE_RANGE)  # noqa: S311 - no secret
        if port not in but and is_free(port):
            return port


def is_free(port: int) -> bool:
    """Whether we could listen on this loopback port now."""
    with socket.socket() as listener:
        # As the servers do it: the remains of closed connections are no obstacle.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _wanted(port: Port, environ: Mapping[str, str], earlier: Mapping[str, int]) -> int:
    given = environ.get(port.setting)
    if not given:
        return port.preferred if port.public else earlier.get(port.name, port.preferred)
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise PortTaken(f"{port.setting} is {given!r}: it must be a port number between 1 and 65535.")
    return int(given)
