"""Two small services of each kind behind a real HAProxy with the product's configuration."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.servers import sources
from tests.servers.balancer import Balancer
from tests.servers.service import Received, Script, Service


@dataclass
class Site:
    """The balancer, the services behind it by name (booking-1, …), their scripted behaviour and received requests."""

    balancer: Balancer
    services: dict[str, Service]
    script: Script

    @property
    def received(self) -> list[Received]:
        return self.script.received

    def ask(self, method: str, path: str, **request: Any) -> requests.Response:
        """One request on a connection of its own."""
        return requests.request(method, f"{self.balancer.url}{path}", timeout=15, **request)

    def who_answers(self, method: str, path: str) -> str:
        """The name of the service that answers."""
        response = self.ask(method, path)
        assert response.status_code == 200, response.text
        return str(response.json()["service"])

    def restore(self) -> None:
        """Back to the state after the start: all up, worker-1 the master, no received and no hanging requests."""
        self.script.end()
        for name, service in self.services.items():
            service.ready, service.master = True, name == "worker-1"
            service.start()
        self.balancer.wait_up(booking=2, admin=2, master=1)
        self.script.behaviours.clear()
        self.script.received.clear()
        self.script.ended = threading.Event()


StartSite = Callable[..., Site]


@pytest.fixture
def outside() -> str:
    """An address of this host that is not its loopback. Nothing is sent to find it."""
    return outside_address()


def outside_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("This machine has no other address than its loopback's")
        return str(asking.getsockname()[0])


@contextmanager
def running_site(folder: Path, **settings: str) -> Iterator[Site]:
    sources.need_local_haproxy()
    script = Script()
    names = [f"{kind}-{node}" for kind in ("booking", "admin", "worker") for node in (1, 2)]
    services = {name: Service(name, script) for name in names}
    addresses = {f"CM_{name.upper().replace('-', '_')}": services[name].address for name in names}
    site = Site(Balancer(folder, addresses, settings), services, script)
    with ExitStack() as started:
        for service in services.values():
            started.callback(service.stop)
            service.start()
        started.callback(script.end)
        started.enter_context(site.balancer)
        site.restore()
        yield site


@pytest.fixture
def start_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartSite]:
    """start_site(CM_REQUEST_TIMEOUT="1s", …) → a Site of this test alone, with these settings."""
    with ExitStack() as started:
        yield lambda **settings: started.enter_context(running_site(tmp_path_factory.mktemp("haproxy"), **settings))


@pytest.fixture(scope="module")
def _shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("haproxy")) as site:
        yield site


@pytest.fixture
def site(_shared_site: Site) -> Site:
    """A Site with the product's own settings, put in order before each test."""
    _shared_site.restore()
    return _shared_site
