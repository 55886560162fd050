"""A real HAProxy with the product's configuration in front of a test's servers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from deploy.sandbox import checks, load_balancer, ports
from deploy.sandbox.process import PortLost, Process, on_other_ports
from tests.support.until import until

_UNUSED = "127.0.0.1:1"  # a port where nothing listens


class Balancer:
    """`url`, `https_url` and `stats_url` of a running HAProxy, and its process.

    `servers`: `host:port` by CM_BOOKING_1, CM_BOOKING_2, CM_ADMIN_1, … (those left out are down). `settings`: other
    variables of haproxy/README.md.
    """

    def __init__(self, folder: Path, servers: Mapping[str, str], settings: Mapping[str, str]) -> None:
        names = [f"CM_{kind}_{node}" for kind in ("BOOKING", "ADMIN", "WORKER") for node in (1, 2)]
        self._settings = {**dict.fromkeys(names, _UNUSED), **servers, **settings}
        self._folder = folder
        self._choose_ports()

    def start(self) -> None:
        """Start it, on other ports than it was made with if one of those was lost."""
        on_other_ports(self._start)

    def stop(self) -> None:
        self.process.stop()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self) -> None:
        self.process.start()
        try:
            self.process.wait_ready()
        except PortLost:
            self._choose_ports()
            raise

    def _choose_ports(self) -> None:
        numbers = {name: ports.free_port() for name in ("http", "https", "stats")}
        self.url = f"http://127.0.0.1:{numbers['http']}"
        self.https_url = f"https://127.0.0.1:{numbers['https']}"
        self.stats_url = f"http://127.0.0.1:{numbers['stats']}"
        self.address = ("127.0.0.1", numbers["http"])
        log = self._folder / "haproxy.log"
        self.process: Process = load_balancer.haproxy(self._folder, log, numbers, self._settings)

    def wait_up(self, **servers: int) -> None:
        """Wait until HAProxy sees exactly these numbers of servers up: wait_up(booking=2, master=1)."""
        until(lambda: self._up(servers) == servers, what=f"servers up {servers}")

    def log(self) -> str:
        return self.process.log_tail(10_000)

    def _up(self, wanted: Mapping[str, int]) -> dict[str, int]:
        seen = checks.servers_up(self.stats_url)
        return {backend: seen.get(backend, 0) for backend in wanted} if seen else {}
