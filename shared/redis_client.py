"""Redis, for what may be lost: with Redis down every request still gets its right answer.

After a failure Redis is left alone for a moment, and then tried by one request: a dead or stalled Redis costs one
short timeout now and then instead of one per request.
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import redis
import structlog
from prometheus_client import Counter, Gauge

T = TypeVar("T")
_log = structlog.get_logger(__name__)

IS_UP = Gauge("cm_redis_up", "1 while Redis answers, 0 while we do without it")
FAILURES = Counter("cm_redis_failures_total", "Redis calls that failed and were done without")


class RedisClient:
    """A Redis client whose failed calls give a default; only the log and metrics tell of them."""

    PAUSE_SECONDS = 2.0  # seconds between two tries while Redis does not answer

    def __init__(self, url: str, timeout: float) -> None:
        """`timeout` in seconds bounds each call. Connects with the first call."""
        # A client made from a URL repeats nothing by itself: a failed call costs one timeout, not several.
        self.redis: redis.Redis = redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)
        self.url, self.timeout = url, timeout
        self._lock = threading.Lock()
        self._up = True
        self._next_try = 0.0
        IS_UP.set(1)

    def call(self, function: Callable[[], T], default: T) -> T:
        """What `function` returns, or `default` while Redis does not answer."""
        if not (self._up or self._may_try()):
            return default
        try:
            result = function()
        except (redis.RedisError, OSError) as error:
            self._failed(error)
            return default
        if not self._up:
            self._recovered()
        return result

    def ping(self) -> bool:
        """Whether Redis answers, as far as it may be asked now; `cm_redis_up` tells the same afterwards."""
        return self.call(lambda: bool(self.redis.ping()), default=False)

    def close(self) -> None:
        self.redis.close()

    def _may_try(self) -> bool:
        """While Redis is down: true for the first who comes after the pause; the others do without meanwhile."""
        with self._lock:
            now = time.monotonic()
            if now < self._next_try:
                return False
            self._next_try = now + self.PAUSE_SECONDS
            return True

    def _failed(self, error: Exception) -> None:
        FAILURES.inc()
        with self._lock:
            self._next_try = time.monotonic() + self.PAUSE_SECONDS
            if self._up:
                self._up = False
                IS_UP.set(0)
                _log.warning("redis_down", error=type(error).__name__, consequence="rate limits are open")

    def _recovered(self) -> None:
        with self._lock:
            if not self._up:
                self._up = True
                IS_UP.set(1)
                _log.info("redis_up")
