"""Redis: rate limits are open while it is down, so it is worth mending, though every answer stays right."""

import time
from collections.abc import Iterator

import redis
from environs import Env, EnvError

from deploy.doctor.finding import Finding, failed, ok
from shared.config import BadSetting, common_settings


def check() -> Iterator[Finding]:
    """One PING with the services' own patience."""
    try:
        settings = common_settings(Env())
        client = redis.Redis.from_url(
            settings.redis_url, socket_timeout=settings.redis_timeout, socket_connect_timeout=settings.redis_timeout
        )
    except (EnvError, BadSetting, ValueError) as error:
        yield failed("redis", str(error), "correct CM_REDIS_URL")
        return
    began = time.perf_counter()
    try:
        client.ping()
        yield ok("redis", f"answers in {(time.perf_counter() - began) * 1000:.0f} ms")
    except redis.AuthenticationError:
        yield failed("redis", "it refuses our password", "correct the password in CM_REDIS_URL")
    except (redis.RedisError, OSError) as error:
        yield failed(
            "redis",
            f"no answer within {settings.redis_timeout:g} s ({type(error).__name__}); rate limits are open meanwhile",
            "start it, and check its address and the firewall (CM_REDIS_URL)",
        )
    finally:
        client.close()
