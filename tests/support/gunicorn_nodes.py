"""The booking API as it is deployed: a gunicorn process of its own, with the settings that production has."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.sandbox import checks, ports
from deploy.sandbox.process import Process, on_other_ports
from deploy.sandbox.servers import PLAIN_ENV
from deploy.sandbox.services import web_service
from shared.clock import utcnow
from shared.db.session import Database
from tests.support.booking_api import add_key
from tests.support.configured_database import World, build_world, phone
from tests.support.databases import ON_SERVER

# Long deadlines, for tests that are not about time: the machine of the tests may be busy.
LONG_TIMEOUTS = {"CM_DATABASE_TIMEOUT": "15", "CM_DATABASE_LOGIN_TIMEOUT": "15", "CM_BOOKING_DEADLINE": "25"}
# The same on a database server only, which may take as long as a booking's deadline to plan a statement.
LONG_TIMEOUTS_ON_SERVER = LONG_TIMEOUTS if ON_SERVER else {}


def soon(hours: float = 3) -> str:
    """A start that can be booked: ten past a full hour, some hours from now."""
    at = (utcnow() + timedelta(hours=hours)).replace(minute=10, second=0, microsecond=0)
    return at.isoformat()


class Node:
    """One process. Requests are sent with `key` unless another is given."""

    def __init__(self, process: Process, port: int, key: str) -> None:
        self.process, self.port, self.key = process, port, key
        self.url = f"http://127.0.0.1:{port}"
        self.session = requests.Session()

    def request(self, method: str, path: str, *, key: str | None = None, **how: Any) -> requests.Response:
        headers = {"X-API-Key": self.key if key is None else key, **how.pop("headers", {})}
        return self.session.request(method, self.url + path, headers=headers, timeout=15, **how)

    def availability(self, **how: Any) -> requests.Response:
        return self.request("GET", "/api/v1/availability?skill=Billing", **how)

    def book(self, *, key: str | None = None, **body: Any) -> requests.Response:
        full = {"phone": phone(), "start": soon(), "skill": "Billing", **body}
        return self.request("POST", "/api/v1/callbacks", json=full, key=key)

    def ready(self) -> tuple[int, str | None]:
        """The status of /health/ready and its reason word, over a connection of its own as a balancer asks."""
        response = requests.get(f"{self.url}/health/ready", timeout=5)
        return response.status_code, response.json().get("reason")

    def head(self, method: str, path: str, length: int) -> bytes:
        """The head of a request with a body of `length` bytes, for tests that send it over a socket."""
        return (
            f"{method} {path} HTTP/1.1\r\nHost: test\r\nX-API-Key: {self.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        ).encode()

    def metric(self, name: str) -> float:
        text = requests.get(f"{self.url}/metrics", timeout=5).text
        return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name))

    def log(self) -> str:
        return self.process.log_tail(100_000)


StartNode = Callable[..., Node]


@pytest.fixture
def current_world(database: Database) -> World:
    """As `world`, at the present time, for processes with a real clock: UTC, 3 places a half hour, no notice."""
    world = build_world(database, zone="UTC", now=utcnow())
    world.settings(minimum_notice_minutes=0)
    return world


@pytest.fixture
def ivr_key(current_world: World) -> str:
    """A key whose rate no test reaches."""
    return add_key(current_world, "busy-ivr", "ivr", rate_per_second=1_000_000)


@pytest.fixture
def start_node(database_url: str, ivr_key: str, tmp_path: Path) -> Iterator[StartNode]:
    """start_node(redis_url, CM_LOG_LEVEL="DEBUG") → a booking API that is ready. All are stopped at the end.

    With `ready=False` it is only waited for until it is alive. An empty setting gives the service its default.
    `application` is the WSGI application for gunicorn, if not the product's own.
    """
    with ExitStack() as started:

        def start_on_free_port(
            redis_url: str = "redis://127.0.0.1:1/0",
            *,
            ready: bool = True,
            application: str | None = None,
            **settings: str,
        ) -> Node:
            port = ports.free_port()
            env = {
                **PLAIN_ENV,
                "HOME": str(tmp_path),
                "PATH": os.environ["PATH"],
                "CM_NODE": f"node-{port}",
                "CM_DATABASE_URL": database_url,
                "CM_REDIS_URL": redis_url,
                "CM_DRAIN_SECONDS": "0",
                "CM_DATABASE_TIMEOUT": "3",  # the machine of the tests may be busy
                **settings,
            }
            env = {name: value for name, value in env.items() if value}
            process = web_service(f"booking-{port}", "booking_api", port, tmp_path / f"booking-{port}.log", env)
            if application:
                process.command[-1] = application
            if not ready:
                process.ready = lambda: checks.http_answers(f"http://127.0.0.1:{port}/health/live")
            started.callback(process.stop)
            process.start()
            process.wait_ready()
            node = Node(process, port, ivr_key)
            started.callback(node.session.close)
            return node

        yield lambda *arguments, **settings: on_other_ports(lambda: start_on_free_port(*arguments, **settings))
