"""Redis, for what may be lost: with Redis down every request still gets its right answer.

After a failure Redis is left alone for a moment, so that a dead Redis costs one short timeout now and then instead of
one per request.
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

UP = Gauge("cm_redis_up", "1 while Redis answers, 0 while we do without it")
FAILURES = Counter("cm_redis_failures_total", "Redis calls that failed and were done without")


class Cache:
    """A Redis client whose calls may fail without anybody noticing but the operator."""

    PAUSE = 2.0  # seconds without a try after a failure

    def __init__(self, url: str, timeout: float) -> None:
        """`timeout` in seconds bounds each call."""
        self.redis: redis.Redis = redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)
        self.url, self.timeout = url, timeout
        self._lock = threading.Lock()
        self._paused_until = 0.0
        self._was_up = True
        UP.set(1)

    def attempt(self, call: Callable[[], T], otherwise: T) -> T:
        """What `call` returns, or `otherwise` while Redis does not answer."""
        if time.monotonic() < self._paused_until:
            return otherwise
        try:
            result = call()
        except (redis.RedisError, OSError) as error:
            self._failed(error)
            return otherwise
        if not self._was_up:
            self._recovered()
        return result

    def ping(self) -> bool:
        return self.attempt(lambda: bool(self.redis.ping()), otherwise=False)

    def close(self) -> None:
        self.redis.close()

    def _failed(self, error: Exception) -> None:
        FAILURES.inc()
        with self._lock:
            self._paused_until = time.monotonic() + self.PAUSE
            if self._was_up:
                self._was_up = False
                UP.set(0)
                _log.warning("redis_down", error=type(error).__name__, consequence="rate limits are open")

    def _recovered(self) -> None:
        with self._lock:
            if not self._was_up:
                self._was_up = True
                UP.set(1)
                _log.info("redis_up")
