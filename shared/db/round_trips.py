"""How long a round trip to the database takes at the moment, so that nothing is begun that cannot end in time."""

import time
from collections import deque

LATELY_SECONDS = 0.5
FORGOTTEN_AFTER_SECONDS = 5.0  # then somebody finds out anew how slow it is


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
        """Seconds: the shortest of those that ended lately, else the last one; 0 while nothing is known."""
        seen, now = tuple(self._ended), time.monotonic()
        lately = [seconds for at, seconds in seen if now - at <= LATELY_SECONDS]
        if lately:
            return min(lately)
        return seen[-1][1] if seen and now - seen[-1][0] <= FORGOTTEN_AFTER_SECONDS else 0.0
