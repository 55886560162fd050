from datetime import UTC, datetime

import pytest

from services.dialer_sync.election.lease import LeadershipLease, LeaderTerm

TERM = LeaderTerm(epoch=7, since=datetime(2026, 1, 1, tzinfo=UTC), node="a")


class Ticking:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def lease(clock: Ticking) -> LeadershipLease:
    lease = LeadershipLease(clock)
    assert lease.begin(TERM, clock.now + 10, lease.revocations)
    return lease


def test_nobody_is_master_before_it_begins(clock: Ticking) -> None:
    assert (LeadershipLease(clock).current(), LeadershipLease(clock).remaining()) == (None, 0.0)


def test_a_lease_ends_by_the_clock_alone(lease: LeadershipLease, clock: Ticking) -> None:
    clock.now += 9.9
    assert lease.current() is TERM
    assert lease.remaining() == pytest.approx(0.1)
    clock.now += 0.1
    assert (lease.current(), lease.remaining()) == (None, 0.0)


def test_a_confirmation_extends_it_and_an_older_one_does_not_shorten_it(lease: LeadershipLease, clock: Ticking) -> None:
    assert lease.extend(TERM, clock.now + 20)
    assert lease.extend(TERM, clock.now + 15)
    assert lease.remaining() == 20


def test_a_confirmation_after_the_lease_ran_out_comes_too_late(lease: LeadershipLease, clock: Ticking) -> None:
    clock.now += 11
    assert not lease.extend(TERM, clock.now + 10)
    assert lease.current() is None


def test_a_confirmation_on_its_way_when_the_connection_was_lost_comes_too_late(
    lease: LeadershipLease, clock: Ticking
) -> None:
    lease.end("the connection to ZooKeeper was lost")
    assert not lease.extend(TERM, clock.now + 10)
    assert lease.end_reason == "the connection to ZooKeeper was lost"


def test_a_term_does_not_begin_when_an_ending_came_while_it_was_confirmed(clock: Ticking) -> None:
    lease = LeadershipLease(clock)
    seen = lease.revocations
    lease.end("stopped")
    assert not lease.begin(TERM, clock.now + 10, seen)
    assert lease.current() is None


def test_the_first_end_reason_is_kept(lease: LeadershipLease) -> None:
    lease.end("resigned")
    lease.end("the ZooKeeper session ended")
    assert lease.end_reason == "resigned"


def test_a_stalled_process_says_that_its_lease_ran_out(lease: LeadershipLease, clock: Ticking) -> None:
    clock.now += 60
    lease.end("the ZooKeeper session ended")
    assert lease.end_reason == "the lease ran out unconfirmed"
