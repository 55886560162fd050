"""One contender's place in the queue for the lock, on a real ZooKeeper; every failure is an ElectionError.

kazoo's Lock recipe is not used: its calls cannot be bounded in time (they retry for ever inside), it pauses up to a
minute between tries after an outage, and it cannot say which node it holds. The recipe itself is the usual one: an
ephemeral sequential node each, the lowest is the holder, the others watch the one before them.
"""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from kazoo.exceptions import ConnectionClosedError, KazooException, NoAuthError, NoNodeError, RolledBackError
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.protocol.states import KazooState, KeeperState
from kazoo.security import CREATOR_ALL_ACL

from services.dialer_sync.election.errors import ElectionError, ElectionUnavailable, LockLost
from services.dialer_sync.election.timing import Timing
from services.dialer_sync.election.zookeeper_access import OPEN, ZooKeeperAccess

_log = structlog.get_logger(__name__)

RECONNECT_POLICY = {
    "max_tries": -1,
    "delay": 0.1,
    "backoff": 2,
    "max_delay": 1.0,
}  # an outage ends without a long pause


def hand_overs_path(root: str) -> str:
    """Where the count of hand-overs is kept."""
    return f"{root.rstrip('/')}/hand_overs"


class ZooKeeperLock:
    """A connection to ZooKeeper and, while it competes, one node under `<root>/master`.

    `on_connection_problem` is called from kazoo's thread, with the reason, the moment the connection or the session is
    lost. All methods may be called from any thread.
    """

    def __init__(
        self,
        hosts: str,
        root: str,
        name: str,
        session_timeout: float,
        on_connection_problem: Callable[[str], None],
        access: ZooKeeperAccess = OPEN,
    ) -> None:
        self.timing = Timing.of(session_timeout)  # until the server says what it grants
        self._root = root.rstrip("/")
        self._path = f"{self._root}/master"
        self._counter = hand_overs_path(root)
        self._data = name.encode()
        self._prefix = uuid.uuid4().hex + "-"
        self._node: str | None = None
        self._on_connection_problem = on_connection_problem
        self._guarded = bool(access.user)
        self._client = access.client(hosts, timeout=session_timeout, connection_retry=RECONNECT_POLICY)
        self._client.add_listener(self._heard)
        self._learn_granted_timeout()

    def open(self) -> None:
        """Connect, or find the connection still there. Raises ElectionUnavailable."""
        if self._client.client_state in (KeeperState.CLOSED, KeeperState.AUTH_FAILED):
            self._client.stop()
            self._client.start_async().wait(self.timing.operation_timeout)
        if not self._client.connected:  # kazoo keeps trying by itself
            raise ElectionUnavailable("ZooKeeper cannot be reached")

    def close(self) -> None:
        """Leave the queue and end the session, so that the next in line need not wait for its timeout."""
        try:
            self.release()
        except ElectionError as error:
            # The session's end, just below or by its timeout, removes the node as well.
            _log.warning("lock_not_given_back", problem=str(error))
        self._client.stop()
        self._client.close()

    def join(self) -> None:
        """Take a place at the end of the queue. Raises ElectionUnavailable."""
        self._node = None
        self._wait(self._client.ensure_path_async(self._path))
        if self._guarded:
            self._guard_existing()
        created = self._client.create_async(f"{self._path}/{self._prefix}", self._data, ephemeral=True, sequence=True)
        self._node = str(self._wait(created)).rsplit("/", 1)[1]

    def _guard_existing(self) -> None:
        """Take the nodes that were made before credentials were set from the world: else anybody deletes the lock."""
        self._wait(self._client.ensure_path_async(self._counter))
        for path in (self._root, self._path, self._counter):
            self._wait(self._client.set_acls_async(path, CREATOR_ALL_ACL))

    def wait_for_turn(self, wake: threading.Event, seconds: float) -> bool:
        """True when this contender is first. Else wait for the one before it to go, or `wake`, or `seconds`.

        Raises LockLost when its own node is gone (the session expired), ElectionUnavailable.
        """
        before = self._before_me()
        if not before:
            return True
        if self._wait(self._client.exists_async(f"{self._path}/{before[-1]}", watch=lambda _event: wake.set())):
            wake.wait(seconds)
        return False

    def verify(self, hand_overs: int | None = None) -> int:
        """Prove on the server that the lock is held; its epoch, the zxid that created the node.

        With `hand_overs` that count is kept in ZooKeeper by the same write: both are there, or neither.

        The proof is a write: it goes through the quorum, while a read could be answered by a follower that is cut
        off and does not know yet that the session is over. It also shows who owns the node. The read behind it
        cannot see an older state. Raises LockLost, ElectionUnavailable.
        """
        node = self._node
        session = self._client.client_id
        if node is None or session is None:
            raise ElectionUnavailable("no connection to ZooKeeper")
        written = self._write(node, hand_overs)
        children = self._client.get_children_async(self._path)
        answer = self._wait(written)
        stat = answer if hand_overs is None else _first_result(answer)
        if stat.ephemeralOwner != session[0]:
            raise LockLost("the lock node belongs to another session")
        if _before(self._wait(children), node):
            raise LockLost("another node holds the lock")
        return int(stat.czxid)

    def _write(self, node: str, hand_overs: int | None) -> Any:
        if hand_overs is None:
            return self._client.set_async(f"{self._path}/{node}", self._data)
        both = self._client.transaction()
        both.set_data(f"{self._path}/{node}", self._data)
        both.set_data(self._counter, str(hand_overs).encode())
        return both.commit_async()

    def hand_overs(self) -> int:
        """The count of hand-overs as last kept here, 0 if it never was. Raises ElectionError.

        After `confirm` it is not older than that: the session's reads never go back behind its own writes.
        """
        self._wait(self._client.ensure_path_async(self._counter))
        data, _ = self._wait(self._client.get_async(self._counter))
        try:
            return int(data or b"0")
        except ValueError:
            raise ElectionUnavailable(
                f"{self._counter} in ZooKeeper holds no number; delete that node, then the database's count is taken"
            ) from None

    def release(self) -> None:
        """Give the place up. Raises ElectionUnavailable."""
        node, self._node = self._node, None
        if node is not None:
            self._delete(node)

    def has_competitors(self) -> bool:
        """Whether anybody else stands in the queue. Raises ElectionError."""
        children = self._wait(self._client.get_children_async(self._path))
        return any(not child.startswith(self._prefix) for child in children)

    def _before_me(self) -> list[str]:
        """The nodes before ours, in order, without what an earlier try of our own left behind."""
        node = self._node
        children = self._wait(self._client.get_children_async(self._path))
        if node is None or node not in children:
            raise LockLost("the lock node is gone")
        # A create whose answer was lost leaves a node that lives as long as our session: it would block everybody.
        leftovers = [child for child in children if child.startswith(self._prefix) and child != node]
        for leftover in leftovers:
            self._delete(leftover)
        return _before([child for child in children if child not in leftovers], node)

    def _delete(self, node: str) -> None:
        try:
            self._wait(self._client.delete_async(f"{self._path}/{node}"))
        except LockLost:
            return  # it is gone already

    def _wait(self, pending: Any) -> Any:
        try:
            return pending.get(timeout=self.timing.operation_timeout)
        except KazooTimeoutError as error:
            raise ElectionUnavailable("ZooKeeper does not answer") from error
        except NoNodeError as error:
            raise LockLost("the lock node is gone") from error
        except NoAuthError as error:
            raise ElectionUnavailable(
                f"ZooKeeper gives no right on {self._root}: it belongs to another user. CM_ZOOKEEPER_USER and "
                "CM_ZOOKEEPER_PASSWORD must be the same on every node"
            ) from error
        except ConnectionClosedError as error:
            raise ElectionUnavailable("the connection to ZooKeeper is closed") from error
        except KazooException as error:
            raise ElectionUnavailable(f"ZooKeeper answers {type(error).__name__}") from error

    def _heard(self, state: str) -> None:
        if state == KazooState.SUSPENDED:
            self._on_connection_problem("the connection to ZooKeeper was lost")
        elif state == KazooState.LOST:
            self._on_connection_problem("the ZooKeeper session ended")

    def _learn_granted_timeout(self) -> None:
        """Keep `timing` in step with the session timeout that the server grants, which may be less than asked.

        A lease that is longer than the session would let two nodes be master. kazoo has no public attribute for the
        granted timeout; its connection derives the connect timeout from it (granted / hosts). The server's own
        configuration (`conf`) cannot be asked: since ZooKeeper 3.5 only `srvr` is on its whitelist by default.
        """
        connection = self._client._connection
        connect = connection._connect

        def connect_and_note(*args: Any) -> Any:
            read_timeout, connect_timeout = connect(*args)
            self.timing = Timing.of(connect_timeout * len(self._client.hosts) / 1000)
            return read_timeout, connect_timeout

        connection._connect = connect_and_note


def _first_result(results: list[Any]) -> Any:
    """What the first operation of a transaction gave. Raises LockLost when a node was gone, so that none was done."""
    for failure in results:
        if isinstance(failure, NoNodeError):
            raise LockLost("the lock node or the count of hand-overs is gone")
        if isinstance(failure, KazooException) and not isinstance(failure, RolledBackError):
            raise ElectionUnavailable(f"ZooKeeper answers {type(failure).__name__}")
    return results[0]


def _before(children: list[str], node: str) -> list[str]:
    """The contenders with a smaller sequence number than `node`, in order."""
    place = _sequence(node)
    return sorted((child for child in children if _sequence(child) < place), key=_sequence)


def _sequence(child: str) -> str:
    return child[-10:]
