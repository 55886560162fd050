"""A node as a WSGI application and its TLS listener."""

import socket
import ssl
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from deploy.sandbox.finesse import controls, desktop, gadgets, rest
from deploy.sandbox.finesse.cluster import Cluster, Here
from deploy.sandbox.finesse.gadgets import Layout

_UNAVAILABLE = b"<html><body>HTTP Status 503 - Service Unavailable</body></html>"


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds; also bounds a TLS handshake that never ends

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: what was asked is in the journal."""


class _Mode:
    """Answers as the node's mode says, before the application sees the request; controls are always answered."""

    def __init__(self, app: Callable[..., Iterable[bytes]], cluster: Cluster, node: int) -> None:
        self._app, self._cluster, self._node = app, cluster, node

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        mode = self._cluster.modes[self._node]
        if not environ["PATH_INFO"].startswith(controls.PREFIX):
            if mode == "hang":
                self._cluster.wait_for_change(self._node, "hang")
            if mode == "down":
                return _reset(environ["werkzeug.socket"])
            if mode == "unavailable" and environ["PATH_INFO"].startswith("/finesse/api"):
                start("503 Service Unavailable", [("Content-Type", "text/html"), ("Connection", "close")])
                return [_UNAVAILABLE]
        return self._app(environ, start)


def _reset(connection: socket.socket) -> Iterable[bytes]:
    """End the connection with a reset, as a machine without the process does."""
    # Not closed here: its number could be another connection's before TLS has written its farewell.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise ConnectionResetError


def application(cluster: Cluster, node: int, layout: Layout) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.extensions |= {"finesse": Here(cluster, node), "layout": layout}
    for blueprint in (rest.blueprint, controls.blueprint, desktop.blueprint, gadgets.blueprint):
        app.register_blueprint(blueprint)
    app.wsgi_app = _Mode(app.wsgi_app, cluster, node)  # type: ignore[assignment]
    return app


def listener(app: Flask, host: str, port: int, certificate: Path, key: Path) -> BaseWSGIServer:
    """Raises OSError when the port is taken."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    # Each connection's own thread does its handshake: a slow one delays no other.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.ssl_context = context
    server.daemon_threads = True  # type: ignore[attr-defined]
    return server
