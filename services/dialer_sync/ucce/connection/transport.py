"""How bytes go to UCCE and come from it: bounded in time, and a body only after its sender was confirmed."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from shared.bounded_reading import Endless
from shared.certificate_advice import trusting_context
from shared.clock import SteadyClock

Guard = Callable[[float], None]


class BoundedSending(HTTPAdapter):
    """Bytes that are not acknowledged within `seconds` are given up by the kernel.

    Else it repeats them for minutes after the call has ended (closing the connection does not stop it), and a request
    could reach UCCE after its outcome was settled.
    """

    def __init__(self, seconds: float) -> None:
        self._milliseconds = int(seconds * 1000)
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        bounded = (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, self._milliseconds)
        options["socket_options"] = [*HTTPConnection.default_socket_options, bounded]
        options["ssl_context"] = trusting_context()
        super().init_poolmanager(*args, **options)


class Body:
    """A request body that asks `confirm` when its first byte is due, and knows whether it ever was.

    A later part is not sent once the time is up: a process that stalled in between must not complete the request.
    """

    def __init__(self, data: bytes, confirm: Guard, seconds: float, clock: SteadyClock) -> None:
        self._data = data
        self._at = 0
        self._confirm = confirm
        self._seconds = seconds
        self._clock = clock
        self._began_at = 0.0
        self.begun = False

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[bytes]:  # what requests knows a stream by
        yield self.read()

    def read(self, size: int = -1) -> bytes:
        if not self.begun:
            self._began_at = self._clock()
            self._confirm(self._seconds)
            self.begun = True
        elif self._at < len(self._data) and self._clock() - self._began_at > self._seconds:
            raise Endless("the request was not sent in time")
        end = len(self._data) if size < 0 else self._at + size
        part, self._at = self._data[self._at : end], end
        return part
