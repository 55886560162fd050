"""The HTTP side of one connection: reads requests, writes answers, cuts or resets them when test control says so."""

import ipaddress
import os
import socket
import ssl
import struct
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from deploy.sandbox.ucce_simulator import controls, exchange
from deploy.sandbox.ucce_simulator.wire import CONTROL_PATH, Answer, Request

if TYPE_CHECKING:
    from deploy.sandbox.ucce_simulator.server import UcceServer

_TLS_HANDSHAKE = 0x16  # the first byte of a TLS connection
_MAX_BODY_BYTES = 64 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    """Every method goes through _serve. A connection to a TLS server that speaks plain HTTP may only use controls."""

    server: "UcceServer"
    protocol_version = "HTTP/1.1"
    server_version = "UCCE-simulator"
    sys_version = ""
    timeout = 75  # seconds an idle connection is kept
    disable_nagle_algorithm = True

    def setup(self) -> None:
        self.secure = False
        self.request.settimeout(self.timeout)
        if self.server.tls is not None:
            first = self.request.recv(1, socket.MSG_PEEK)
            if first and first[0] == _TLS_HANDSHAKE:
                self.request = self.server.tls.wrap_socket(self.request, server_side=True)
                self.secure = True
        super().setup()

    def _serve(self) -> None:
        with self.server.at_work():
            if (request := self._read()) is not None:
                self._dispatch(request)

    def _dispatch(self, request: Request) -> None:
        if request.path.startswith(CONTROL_PATH):
            allowed = ipaddress.ip_address(request.peer).is_loopback
            self._write(controls.serve(self.server.ucce, request) if allowed else Answer(403))
        elif self.server.workstation in self.server.ucce.down:
            self._reset()
        elif self.server.tls is not None and not self.secure:
            self._write(Answer(400, b"This combination of host and port requires TLS.\n", "text/plain"))
        else:
            self._end(exchange.serve(self.server.ucce, request))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = _serve  # noqa: N815

    def _read(self) -> Request | None:
        """The whole request, or None when it cannot be read (then the connection ends)."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self._refuse(411)
            return None
        if int(length) > _MAX_BODY_BYTES:
            self._refuse(413)
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):  # the client went away: this was never received
            self.close_connection = True
            return None
        headers = {name.title(): value for name, value in self.headers.items()}
        return Request(self.command, self.path, headers, body, self.client_address[0], self.server.workstation)

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._write(Answer(status))

    def _end(self, ending: exchange.Ending) -> None:
        if ending.answer is None:
            self._reset()
        elif ending.kind == "cut short":
            self._write(ending.answer, cut_short=True)
            self._reset()
        else:
            self._write(ending.answer)

    def _write(self, answer: Answer, *, cut_short: bool = False) -> None:
        """Head and body in one write. Cut short: the head promises more than comes."""
        self.send_response(answer.status)
        if answer.body or cut_short:
            self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body) + (64 if cut_short else 0)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        body = answer.body[: len(answer.body) // 2] if cut_short else answer.body
        self._headers_buffer: list[bytes]  # the base class's own; its end_headers would write the head alone
        self._headers_buffer += [b"\r\n", b"" if self.command == "HEAD" else body]
        self.flush_headers()

    def _reset(self) -> None:
        """Close so that the client sees a connection reset: no TLS goodbye, no FIN."""
        self.close_connection = True
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.request.detach())

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, ssl.SSLError, TimeoutError):
            self.close_connection = True  # the client is gone

    def finish(self) -> None:
        if self.request.fileno() >= 0:  # not after a reset
            super().finish()
            self.request.close()  # the server knows only the plain socket that TLS has taken over

    def log_message(self, format: str, *args: object) -> None:
        if self.server.ucce.options.verbose:
            path = self.path.partition("?")[0] if hasattr(self, "path") else "-"
            print(f"{self.log_date_time_string()} {self.command} {path} {args[-2:]}", flush=True)
