"""A circuit breaker: while a resource is down, one caller at a time tries it and the others are refused at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import Unavailable


class CircuitBreaker:
    """Opens when a call raises Unavailable, closes when one succeeds.

    Closed, one thread at a time calls and the others wait for their turn; those that waited while a call failed are
    refused. With `at_once` that many call at a time, and the others are refused: a resource that falls silent holds up
    no more threads. Open, one tries and the others are refused at once.
    """

    def __init__(self, message: str, *, at_once: int | None = None) -> None:
        """`message` is that of the refusal."""
        self._message = message
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(at_once) if at_once else None
        self._is_open = False
        self._failures = 0

    @contextmanager
    def call(self) -> Iterator[None]:
        """Hold the turn to call. Raises Unavailable, and what the call raises."""
        failures, is_open = self._failures, self._is_open
        turn = self._lock if self._turns is None or is_open else self._turns
        if not turn.acquire(blocking=self._turns is None and not is_open):
            raise Unavailable(self._message)
        try:
            if self._failures != failures:  # trying again would only add to our caller's wait
                raise Unavailable(self._message)
            try:
                yield
            except Unavailable:
                self._failures += 1
                self._is_open = True
                raise
            self._is_open = False
        finally:
            turn.release()
