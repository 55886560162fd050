"""Single flight: callers with the same key at the same time share one call (request coalescing)."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

WAIT_SECONDS = 0.05  # how long a call waits for the one under way to end: that one may hang


class SingleFlight(Generic[K, V]):
    """Calls by key. Nobody gets the result of a call that began before they asked.

    While a call is under way, all who come join the next one, which begins when that has ended.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[K, Future[V]] = {}  # not begun: later callers may still join
        self._under_way: dict[K, Future[V]] = {}

    def read(self, key: K, reading: Callable[[], V]) -> V:
        """The result of `reading`, or that of an equal one which begins after this call. Raises what it raises."""
        with self._lock:
            joined = self._next.get(key)
            if joined is None:
                mine = self._next[key] = Future()
                before = self._under_way.get(key)
        if joined is not None:
            return joined.result()
        if before is not None:
            with suppress(TimeoutError):
                before.exception(WAIT_SECONDS)
        self._begin(key, mine)
        try:
            mine.set_result(reading())
        except BaseException as error:
            mine.set_exception(error)
        self._end(key, mine)
        return mine.result()

    def _begin(self, key: K, mine: "Future[V]") -> None:
        with self._lock:
            del self._next[key]
            self._under_way[key] = mine

    def _end(self, key: K, mine: "Future[V]") -> None:
        with self._lock:
            if self._under_way.get(key) is mine:
                del self._under_way[key]
