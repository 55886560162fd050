"""Check of Redis. While it is down no rate limit is enforced; every other answer stays correct."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import redis
from environs import Env, EnvError

from deploy.doctor.addresses import is_loopback
from deploy.doctor.finding import Finding, failed, ok, warning
from shared.config import BadSetting, common_settings


def check() -> Iterator[Finding]:
    """One PING with the services' own timeout."""
    try:
        settings = common_settings(Env())
        client = redis.Redis.from_url(
            settings.redis_url, socket_timeout=settings.redis_timeout, socket_connect_timeout=settings.redis_timeout
        )
    except (EnvError, BadSetting, ValueError) as error:
        yield failed("redis", str(error), "correct CM_REDIS_URL")
        return
    yield from _openness(settings.redis_url)
    began = time.perf_counter()
    try:
        client.ping()
        yield ok("redis", f"answers in {(time.perf_counter() - began) * 1000:.0f} ms")
    except redis.AuthenticationError:
        yield failed("redis", "it refuses our password", "correct CM_REDIS_PASSWORD (or the password in CM_REDIS_URL)")
    except (redis.RedisError, OSError) as error:
        yield failed(
            "redis",
            f"no answer within {settings.redis_timeout:g} s ({type(error).__name__}); rate limits are open meanwhile",
            "start it, and check its address and the firewall (CM_REDIS_URL)",
        )
    finally:
        client.close()


def _openness(url: str) -> Iterator[Finding]:
    """Warnings for a Redis on another machine without a password or without TLS: others can write to it."""
    parts = urlsplit(url)
    if parts.scheme == "unix" or is_loopback(parts.hostname or "localhost"):
        return
    if not parts.password:
        yield warning(
            "redis password", f"none is set, and {parts.hostname} is not this machine: anybody there sets the limits",
            "requirepass in redis.conf, and CM_REDIS_PASSWORD_FILE",
        )  # fmt: skip
    if parts.scheme != "rediss":
        yield warning(
            "redis tls", f"the way to {parts.hostname} is not encrypted: the password can be read on it",
            "tls-port in redis.conf, rediss:// in CM_REDIS_URL, and CM_REDIS_CA_FILE",
        )  # fmt: skip
