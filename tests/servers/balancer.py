"""A real HAProxy with the product's configuration, in front of whatever servers a test gives it."""

from collections.abc import Mapping
from pathlib import Path

from deploy.sandbox import checks, load_balancer, ports
from deploy.sandbox.process import Process
from tests.support.until import until

_UNUSED = "127.0.0.1:1"  # a port where nothing listens


class Balancer:
    """`url`, `https_url` and `stats_url` of a running HAProxy, and its process.

    `servers`: `host:port` by CM_BOOKING_1, CM_BOOKING_2, CM_ADMIN_1, … (those left out are down). `settings`: other
    variables of haproxy/README.md.
    """

    def __init__(self, folder: Path, servers: Mapping[str, str], settings: Mapping[str, str]) -> None:
        numbers = {name: ports.free_port() for name in ("http", "https", "stats")}
        self.url = f"http://127.0.0.1:{numbers['http']}"
        self.https_url = f"https://127.0.0.1:{numbers['https']}"
        self.stats_url = f"http://127.0.0.1:{numbers['stats']}"
        self.address = ("127.0.0.1", numbers["http"])
        names = [f"CM_{kind}_{node}" for kind in ("BOOKING", "ADMIN", "WORKER") for node in (1, 2)]
        every = {**dict.fromkeys(names, _UNUSED), **servers, **settings}
        self.process: Process = load_balancer.haproxy(folder, folder / "haproxy.log", numbers, every)

    def start(self) -> None:
        self.process.start()
        self.process.wait_ready()

    def wait_up(self, **servers: int) -> None:
        """Until HAProxy sees exactly so many servers up per backend: wait_up(booking=2, master=1)."""
        until(lambda: self._up(servers) == servers, what=f"servers up {servers}")

    def log(self) -> str:
        return self.process.log_tail(10_000)

    def _up(self, wanted: Mapping[str, int]) -> dict[str, int]:
        seen = checks.servers_up(self.stats_url)
        return {backend: seen.get(backend, 0) for backend in wanted} if seen else {}
