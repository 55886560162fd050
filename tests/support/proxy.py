"""A TCP proxy in front of a server that can refuse or cut connections, fall silent, or be slow."""

import contextlib
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Literal

from deploy.sandbox import ports

# open: forward; cut: refuse and close connections; silent: keep connections and hold what comes until `open`.
Mode = Literal["open", "cut", "silent"]


class Proxy:
    """Forwards what comes to `port` on loopback. One thread serves all connections.

    `heard` and `answered` are called with a connection's number and what its client, or its server, sent.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self.port = ports.free_port()
        self._selector = selectors.DefaultSelector()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._clients: set[socket.socket] = set()
        self._late: deque[tuple[float, socket.socket, bytes]] = deque()  # when, to whom, what
        self._delay = 0.0
        self._listener: socket.socket | None = None
        self._lock = threading.Lock()
        self._paused = threading.Event()
        self._silent = self._held = self._ended = False
        self.heard: Callable[[int, bytes], None] = lambda _connection, _data: None
        self.answered: Callable[[int, bytes], None] = lambda _connection, _data: None
        self.listen()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def listen(self) -> None:
        """Take connections (again)."""
        with self._lock:
            if self._listener is not None:
                return
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._selector.register(self._listener, selectors.EVENT_READ)

    def go_away(self) -> None:
        """Refuse new connections and cut those that are open: the server's host is gone."""
        with self._lock:
            if self._listener is not None:
                self._selector.unregister(self._listener)
                self._listener.close()
                self._listener = None
            for one in list(self._pairs):
                self._close(one)

    def fall_silent(self) -> None:
        """Accept connections and bytes and answer nothing, like a frozen server or a firewall that drops packets."""
        self._silent = True

    def slow_down(self, seconds: float) -> None:
        """Delay each answer by `seconds` from now on."""
        self._delay = seconds

    def speak(self) -> None:
        """Forward again; connections that were open while it was silent are cut."""
        with self._lock:
            for one in list(self._pairs):
                self._close(one)
        self._silent = False

    def hold(self) -> None:
        """Pass nothing on, not even that a connection was closed: one side's machine is suspended."""
        self._held = True

    def let_go(self) -> None:
        """Pass on what was held, in order."""
        self._held = False

    def set(self, mode: Mode) -> None:
        """Change to this mode from any other."""
        if mode == "silent":
            self.hold()
            return
        self.let_go()
        if mode == "cut":
            self.go_away()
        else:
            self.listen()

    def close(self) -> None:
        self._ended = True
        self._thread.join(5)
        self.go_away()
        self._selector.close()

    def _run(self) -> None:
        while not self._ended:
            self._send_late()
            for key, _ in self._selector.select(0.002 if self._late else 0.05):
                with self._lock:
                    if self._held:
                        self._paused.wait(0.02)
                    elif key.fileobj is self._listener:
                        self._accept()
                    elif key.fileobj in self._pairs:
                        self._forward(key.fileobj)

    def _accept(self) -> None:
        assert self._listener is not None
        client, _ = self._listener.accept()
        try:
            server = socket.create_connection(self._target)
        except OSError:  # the server is down: what a client without a proxy would notice too
            client.close()
            return
        self._clients.add(client)
        for one, other in ((client, server), (server, client)):
            self._pairs[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _forward(self, source: socket.socket) -> None:
        try:
            data = source.recv(65536)
            (self.heard if source in self._clients else self.answered)(source.fileno(), data)
            # Also when the delay has just ended and earlier bytes still wait: a stream keeps its order.
            if data and (self._delay or self._late) and source not in self._clients:
                self._late.append((time.monotonic() + self._delay, self._pairs[source], data))
            elif data and not self._silent:
                self._pairs[source].sendall(data)
        except OSError:
            data = b""
        if not data:
            self._close(source)

    def _send_late(self) -> None:
        while self._late and self._late[0][0] <= time.monotonic():
            _, sink, data = self._late.popleft()
            with self._lock, contextlib.suppress(OSError):
                if sink in self._pairs:
                    sink.sendall(data)

    def _close(self, one: socket.socket) -> None:
        other = self._pairs.pop(one, None)
        for end in (one, other):
            if end is not None:
                self._pairs.pop(end, None)
                self._clients.discard(end)
                with contextlib.suppress(KeyError, ValueError):
                    self._selector.unregister(end)
                end.close()


@contextlib.contextmanager
def proxy_to(host: str, port: int) -> Iterator[Proxy]:
    proxy = Proxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()
