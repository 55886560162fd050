"""Rate limits per API key, counted in Redis for all nodes together. They fail open."""

import math
import time

from limits import RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from prometheus_client import Counter

from shared.cache import Cache
from shared.callbacks.catalogue import Client
from shared.errors import Code, DomainError

# Requests a second by scope, where the client has no rate of its own.
DEFAULT_RATES = {"ivr": 50, "gadget": 5, "ops": 20}

REFUSED = Counter("cm_rate_limited_total", "Requests refused because their API key was over its rate", ["client"])


class RateLimits:
    """Counts with the `limits` library over the cache's Redis."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        storage = RedisStorage(cache.url, connection_pool=cache.redis.connection_pool, key_prefix="cm")
        self._limiter = FixedWindowRateLimiter(storage)

    def check_client(self, client: Client) -> None:
        """Count one request of `client`. Raises `rate_limited` with `retryAfter` in seconds."""
        rate = client.rate_per_second or max(DEFAULT_RATES.get(scope, 5) for scope in client.scopes)
        item = RateLimitItemPerSecond(rate)
        if self._cache.attempt(lambda: self._limiter.hit(item, "client", str(client.id)), otherwise=True):
            return
        REFUSED.labels(client.name).inc()
        wait = max(1, math.ceil(math.ceil(time.time()) - time.time()))
        raise DomainError(
            Code.RATE_LIMITED, f"This API key may make {rate} requests a second. Wait and repeat.", retryAfter=wait
        )
