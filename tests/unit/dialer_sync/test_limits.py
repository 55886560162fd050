import pytest

from services.dialer_sync.http.limits import DEFAULT_RATE, LocalRateLimits
from shared.callbacks.config_snapshot import Client
from shared.errors import DomainError


class Ticking:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def client(number: int = 1, rate: int | None = None) -> Client:
    return Client(number, "ops", True, frozenset({"ops"}), rate)


def test_a_key_may_make_its_rate_of_requests_in_each_second() -> None:
    clock = Ticking()
    limits = LocalRateLimits(clock)
    for _ in range(DEFAULT_RATE):
        limits.check_client(client())
    with pytest.raises(DomainError, match="20 requests a second"):
        limits.check_client(client())
    limits.check_client(client(2))
    clock.now += 1
    limits.check_client(client())


def test_a_rate_of_its_own_counts() -> None:
    limits = LocalRateLimits(Ticking())
    limits.check_client(client(rate=1))
    with pytest.raises(DomainError):
        limits.check_client(client(rate=1))
