"""The worker's rate limits: of one process, counted in memory by the second of the clock."""

import pytest

from shared.callbacks.config_snapshot import Client
from shared.errors import DomainError
from shared.web.rate_limits import WRONG_KEYS_PER_MINUTE, LocalRateLimits


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the limits and of the counting library, moved by the test."""
    now = [100.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    return now


def client(number: int = 1, rate: int = 20) -> Client:
    return Client(number, "ops", True, frozenset({"ops"}), rate)


def test_a_key_may_make_its_rate_of_requests_in_each_second(clock: list[float]) -> None:
    limits = LocalRateLimits()
    for _ in range(20):
        limits.check_client(client())
    with pytest.raises(DomainError, match="20 requests a second"):
        limits.check_client(client())
    limits.check_client(client(2))
    clock[0] += 1
    limits.check_client(client())


def test_a_rate_of_its_own_counts(clock: list[float]) -> None:
    limits = LocalRateLimits()
    limits.check_client(client(rate=1))
    with pytest.raises(DomainError):
        limits.check_client(client(rate=1))


def test_wrong_keys_of_an_address_are_limited_in_each_minute(clock: list[float]) -> None:
    limits = LocalRateLimits()
    for _ in range(WRONG_KEYS_PER_MINUTE):
        limits.check_wrong_key("192.0.2.1")
    with pytest.raises(DomainError, match="wrong API keys") as refused:
        limits.check_wrong_key("192.0.2.1")
    assert refused.value.extra["retryAfter"] == 20
    limits.check_wrong_key("192.0.2.2")
    clock[0] += 20
    limits.check_wrong_key("192.0.2.1")
