"""The worker's own rate limit: a few operators ask one node, so it counts in memory and needs no Redis."""

import threading
import time
from collections import Counter
from collections.abc import Callable

from shared.callbacks.config_snapshot import Client
from shared.errors import Code, DomainError

DEFAULT_RATE = 20  # requests a second per key, as for the scope `ops` elsewhere


class LocalRateLimits:
    """One count per client and second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._second = 0
        self._asked = Counter[int]()

    def check_client(self, client: Client) -> None:
        """Count one request. Raises `rate_limited` with `retryAfter` in seconds."""
        rate = client.rate_per_second or DEFAULT_RATE
        with self._lock:
            second = int(self._clock())
            if second != self._second:
                self._second = second
                self._asked.clear()
            self._asked[client.id] += 1
            if self._asked[client.id] <= rate:
                return
        raise DomainError(
            Code.RATE_LIMITED, f"This API key may make {rate} requests a second. Wait and repeat.", retryAfter=1
        )
