"""The import queue: a limited number of places; without a free one an import gets 503 (ucce/REFERENCE.md 1.5.4)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.sandbox.ucce_simulator.errors import ApiError, RefusedError

# Assumption: the type's name. The message is Cisco's.
_FULL = ApiError("limitExceeded.requestQueue", "Request processing queue is at capacity.")


class ImportGate:
    """Counts the imports from receipt to answer, including those that test control delays.

    Assumption: the limit is one for all campaigns, and the request being worked on holds a place too.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._taken = 0
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        return self._taken

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place. Raises RefusedError (503) when there is none; nothing was taken then."""
        with self._lock:
            if self._taken >= self.places:
                raise RefusedError(503, _FULL)
            self._taken += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken -= 1
