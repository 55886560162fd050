"""The estimate of the database's present round-trip time."""

import pytest

from shared.db import round_trips
from shared.db.round_trips import RoundTrips


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(round_trips, "time", clock)
    return clock


def run(trips: RoundTrips, clock: Clock, seconds: float) -> None:
    began = trips.begin()
    clock.now += seconds
    trips.end(began)


def test_before_the_first_statement_nothing_is_known(clock: Clock) -> None:
    assert RoundTrips().usual() == 0


def test_a_database_that_becomes_slow_is_known_to_be_after_one_statement(clock: Clock) -> None:
    trips = RoundTrips()
    for _ in range(20):
        run(trips, clock, 0.001)
    run(trips, clock, 1.0)
    assert trips.usual() == pytest.approx(1.0)


def test_one_that_waits_while_others_run_says_nothing(clock: Clock) -> None:
    trips = RoundTrips()
    waiting = trips.begin()
    clock.now += 1.0
    run(trips, clock, 0.002)
    trips.end(waiting)
    assert trips.usual() == pytest.approx(0.002)


def test_after_a_pause_the_last_one_counts(clock: Clock) -> None:
    trips = RoundTrips()
    run(trips, clock, 1.0)
    run(trips, clock, 0.2)
    clock.now += 2
    assert trips.usual() == pytest.approx(0.2)


def test_what_is_old_is_forgotten_so_that_a_database_that_recovered_is_asked_again(clock: Clock) -> None:
    trips = RoundTrips()
    run(trips, clock, 3.0)
    clock.now += 10
    assert trips.usual() == 0
