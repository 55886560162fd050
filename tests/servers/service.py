"""A small HTTP service to put behind a load balancer: it answers with its name and records its requests."""

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from deploy.sandbox import ports

# answer: 200 with the service's name; refuse: 503 with it; die: read the request and close the connection; hang: send
# nothing until the end of the test.
Behaviour = Literal["answer", "refuse", "die", "hang"]


@dataclass(frozen=True)
class Received:
    """A request that reached a service, health checks aside. Header names are lower case."""

    service: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Script:
    """What a group of services does with the next requests, whichever of them gets one; then they answer."""

    behaviours: deque[Behaviour] = field(default_factory=deque)
    received: list[Received] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def next(self) -> Behaviour:
        return self.behaviours.popleft() if self.behaviours else "answer"

    def end(self) -> None:
        """End the requests that hang."""
        self.ended.set()


class Service:
    """One service on a free port. `ready` and `master` are what its health checks say."""

    def __init__(self, name: str, script: Script, *, master: bool = False) -> None:
        self.name = name
        self.script = script
        self.ready = True
        self.master = master
        self.port = ports.free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._server: _Server | None = None

    def start(self) -> None:
        """Listen; a started one is left alone."""
        if self._server is not None:
            return
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.service = self
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Close the listener; what hangs is let go."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(ThreadingHTTPServer):
    service: Service
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """The balancer cutting a connection is part of what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _serve(self) -> None:
        service = self.server.service
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path in ("/health/ready", "/health/master") and "X-Request-ID" not in self.headers:
            # The balancer's own check.
            return self._answer(200 if (service.ready if self.path.endswith("ready") else service.master) else 503)
        headers = {name.lower(): value for name, value in self.headers.items()}
        service.script.received.append(Received(service.name, self.command, self.path, headers, body))
        behaviour = service.script.next()
        if behaviour == "hang":
            service.script.ended.wait(30)
        if behaviour in ("answer", "refuse"):
            return self._answer(200 if behaviour == "answer" else 503)
        self.close_connection = True
        return None

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - the base class's names

    def _answer(self, status: int) -> None:
        body = json.dumps({"service": self.server.service.name}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Server", "secret/1.0")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests read `received` instead."""
