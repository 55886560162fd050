"""The listening side: one thread per connection, which also does the TLS handshake: a slow one delays no other."""

import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.behaviour import Behaviour
from deploy.sandbox.ucce_simulator.clock import Clock
from deploy.sandbox.ucce_simulator.dialer import Dialer
from deploy.sandbox.ucce_simulator.disturbances import Disturbances
from deploy.sandbox.ucce_simulator.gate import ImportGate
from deploy.sandbox.ucce_simulator.handler import Handler
from deploy.sandbox.ucce_simulator.ivr_script import IvrScript
from deploy.sandbox.ucce_simulator.journal import Journal
from deploy.sandbox.ucce_simulator.options import Options
from deploy.sandbox.ucce_simulator.store import Store


class UcceServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, ucce: Ucce, tls: ssl.SSLContext | None, workstation: int = 1) -> None:
        """`workstation` 1 or 2: the Admin Workstation that this listener is."""
        self.ucce, self.tls, self.workstation = ucce, tls, workstation
        self._at_work = 0
        self._lock = threading.Lock()
        port = ucce.options.port if workstation == 1 else ucce.options.second_port
        super().__init__((ucce.options.host, port), Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # without the reverse look-up of HTTPServer
        self.server_name, self.server_port = self.socket.getsockname()[:2]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that breaks off during the handshake; log every other error."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Counts a request as under way: the end of the process waits for it."""
        with self._lock:
            self._at_work += 1
        try:
            yield
        finally:
            with self._lock:
                self._at_work -= 1

    def finish_work(self, seconds: float) -> None:
        """Wait until no request is under way, at most for the given seconds."""
        deadline = time.monotonic() + seconds
        while self._at_work and time.monotonic() < deadline:
            time.sleep(0.01)


def build(options: Options) -> Ucce:
    """The parts, wired; nothing runs yet."""
    options.data.mkdir(parents=True, exist_ok=True)
    store = Store(options.data / "ucce.db")
    clock = Clock(store)
    stopping = threading.Event()
    return Ucce(
        options,
        store,
        clock,
        Journal(store),
        Disturbances(store),
        ImportGate(options.queue),
        Dialer(store, clock, options, stopping),
        Behaviour(store),
        IvrScript(store, stopping),
        stopping=stopping,
    )


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context
