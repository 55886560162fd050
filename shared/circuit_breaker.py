"""A circuit breaker: while a resource is down, one caller at a time tries it and the others are refused at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import Unavailable


class CircuitBreaker:
    """Lets one thread at a time call. Opens when a call raises Unavailable, closes when one succeeds.

    Closed, the others wait for their turn; those that waited while a call failed are refused. Open, they are refused at
    once: a dead resource holds up no thread but the one that tries it.
    """

    def __init__(self, message: str) -> None:
        """`message` is that of the refusal."""
        self._message = message
        self._lock = threading.Lock()
        self._is_open = False
        self._failures = 0

    @contextmanager
    def call(self) -> Iterator[None]:
        """Hold the turn to call. Raises Unavailable, and what the call raises."""
        failures = self._failures
        if not self._lock.acquire(blocking=not self._is_open):
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
            self._lock.release()
