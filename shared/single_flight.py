"""One reading for all who ask the same at the same time: what keeps a rush of callers from the database."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

TIMEOUT_SECONDS = 0.05  # seconds that the next reading lets the one under way go first: that one may hang


class SingleFlight(Generic[K, V]):
    """Readings by key. Nobody gets one that began before they asked: what they know of, it has seen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[K, Future[V]] = {}  # not begun: who asks now may still join
        self._under_way: dict[K, Future[V]] = {}

    def read(self, key: K, reading: Callable[[], V]) -> V:
        """The result of `reading`, or that of an equal one which begins after this call. Raises what it raises."""
        with self._lock:
            joined = self._next.get(key)
            if joined is None:
                mine: Future[V] = Future()
                self._next[key] = mine
                before = self._under_way.get(key)
        if joined is not None:
            return joined.result()
        if before is not None:
            with suppress(TimeoutError):
                before.exception(TIMEOUT_SECONDS)
        time.sleep(0)  # a tenth of a millisecond, in which threads that are about to ask do so, and join
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
