"""Rate limits per API key: in Redis for all nodes together, where they fail open, or in the memory of one process."""

import threading
import time
from dataclasses import dataclass

import redis
import structlog
from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from prometheus_client import Counter

from shared.callbacks.config_snapshot import Client
from shared.errors import Code, DomainError
from shared.redis_client import RedisClient

_log = structlog.get_logger(__name__)

# Above this rate permits are taken from Redis in leases of several, so that a busy client costs no more trips than this
# a second. What a process has taken and does not use in its second is lost to the other nodes: never more than the rate
# is admitted, and at most a fiftieth less per process.
TRIPS_PER_SECOND = 50

LOGINS_PER_MINUTE = 120  # from one address or one known device, right ones too: a building comes to work

WRONG_KEYS_PER_MINUTE = 20  # from one address; right keys are not counted

MAX_LATE = 1_000  # leases that all threads of all nodes may ask for in the moment in which a second's permits run out
MAX_ADDRESS_COUNT = 1_000_000  # what was refused counts too; HAProxy admits far less from one address in a minute
WARN_SECONDS = 10.0  # between two warnings about counters that somebody else wrote

REFUSED = Counter("cm_rate_limited_total", "Requests refused because their API key was over its rate", ["client"])
TAMPERED = Counter("cm_rate_limit_counters_ignored_total", "Counters in Redis that somebody else must have written")


@dataclass(slots=True)
class _Lease:
    """Permits of one client for one second (Unix time) that this process holds; `over` when there are no more."""

    second: int
    left: int = 0
    over: bool = False


def over_rate(client: Client, rate: int) -> DomainError:
    """The refusal, counted."""
    REFUSED.labels(client.name).inc()
    return DomainError(
        Code.RATE_LIMITED, f"This API key may make {rate} requests a second. Wait and repeat.", retryAfter=1
    )


def _minute() -> str:
    """The minute of the clock, in which a count begins and ends."""
    return str(int(time.time()) // 60)


def _too_many(what: str) -> DomainError:
    wait = 60 - int(time.time()) % 60
    return DomainError(Code.RATE_LIMITED, f"Too many {what}. Wait {wait} seconds.", retryAfter=wait)


class RateLimits:
    """Counts with the `limits` library's script: one counter per client and second of the clock."""

    def __init__(self, cache: RedisClient) -> None:
        self._cache = cache
        storage = RedisStorage(cache.url, connection_pool=cache.redis.connection_pool, key_prefix="cm")
        self._storage = storage
        self._lock = threading.Lock()
        self._leases: dict[int, _Lease] = {}
        self._warned_at = float("-inf")

    def check_client(self, client: Client) -> None:
        """Count one request of `client`. Raises `rate_limited` with `retryAfter` in seconds."""
        rate = client.rate_per_second
        second = int(time.time())
        if not (self._use_leased(client.id, second) or self._lease_from_redis(client.id, second, rate)):
            raise over_rate(client, rate)

    def check_agent(self, agent_id: str, rate: int) -> None:
        """Count one request of an agent of the gadget. Raises `rate_limited` with `retryAfter` in seconds."""
        item, second = RateLimitItemPerSecond(rate), str(int(time.time()))
        if not self._cache.call(lambda: self._hit(item, rate + MAX_LATE, "agent", agent_id, second), default=True):
            REFUSED.labels("agents").inc()
            raise DomainError(
                Code.RATE_LIMITED, f"An agent may make {rate} requests a second. Wait and repeat.", retryAfter=1
            )

    def check_login(self, source: str) -> None:
        """Count one login from `source`, an address or a device. Raises `rate_limited` with `retryAfter` in seconds."""
        if not self._hit_of_minute(LOGINS_PER_MINUTE, "login", source):
            raise _too_many("logins")

    def check_wrong_key(self, address: str) -> None:
        """Count one wrong API key from `address`. Raises `rate_limited` with `retryAfter` in seconds."""
        if not self._hit_of_minute(WRONG_KEYS_PER_MINUTE, "wrong-key", address):
            raise _too_many("wrong API keys from this address")

    def _hit_of_minute(self, most: int, *identifiers: str) -> bool:
        item = RateLimitItemPerMinute(most)
        return bool(self._cache.call(lambda: self._hit(item, MAX_ADDRESS_COUNT, *identifiers, _minute()), default=True))

    def _use_leased(self, client_id: int, second: int) -> bool:
        """Use a permit that this process holds already."""
        with self._lock:
            lease = self._leases.get(client_id)
            if lease is None or lease.second != second or not lease.left:
                return False
            lease.left -= 1
            return True

    def _lease_from_redis(self, client_id: int, second: int, rate: int) -> bool:
        """Take a lease of permits from Redis and use one. Redis is not asked again in a second that it closed."""
        with self._lock:
            lease = self._leases.get(client_id)
            if lease is None or lease.second != second:
                lease = self._leases[client_id] = _Lease(second)
            if lease.over:
                return False
        size = max(1, rate // TRIPS_PER_SECOND)
        item = RateLimitItemPerSecond(rate)
        admitted = self._cache.call(
            lambda: self._hit(item, rate + MAX_LATE * size, "client", str(client_id), str(second), cost=size),
            default=None,
        )
        with self._lock:
            if admitted:
                lease.left += size - 1
            elif admitted is False:
                lease.over = True
        return admitted is not False

    def _hit(self, item: RateLimitItem, most: int, *identifiers: str, cost: int = 1) -> bool:
        """Count `cost`; whether the limit allows it.

        A counter that cannot be ours (it is above `most`, below what was just counted, no number, or does not end with
        its window) was written by somebody else. It is removed and allows the request: HAProxy bounds them as well, and
        whoever can write to Redis must not shut everybody out. Raises redis.RedisError.
        """
        key = item.key_for(*identifiers)
        try:
            count = self._storage.incr(key, item.get_expiry(), amount=cost)
        except redis.ResponseError as error:
            return self._remove(key, f"it is no counter: {error}")
        if cost <= count <= item.amount:
            return True
        if not cost <= count <= most:
            return self._remove(key, f"it counts {count} of {item.amount}")
        milliseconds = int(self._storage.storage.pttl(self._storage.prefixed_key(key)))
        if milliseconds == -1 or milliseconds > item.get_expiry() * 1000:
            return self._remove(key, "it does not end with its window")
        return False

    def _remove(self, key: str, problem: str) -> bool:
        """Delete a counter that was tampered with, and allow the request. Raises redis.RedisError."""
        self._storage.storage.delete(self._storage.prefixed_key(key))
        TAMPERED.inc()
        if time.monotonic() - self._warned_at > WARN_SECONDS:
            self._warned_at = time.monotonic()
            _log.warning("rate_limit_counter_ignored", problem=problem, advice="who else writes to Redis? See doctor")
        return True


class LocalRateLimits:
    """The same for one process, in its memory: a worker answers few operators, and needs no Redis."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def check_client(self, client: Client) -> None:
        """Count one request of `client`. Raises `rate_limited` with `retryAfter` in seconds."""
        rate = client.rate_per_second
        if not self._limiter.hit(RateLimitItemPerSecond(rate), str(client.id), str(int(time.time()))):
            raise over_rate(client, rate)

    def check_wrong_key(self, address: str) -> None:
        """Count one wrong API key from `address`. Raises `rate_limited` with `retryAfter` in seconds."""
        if not self._limiter.hit(RateLimitItemPerMinute(WRONG_KEYS_PER_MINUTE), "wrong-key", address, _minute()):
            raise _too_many("wrong API keys from this address")
