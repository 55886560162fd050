"""The part of kazoo's client that the product uses, on the simulated ZooKeeper.

Sessions live as long as their client's machine runs and is connected. Requests may be slow, cut off before or after
they were carried out, or wait in a client that reconnects, as kazoo's do.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

from kazoo import exceptions as errors
from kazoo.protocol.states import KazooState, KeeperState

from tests.simulation.active import ACTIVE
from tests.simulation.kazoo_results import Result, Transaction
from tests.simulation.scheduler import Node
from tests.simulation.zookeeper import Session, ZooKeeper


class KazooClient:
    """A client of one node. The "kazoo thread" is the hub; listeners and watches run as tasks of the node."""

    def __init__(self, hosts: str = "", timeout: float = 10.0, **_ignored: Any) -> None:
        self.scheduler = ACTIVE.get()
        node = ACTIVE.node()
        assert node is not None
        self.node: Node = node
        self.server = self.scheduler.zookeeper
        self.hosts = hosts.split(",")
        self.client_state = KeeperState.CLOSED
        self._timeout = timeout
        self._session: Session | None = None
        self._listeners: list[Callable[[str], None]] = []
        self._queue: deque[tuple[str, tuple[Any, ...], dict[str, Any], Result]] = deque()
        self._pending: list[Result] = []
        self._connection_number = 0
        self._last_processed = 0.0
        self._cut_until = 0.0
        self._started: Result | None = None
        self._connection = SimpleNamespace(_connect=lambda *_: (timeout * 667, timeout * 1000 / len(self.hosts)))
        self.server.clients.append(self)
        node.on_death.append(self._died)
        node.on_suspend.append(self._froze)

    # ---- the interface that the product uses

    @property
    def connected(self) -> bool:
        return bool(self.client_state == KeeperState.CONNECTED)

    @property
    def client_id(self) -> tuple[int, bytes] | None:
        return (self._session.id, b"") if self._session is not None and self.connected else None

    @property
    def state(self) -> str:
        return str(KazooState.CONNECTED if self.connected else KazooState.SUSPENDED)

    def add_listener(self, listener: Callable[[str], None]) -> None:
        self._listeners.append(listener)

    def start_async(self) -> Result:
        self._started = Result()
        if self.client_state == KeeperState.CLOSED:
            self.client_state = KeeperState.CONNECTING
            self.scheduler.after(0.005, self._try)
        return self._started

    def stop(self) -> None:
        session, self._session = self._session, None
        reachable = self.connected and not self._unreachable()
        self._disconnect(KeeperState.CLOSED, errors.ConnectionClosedError())
        if session is not None and reachable:
            self.server.end(session)

    def close(self) -> None:
        """Nothing is left to close."""

    def transaction(self) -> "Transaction":
        return Transaction(self._ask)

    def __getattr__(self, name: str) -> Any:
        if not name.endswith("_async") or not hasattr(ZooKeeper, name.removesuffix("_async")):
            raise AttributeError(name)

        def ask(*args: Any, **kwargs: Any) -> Result:
            return self._ask(name.removesuffix("_async"), args, kwargs)

        return ask

    # ---- the wire

    def _ask(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
        self.scheduler.point("zk.ask", f"{method} {str(args[0])[-12:] if args else ''}")
        result = Result()
        if self.client_state == KeeperState.CLOSED:
            result.settle(error=errors.ConnectionClosedError())
        elif not self.connected:
            self._queue.append((method, args, kwargs, result))
        else:
            self._send(method, args, kwargs, result)
        return result

    def _send(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any], result: Result) -> None:
        there, back = self._delays()
        self._pending.append(result)
        number = self._connection_number
        # One connection keeps the order of its requests.
        at = self._last_processed = max(self.scheduler.now + there, self._last_processed)

        def process() -> None:
            if number != self._connection_number or self._unreachable() or self._session is None:
                return  # it never arrived; the loss of the connection ends it
            if not self._session.alive:
                self._expired()
                return
            value, error = self._carry_out(method, args, dict(kwargs))
            if back > 0:
                self.scheduler.after(back, lambda: self._answer(number, result, value, error))
            else:
                self._answer(number, result, value, error)

        if at <= self.scheduler.now:
            process()
        else:
            self.scheduler.at(at, process)

    def _delays(self) -> tuple[float, float]:
        chance = self.node.chance
        draw = chance.random()
        if draw < self.scheduler.stall / 2:
            return chance.uniform(0.0, 4.0), chance.uniform(0.0, 4.0)
        if draw < 0.9:
            return 0.0, 0.0
        return chance.uniform(0.0, 0.02), chance.uniform(0.0, 0.02)

    def _carry_out(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Exception | None]:
        watch = kwargs.pop("watch", None)
        if watch is not None:
            tell = lambda: self._watched(watch)  # noqa: E731
            self.server.watches.setdefault(args[0], []).append(tell)
        try:
            assert self._session is not None
            return getattr(self.server, method)(self._session, *args, **kwargs), None
        except errors.KazooException as error:
            return None, error

    def _answer(self, number: int, result: Result, value: Any, error: Exception | None) -> None:
        if number == self._connection_number and not self._unreachable():
            if result in self._pending:
                self._pending.remove(result)
            result.settle(value, error)

    def _watched(self, watch: Callable[[Any], None]) -> None:
        if self.connected and not self.node.dead:
            self.scheduler.spawn(self.node, lambda: watch(None), "watch")

    def _unreachable(self) -> bool:
        return self.scheduler.now < max(self._cut_until, self.server.down_until)

    # ---- the connection

    def cut(self, seconds: float, noticed_after: float = 0.0) -> None:
        """Cut this client off; it notices a little later."""
        self._cut_until = max(self._cut_until, self.scheduler.now + seconds)
        if self._session is not None and self.connected:
            self.server.unheard(self._session, self.node.chance.random())
        self.scheduler.after(noticed_after, self._lost)

    def expire(self) -> None:
        """The server forgets this client's session; the client hears of it with its next ping."""
        session = self._session
        if session is not None and session.alive:
            self.server.end(session)
            self.scheduler.after(self.node.chance.uniform(0.0, self._timeout / 3), lambda: self._thaw(session))

    def _lost(self) -> None:
        if self.node.dead or not self.connected:
            return
        self._disconnect(KeeperState.CONNECTING, errors.ConnectionLoss())
        self._tell(KazooState.SUSPENDED)
        self.scheduler.after(0.1, self._try)

    def _disconnect(self, state: str, error: Exception) -> None:
        self._connection_number += 1
        self.client_state = state
        pending, self._pending = self._pending, []
        queued, self._queue = list(self._queue), deque()
        for result in (*pending, *(entry[3] for entry in queued)):
            result.settle(error=error)

    def _try(self) -> None:
        if self.node.dead or self.client_state != KeeperState.CONNECTING:
            return
        if self.node.frozen_until > self.scheduler.now:
            self.scheduler.at(self.node.frozen_until, self._try)
            return
        if self._unreachable():
            self.scheduler.after(0.5 + self.node.chance.random() / 2, self._try)
            return
        if self._session is not None and not self._session.alive:
            self._session = None
            self._fail_queue(errors.SessionExpiredError())
            self._tell(KazooState.LOST)
        if self._session is None:
            self._session = self.server.open(self._timeout)
        self.server.heard(self._session)
        self._connection._connect()
        self.client_state = KeeperState.CONNECTED
        self._tell(KazooState.CONNECTED)
        if self._started is not None:
            self._started.settle(True)
        while self._queue:
            self._send(*self._queue.popleft())

    def _expired(self) -> None:
        """The server does not know the session any more and closes the connection."""
        self._session = None
        self._disconnect(KeeperState.CONNECTING, errors.SessionExpiredError())
        self._tell(KazooState.LOST)
        self.scheduler.after(0.05, self._try)

    def _fail_queue(self, error: Exception) -> None:
        queued, self._queue = list(self._queue), deque()
        for _, _, _, result in queued:
            result.settle(error=error)

    def _tell(self, state: str) -> None:
        self.scheduler.note(self.node.name, "zk", state)
        for listener in self._listeners:
            self.scheduler.spawn(self.node, partial(listener, state), "kazoo")

    def _died(self) -> None:
        if self._session is not None and self._session.alive:
            self.server.unheard(self._session, self.node.chance.random())
        self.server.clients.remove(self)

    def _froze(self, seconds: float) -> None:
        """The machine is suspended: the server hears nothing. Afterwards the client learns whether its session has
        ended, but the product's own threads may run for a moment before that."""
        if self._session is None or not self.connected:
            return
        session = self._session
        self.server.unheard(session, self.node.chance.random())
        self.scheduler.after(seconds + self.node.chance.uniform(0.0, 0.5), lambda: self._thaw(session))

    def _thaw(self, session: Session) -> None:
        if self.node.dead or session is not self._session:
            return
        if self.node.frozen_until > self.scheduler.now:
            self.scheduler.at(self.node.frozen_until, lambda: self._thaw(session))
        elif session.alive and not self._unreachable():
            self.server.heard(session)
        elif not session.alive:
            self._expired()
