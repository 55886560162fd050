"""Connections to a server are opened before they are needed, at start and after a failover: a thread keeps some ready.

A login with TLS takes a server long, and the first use of a statement too. A request waits until a connection is free,
one that was just opened or one that another request gives back, and does not log in itself. So a server that comes
back meets one login at a time, not one of each request.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared import deadline
from shared.db.error_classes import ErrorClass, classify
from shared.db.parameter_types import declare_by_column

_log = structlog.get_logger(__name__)

READY_CONNECTIONS = 4  # connections that are open before a process says that it is ready; more follow as they are used
PAUSE_SECONDS = 0.5  # between logins that fail, while nobody waits for one
REHEARSAL_SECONDS = 15  # for each of its statements: only a request without a connection waits for it
MAX_SPARE_SECONDS = 600.0  # then a firewall may have dropped it

Rehearsal = Callable[[Connection], object]


class WarmPool:
    """Thread-safe. Gives the pool of `engine` its connections; `make` opens one, and raises as a login does.

    The engine is used within `place()` only. There are `most` connections at most.
    """

    def __init__(self, engine: Engine, make: Callable[[], Any], most: int) -> None:
        self._make, self._close, self._most = make, engine.dialect.do_close, most
        self._dbapi_error = engine.dialect.loaded_dbapi.Error
        self._changed = threading.Condition()
        self._spare: deque[tuple[float, Any]] = deque()  # when it was made (monotonic), and the driver's connection
        # Of this generation, which ends when connections are lost: those that the pool has, and places given.
        self._pooled = self._in_use = self._generation = 0
        self._waiting = self._failures = 0
        self._answers = self._closed = False  # whether the last login succeeded; whether it is over
        self._error: Exception | None = None
        event.listen(engine, "do_connect", self._take, insert=True)
        event.listen(engine, "connect", self._count)
        event.listen(engine, "close", self._discount)
        event.listen(engine, "handle_error", self._look_at)
        threading.Thread(target=self._run, name="warm-pool", daemon=True).start()

    @property
    def warming(self) -> bool:
        """Whether the server answers, and too few connections are ready yet."""
        with self._changed:
            return self._answers and self._open < READY_CONNECTIONS

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._drop()

    @contextmanager
    def place(self, seconds: float) -> Iterator[None]:
        """Wait for a connection that is free, `seconds` at most or until the deadline of the work at hand.

        Raises what a login raised meanwhile, DeadlinePassed, or sqlalchemy's TimeoutError.
        """
        generation = self._enter(min(seconds, deadline.remaining()))
        try:
            yield
        finally:
            with self._changed:
                if generation == self._generation:
                    self._in_use -= 1
                    self._changed.notify_all()

    def _enter(self, seconds: float) -> int:
        with self._changed:
            failures = self._failures
            self._waiting += 1
            self._changed.notify_all()
            try:
                self._changed.wait_for(lambda: self._is_free or self._failures > failures, max(0.0, seconds))
            finally:
                self._waiting -= 1
            if self._is_free:
                self._in_use += 1
                return self._generation
            error = self._error
        deadline.require(0)
        if error is None:
            raise PoolTimeout("every connection is in use")
        raise DBAPIError.instance(None, None, error, self._dbapi_error)

    @property
    def _open(self) -> int:
        return self._pooled + len(self._spare)

    @property
    def _is_free(self) -> bool:
        return self._in_use < self._open

    def _take(self, *_: Any) -> Any:
        """A spare connection instead of a login of the pool's own."""
        with self._changed:
            return self._spare.popleft()[1] if self._spare else None

    def _count(self, _connection: Any, connection_record: Any) -> None:
        with self._changed:
            connection_record.info["generation"] = self._generation
            self._pooled += 1
            self._changed.notify_all()

    def _discount(self, _connection: Any, connection_record: Any) -> None:
        with self._changed:
            if connection_record.info.get("generation") == self._generation:
                self._pooled -= 1
                self._changed.notify_all()

    def _look_at(self, context: ExceptionContext) -> None:
        """One connection that is lost says that all of its time are, as for the pool (engine.py)."""
        error = context.sqlalchemy_exception
        if context.connection is None or error is None or classify(error) is not ErrorClass.CONNECTION:
            return
        with self._changed:
            if context.connection.info.get("generation") == self._generation:
                self._drop()

    def _drop(self) -> None:
        self._generation += 1
        self._pooled = self._in_use = 0
        self._answers = False
        while self._spare:
            self._close(self._spare.popleft()[1])
        self._changed.notify_all()

    def _run(self) -> None:
        while self._awaited():
            generation = self._generation
            try:
                connection = self._make()
            except Exception as error:  # told to those that wait, and by them to readiness
                self._failed(error)
            else:
                self._made(connection, generation)

    def _awaited(self) -> bool:
        """Wait until another connection is wanted; False when it is over."""
        with self._changed:
            while not self._closed and (self._open >= self._most or (self._spare and self._open >= READY_CONNECTIONS)):
                self._changed.wait(MAX_SPARE_SECONDS)
                while self._spare and time.monotonic() - self._spare[0][0] > MAX_SPARE_SECONDS:
                    self._close(self._spare.popleft()[1])
            return not self._closed

    def _failed(self, error: Exception) -> None:
        with self._changed:
            self._error, self._answers = getattr(error, "orig", None) or error, False
            self._failures += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._closed or self._waiting, PAUSE_SECONDS)

    def _made(self, connection: Any, generation: int) -> None:
        with self._changed:
            if generation != self._generation or self._closed:
                self._close(connection)
                return
            self._error, self._answers = None, True
            self._spare.append((time.monotonic(), connection))
            if self._open == READY_CONNECTIONS:
                _log.info("database_connections_ready", count=READY_CONNECTIONS)
            self._changed.notify_all()


def opener(url: URL, login_timeout: float, rehearse: Rehearsal) -> Callable[[], Any]:
    """A function that opens a connection to the server and executes `rehearse` on it. Raises what a login raises."""
    engine = create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": max(1, round(login_timeout))}
    )
    close = engine.dialect.do_close
    engine.dialect.do_close = lambda _: None  # type: ignore[method-assign, assignment]
    declare_by_column(engine.dialect)

    def opened() -> Any:
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.timeout = REHEARSAL_SECONDS
            try:
                with suppress(ProgrammingError):  # no tables or no rights yet: readiness tells
                    rehearse(connection)
                connection.rollback()
            except BaseException:
                close(driver)
                raise
        return driver

    return opened
