"""A worker's way to one ZooKeeper, and the session that ZooKeeper granted on it."""

import struct

from tests.support.proxy import Proxy


class ZooKeeperProxy(Proxy):
    """In front of the ZooKeeper on `port`. `session` is the last (id, password) that it granted."""

    def __init__(self, port: int) -> None:
        self.session: tuple[int, bytes] | None = None
        super().__init__("127.0.0.1", port)
        self.answered = self._note_session

    def _note_session(self, _connection: int, data: bytes) -> None:
        """ZooKeeper's ConnectResponse: length, protocol, timeout, session id, password.

        The protocol is 0 where every other answer has the number of its request, which is not 0.
        """
        if len(data) >= 40 and data[4:8] == bytes(4):
            session, length = struct.unpack(">qi", data[12:24])
            if session and length == 16:
                self.session = (session, data[24:40])
