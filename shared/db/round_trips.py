"""How long a round trip to the database takes at the moment, so that nothing is begun that cannot end in time."""

import time
from collections import deque

LATELY = 16  # statements that are remembered


class RoundTrips:
    """Thread-safe. What a statement waited for (a lock, a turn) does not count: the shortest of the last ones does."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=LATELY)

    def begin(self) -> float:
        return time.monotonic()

    def end(self, began: float) -> None:
        self._seconds.append(time.monotonic() - began)

    def usual(self) -> float:
        """Seconds; 0 while none was seen."""
        return min(tuple(self._seconds), default=0.0)
