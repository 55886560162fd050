"""The TDS requests that a client of SQL Server sends, parsed from its bytes; each is one round trip. [MS-TDS]"""

import re
import struct
import threading
from collections import defaultdict
from dataclasses import dataclass

from tests.support.proxy import Proxy

_BATCH, _RPC, _TRANSACTION = 0x01, 0x03, 0x0E  # types of packets that ask for something; a login has others
_LAST_OF_MESSAGE = 0x01
_PROCEDURES = {10: "sp_executesql", 11: "sp_prepare", 12: "sp_execute", 13: "sp_prepexec", 15: "sp_unprepare"}
_TRANSACTIONS = {5: "BEGIN", 7: "COMMIT", 8: "ROLLBACK"}
_DECLARED = re.compile(r"@P1 [^\x00]*?(?=[^\x20-\x7e]|$)")


@dataclass(frozen=True)
class Request:
    """`name` is that of the procedure called, or the text of a batch; `text` all that can be read in it."""

    name: str
    text: str

    @property
    def declarations(self) -> str:
        """The types of the parameters, as a statement that is prepared or executed declares them."""
        found = _DECLARED.search(self.text)
        return found[0] if found else ""


class Wire:
    """Parses the bytes of a proxy's clients. `requests`: those since `clear`, of all connections, in order."""

    def __init__(self, proxy: Proxy) -> None:
        self.requests: list[Request] = []
        self.logins = 0
        self._parts: dict[int, bytearray] = defaultdict(bytearray)  # by client: what is no whole packet yet
        self._messages: dict[int, bytearray] = defaultdict(bytearray)
        self._lock = threading.Lock()
        proxy.heard = self._hear

    def clear(self) -> None:
        with self._lock:
            self.requests.clear()
            self.logins = 0

    @property
    def names(self) -> list[str]:
        return [request.name for request in self.requests]

    def _hear(self, client: int, data: bytes) -> None:
        with self._lock:
            part = self._parts[client]
            part += data
            while len(part) >= 8:
                kind, status, length = struct.unpack(">BBH", part[:4])
                if len(part) < length:
                    return
                self._messages[client] += part[8:length]
                del part[:length]
                if status & _LAST_OF_MESSAGE:
                    self._ended(kind, bytes(self._messages.pop(client)))

    def _ended(self, kind: int, message: bytes) -> None:
        if kind == 0x10:
            self.logins += 1
        if kind not in (_BATCH, _RPC, _TRANSACTION):
            return
        body = message[struct.unpack("<I", message[:4])[0] :]
        text = body[len(body) % 2 :].decode("utf-16-le", "replace")
        if kind == _BATCH:
            self.requests.append(Request(text, text))
        elif kind == _TRANSACTION:
            asked = struct.unpack("<H", body[:2])[0]
            self.requests.append(Request(_TRANSACTIONS.get(asked, f"transaction request {asked}"), ""))
        else:
            length, number = struct.unpack("<HH", body[:4])
            name = (
                _PROCEDURES.get(number, f"procedure {number}")
                if length == 0xFFFF
                else body[2 : 2 + 2 * length].decode("utf-16-le")
            )
            even, odd = body.decode("utf-16-le", "replace"), body[1:].decode("utf-16-le", "replace")
            self.requests.append(Request(name, even + odd))
