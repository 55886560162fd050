"""A TCP proxy that can be told to fail: the wire between a worker and one ZooKeeper, or to the database server."""

import socket
import struct
import threading
from contextlib import suppress
from typing import Literal

Mode = Literal["open", "cut", "silent"]  # pass on; close and refuse; keep connections but pass nothing on


class Proxy:
    """Listens on `port` of loopback and passes on to port `target` of `host`.

    `session`: the last (id, password) that ZooKeeper granted.
    """

    def __init__(self, port: int, target: int, host: str = "127.0.0.1") -> None:
        self.port = port
        self.mode: Mode = "open"
        self.session: tuple[int, bytes] | None = None
        self._target = (host, target)
        self._passing = threading.Event()
        self._passing.set()
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, daemon=True).start()

    def set(self, mode: Mode) -> None:
        self.mode = mode
        if mode == "silent":
            self._passing.clear()
            return
        self._passing.set()
        if mode == "cut":
            self._hang_up()

    def close(self) -> None:
        self.set("cut")
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            if self.mode == "cut":
                return
            try:
                server = socket.create_connection(self._target, 2)
            except OSError:
                return
            server.settimeout(None)
            with server:
                pair = {client, server}
                with self._lock:
                    self._sockets |= pair
                back = threading.Thread(target=self._pump, args=(server, client, True), daemon=True)
                back.start()
                self._pump(client, server, False)
                back.join()
                with self._lock:
                    self._sockets -= pair

    def _pump(self, source: socket.socket, sink: socket.socket, granting: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._passing.wait()
                if granting:
                    granting = False
                    self._note_session(data)
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _note_session(self, data: bytes) -> None:
        """ZooKeeper's ConnectResponse: length, protocol, timeout, session id, password."""
        if len(data) >= 40:
            session, length = struct.unpack(">qi", data[12:24])
            if session and length == 16:
                self.session = (session, data[24:40])

    def _hang_up(self) -> None:
        with self._lock:
            for one in self._sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
