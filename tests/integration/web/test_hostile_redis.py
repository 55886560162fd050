"""Redis with a password and TLS; and somebody who can write to Redis cannot shut out other callers."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis
from environs import Env

from deploy.sandbox import ports
from deploy.sandbox.process import Process
from deploy.self_signed import self_signed
from shared.config import BadSetting, redis_url
from shared.errors import DomainError
from shared.redis_client import RedisClient
from shared.web.rate_limits import LOGINS_PER_MINUTE, RateLimits
from tests.integration.web.test_limits import client
from tests.servers.sources import Server

PASSWORD = "p@ss/wörd:1"


@pytest.fixture
def rate_limits(redis_server: Server) -> Iterator[RateLimits]:
    with closing(RedisClient(redis_server.address, 1.0)) as cache:
        yield RateLimits(cache)


@pytest.fixture
def raw_redis(redis_server: Server) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_server.address, decode_responses=True) as connection:
        yield connection


@pytest.mark.parametrize(
    ("value", "expiry"), [("1000000", 1), ("51", None), ("51", 3600), ("nonsense", 1), ("-1000000", None)]
)
def test_a_counter_that_somebody_wrote_shuts_nobody_out(
    rate_limits: RateLimits, raw_redis: redis.Redis, value: str, expiry: int | None
) -> None:
    who = client(f"hostile-{value}-{expiry}", 50)
    rate_limits.check_client(who)
    name = next(key for key in raw_redis.scan_iter("*client*") if f"/{who.id}/" in key)
    prefix, _, rest = name.partition(f"/{who.id}/")
    for second in range(int(time.time()), int(time.time()) + 5):
        raw_redis.set(f"{prefix}/{who.id}/{second}/{rest.partition('/')[2]}", value, ex=expiry)
    for _ in range(5):
        rate_limits.check_client(who)


@pytest.mark.parametrize(("value", "expiry"), [("11", None), ("11", 86400), ("nonsense", None), ("99999999", 30)])
def test_a_login_counter_that_somebody_wrote_locks_no_address(
    rate_limits: RateLimits, raw_redis: redis.Redis, value: str, expiry: int | None
) -> None:
    address = f"hostile-{value}-{expiry}"
    rate_limits.check_login(address)
    (name,) = raw_redis.scan_iter(f"*login/{address}/*")
    raw_redis.set(name, value, ex=expiry)
    rate_limits.check_login(address)


def test_an_honest_counter_still_limits(rate_limits: RateLimits) -> None:
    for _ in range(LOGINS_PER_MINUTE):
        rate_limits.check_login("honest")
    with pytest.raises(DomainError):
        rate_limits.check_login("honest")


@pytest.fixture
def tls_redis(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """(port, certificate) of a Redis that speaks only TLS and asks for a password."""
    certificate, key = self_signed("Redis")
    for name, content in (("ca.pem", certificate), ("key.pem", key)):
        (tmp_path / name).write_text(content)
    port = ports.free_port()
    options = {
        "port": "0", "tls-port": str(port), "tls-cert-file": str(tmp_path / "ca.pem"), "bind": "127.0.0.1", "save": "",
        "tls-key-file": str(tmp_path / "key.pem"), "tls-auth-clients": "no", "requirepass": PASSWORD,
        "tls-ca-cert-file": str(tmp_path / "ca.pem"),
    }  # fmt: skip
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    log = tmp_path / "redis.log"
    process = Process("redis", ["redis-server", *words], log, lambda: "Ready to accept" in log.read_text())
    process.start()
    try:
        process.wait_ready()
        yield port, tmp_path / "ca.pem"
    finally:
        process.stop()


def test_a_redis_with_tls_and_a_password_is_used(tls_redis: tuple[int, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    port, ca_file = tls_redis
    monkeypatch.setenv("CM_REDIS_URL", f"rediss://localhost:{port}/0")

    def answers() -> bool:
        with closing(RedisClient(redis_url(Env()), 2.0)) as cache:
            return cache.ping()

    assert not answers()  # neither trusted nor let in
    monkeypatch.setenv("CM_REDIS_CA_FILE", str(ca_file))
    assert not answers()
    monkeypatch.setenv("CM_REDIS_PASSWORD", PASSWORD)
    assert answers()
    with closing(RedisClient(redis_url(Env()), 2.0)) as cache:
        RateLimits(cache).check_login("over TLS")
        assert cache.redis.keys("*login*")
    monkeypatch.setenv("CM_REDIS_PASSWORD", "another")
    assert not answers()


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"CM_REDIS_URL": "redis://h", "CM_REDIS_CA_FILE": "x.pem"}, "rediss"),
        ({"CM_REDIS_URL": "rediss://h", "CM_REDIS_CA_FILE": "/nowhere.pem"}, "CM_REDIS_CA_FILE"),
        ({"CM_REDIS_URL": "redis://:one@h", "CM_REDIS_PASSWORD": "two"}, "keep one"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], problem: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=problem):
        redis_url(Env())
