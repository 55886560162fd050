"""Connections to a server are opened before they are needed, at start and after a failover: a thread keeps some ready.

A login with TLS takes a server long, and the first use of a statement too. A request takes a connection that is ready,
and waits for the thread where there is none. So a server that comes back meets one login at a time, not one of each
request.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pyodbc
import structlog
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ProgrammingError

from shared import deadline
from shared.db.faults import Fault, classify
from shared.db.parameter_types import declare_by_column

_log = structlog.get_logger(__name__)

READY = 2  # connections a process needs at once, nearly always; it opens more one after the other
PATIENCE_SECONDS = 10.0  # that somebody waits for a connection, sooner the deadline of the work at hand
PAUSE_SECONDS = 0.5  # between logins that fail, while nobody waits for one
REHEARSAL_SECONDS = 15  # for each of its statements: nobody waits for it but who has no connection
LONGEST_SPARE_SECONDS = 600.0  # then a firewall may have dropped it

Rehearsal = Callable[[Connection], object]


class WarmPool:
    """Thread-safe. Gives the pool of `engine` its connections; `make` opens one, and raises as a login does."""

    def __init__(self, engine: Engine, make: Callable[[], Any]) -> None:
        self._make, self._close = make, engine.dialect.do_close
        self._changed = threading.Condition()
        self._spare: deque[tuple[float, Any]] = deque()  # when it was made (monotonic), and the driver's connection
        self._taken = 0  # by the pool, since its connections were last lost
        self._generation = 0  # grows when they are lost: what is older is no longer used
        self._waiting = self._failures = 0
        self._answers = self._closed = False  # whether the last login succeeded; whether it is over
        self._error: BaseException | None = None
        event.listen(engine, "do_connect", self._take, insert=True)
        event.listen(engine, "connect", self._mark)
        event.listen(engine, "handle_error", self._look_at)
        threading.Thread(target=self._run, name="warm-pool", daemon=True).start()

    @property
    def warming(self) -> bool:
        """Whether the server answers, and too few connections are ready yet."""
        with self._changed:
            return self._answers and self._taken + len(self._spare) < READY

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._drop()

    def _take(self, *_: Any) -> Any:
        """Instead of a login of the pool's own. Raises what the thread's login raised meanwhile."""
        with self._changed:
            failures = self._failures
            self._waiting += 1
            self._changed.notify_all()
            try:
                self._changed.wait_for(
                    lambda: self._spare or self._failures > failures,
                    max(0.0, min(PATIENCE_SECONDS, deadline.remaining())),
                )
            finally:
                self._waiting -= 1
            if self._spare:
                self._taken += 1
                self._changed.notify_all()
                return self._spare.popleft()[1]
            error = self._error
        deadline.require(0)
        if error is not None:
            raise type(error)(*error.args)
        raise pyodbc.OperationalError("HYT00", "no connection was opened in time")

    def _mark(self, _connection: Any, record: Any) -> None:
        record.info["generation"] = self._generation

    def _look_at(self, context: ExceptionContext) -> None:
        """One connection that is lost says that all of its time are, as for the pool (engine.py)."""
        error = context.sqlalchemy_exception
        if context.connection is None or error is None or classify(error) is not Fault.CONNECTION:
            return
        with self._changed:
            if context.connection.info.get("generation") == self._generation:
                self._drop()

    def _drop(self) -> None:
        self._generation += 1
        self._taken, self._answers = 0, False
        while self._spare:
            self._close(self._spare.popleft()[1])
        self._changed.notify_all()

    def _run(self) -> None:
        while self._awaited():
            generation = self._generation
            try:
                connection = self._make()
            except Exception as error:  # told to who waits, and to readiness by them
                self._failed(error)
            else:
                self._made(connection, generation)

    def _awaited(self) -> bool:
        """Wait until another connection is wanted; False when it is over."""
        with self._changed:
            while not self._closed and len(self._spare) >= max(1, self._waiting, READY - self._taken):
                self._changed.wait(LONGEST_SPARE_SECONDS)
                while self._spare and time.monotonic() - self._spare[0][0] > LONGEST_SPARE_SECONDS:
                    self._close(self._spare.popleft()[1])
            return not self._closed

    def _failed(self, error: Exception) -> None:
        with self._changed:
            self._error, self._answers = getattr(error, "orig", error), False
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
            if self._taken + len(self._spare) == READY:
                _log.info("database_connections_ready", count=READY)
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
