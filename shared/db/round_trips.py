"""How long a round trip to the database takes at the moment, so that nothing is begun that cannot end in time."""

import time
from collections import deque

LATELY_SECONDS = 0.5


class RoundTrips:
    """Thread-safe. What a statement waited for (a lock, a turn) does not count while others run: the shortest does."""

    def __init__(self) -> None:
        self._ended: deque[tuple[float, float]] = deque(maxlen=16)  # when, and after how many seconds

    def begin(self) -> float:
        return time.monotonic()

    def end(self, began: float) -> None:
        now = time.monotonic()
        self._ended.append((now, now - began))

    def usual(self) -> float:
        """Seconds: the shortest of those that ended lately, else the last one; 0 while none was seen."""
        seen = tuple(self._ended)
        since = time.monotonic() - LATELY_SECONDS
        lately = [seconds for at, seconds in seen if at >= since]
        return min(lately, default=seen[-1][1] if seen else 0.0)
