"""The gunicorn worker of our HTTP services: it stops without losing a request, and answers malformed HTTP.

gunicorn's own worker takes no connection more from the moment it is told to stop, but its listening socket stays open
until its last request has ended. The kernel goes on accepting for it, and a client that connects meanwhile (a load
balancer that has not noticed yet) waits and is then cut off: a booking that was sent there may not be sent again.
"""

import json
import socket
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from types import FrameType
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker
from ulid import ULID

from shared.errors import Code
from shared.web.dependencies import dependencies_of
from shared.web.problems import MEDIA_TYPE, PROBLEMS
from shared.web.syn_filter import drop_new_connections

_HANDSHAKE_SECONDS = 0.1  # seconds that a load balancer's answer to our answer is under way, at most


class DrainingWorker(ThreadWorker):  # type: ignore[misc]
    """On SIGTERM: say `stopping` to the load balancer's checks, serve on until it has heard it, then stop."""

    _accepting: bool  # gunicorn's own
    _draining = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The handler of SIGTERM. It may come twice: from a supervisor to all processes, and from gunicorn's master."""
        if self._draining:
            return
        self._draining = True
        self.method_queue.defer(dependencies_of(self.wsgi).readiness.stop)  # in the main loop: a signal must not log
        drained = threading.Timer(self.wsgi.config["DRAIN_SECONDS"], self._stop, (sig, frame))
        drained.daemon = True
        drained.start()

    def _stop(self, sig: int, frame: FrameType | None) -> None:
        """Stop once the last handshakes have ended."""
        for listener in self.sockets:
            with suppress(OSError):  # a kernel that cannot: then the few who connect just now are cut off
                drop_new_connections(listener)
        time.sleep(_HANDSHAKE_SECONDS)
        super().handle_exit(sig, frame)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Once stopped, take who has connected already and close the listeners: who comes later is refused at once."""
        if self.alive:
            super().set_accept_enabled(enabled)
            return
        for listener in self.sockets:
            if self._accepting:
                self.poller.unregister(listener)
                self._accept_all(listener)
            listener.close()
        self._accepting = False

    def _accept_all(self, listener: Any) -> None:
        before = -1
        while self.nr_conns != before:
            before = self.nr_conns
            self.accept(listener)  # silently does nothing when nobody waits

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer what is not even HTTP with a problem body too. Its text is not logged: a phone number may be in it."""
        name = type(exc).__name__
        if isinstance(exc, ParseException):
            self.log.warning("Invalid request: %s", name)
            status = _STATUS.get(type(exc), HTTPStatus.BAD_REQUEST)
            answer = _plain_response(status, Code.VALIDATION_ERROR, f"This is not a proper HTTP request: {name}.")
        else:
            self.log.error("Error handling a request: %s", name, exc_info=exc)
            answer = _plain_response(
                HTTPStatus.INTERNAL_SERVER_ERROR, Code.INTERNAL_ERROR, "Something went wrong on our side."
            )
        try:
            write_nonblock(client, answer)
        except OSError:
            self.log.debug("The client of an invalid request has gone")


_STATUS = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
}


def _plain_response(status: HTTPStatus, code: Code, detail: str) -> bytes:
    """A whole HTTP response that closes the connection, made without the app: there is no request to give it."""
    request_id = str(ULID())
    problem = {
        "type": f"urn:campaign-manager:problem:{code}",
        "title": PROBLEMS[code][1],
        "status": status,
        "detail": detail,
        "code": code,
        "requestId": request_id,
    }
    body = json.dumps(problem).encode()
    head = (
        f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\nX-Request-ID: {request_id}\r\n\r\n"
    )
    return head.encode() + body
