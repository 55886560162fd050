"""Clients that send a request slowly and never end it: attacks that need no login."""

import contextlib
import heapq
import socket
import sys
import threading
import time
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Attack:
    """`sockets` clients that each send `first` at once and then one byte of `rest` a second, again when cut off."""

    sockets: int
    first: bytes
    rest: bytes = b"x"


def _post(path: str, length: int | None, body: bytes, headers: bytes = b"") -> bytes:
    size = b"Transfer-Encoding: chunked" if length is None else b"Content-Length: %d" % length
    head = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%b%b\r\n\r\n"
    return head % (path.encode(), headers, size) + body


_LOGIN, _BOOKING = "/admin/api/v1/auth/login", "/api/v1/callbacks"
_LARGE_HEADERS = b"".join(b"X-%d: %b\r\n" % (number, b"h" * 8000) for number in range(9))

ATTACKS = {
    "bodies of logins": Attack(16, _post(_LOGIN, 60_000, b"x" * 20_000)),
    "bodies of bookings": Attack(150, _post(_BOOKING, 60_000, b"x" * 20_000)),
    "bodies after large headers": Attack(32, _post(_BOOKING, 60_000, b"x" * 40_000, _LARGE_HEADERS)),
    "bodies after a long path": Attack(32, _post(_LOGIN + "/x" * 20_000, 60_000, b"x" * 55_000)),
    "bodies without a length": Attack(32, _post(_LOGIN, None, b"ffffff\r\n" + b"x" * 63_000)),
    "bodies over the limit without a length": Attack(32, _post(_LOGIN, None, b"ffffff\r\n" + b"x" * 100_000)),
    "files": Attack(32, _post("/admin/api/v1/do-not-call/import", 4_000_000, b"1" * 200_000)),
    "heads": Attack(3000, b"GET /api/v1/availability?skill=Billing HTTP/1.1\r\nHost: x\r\nX-Slow: "),
}


class SlowSenders:
    """Runs an attack on `address` from the address `source`, in a thread of its own, for the length of a
    `with` block.
    """

    def __init__(self, address: tuple[str, int], attack: Attack, source: str = "127.0.0.66") -> None:
        self._address, self._attack, self._source = address, attack, source
        self._due: list[tuple[float, int, _Sender]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.begun = 0  # how many have sent `first`, or were cut off
        self.cut = 0  # how often one was cut off

    def __enter__(self) -> Self:
        for number in range(self._attack.sockets):
            self._plan(_Sender(number), number * 1.0 / self._attack.sockets)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(10)
        for entry in self._due:
            entry[2].close()

    @property
    def all_began(self) -> bool:
        return self.begun >= self._attack.sockets

    def _plan(self, sender: "_Sender", after: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + after, sender.number, sender))

    def _run(self) -> None:
        while not self._ended.is_set():
            while self._due and self._due[0][0] <= time.monotonic():
                sender = heapq.heappop(self._due)[2]
                self._send(sender)
                self._plan(sender, 1.0)
            self._ended.wait(0.01)

    def _send(self, sender: "_Sender") -> None:
        try:
            if sender.socket is None:
                sender.socket = socket.create_connection(self._address, 2, (self._source, 0))
                sender.socket.setblocking(False)
                sender.left = self._attack.first
            data = sender.left or self._attack.rest
            sent = sender.socket.send(data)
            sender.left = sender.left[sent:]
            began = not sender.left
        except BlockingIOError:
            return
        except OSError:
            sender.close()
            self.cut += 1
            began = True
        if began and not sender.counted:
            sender.counted = True
            self.begun += 1


class _Sender:
    """One client: its connection and what of `first` it has not sent yet."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.socket: socket.socket | None = None
        self.left = b""
        self.counted = False

    def close(self) -> None:
        with contextlib.suppress(OSError):
            if self.socket is not None:
                self.socket.close()
        self.socket = None


def main() -> None:
    """`python -m tests.support.slow_senders ATTACK PORT`: says `all began`, and goes on until its input ends."""
    name, port = sys.argv[1:]
    with SlowSenders(("127.0.0.1", int(port)), ATTACKS[name]) as senders:
        while not senders.all_began:
            time.sleep(0.05)
        print("all began", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
