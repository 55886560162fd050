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
def belief(clock: Ticking) -> LeadershipLease:
    belief = LeadershipLease(clock)
    assert belief.begin(TERM, clock.now + 10, belief.endings)
    return belief


def test_nobody_is_master_before_it_begins(clock: Ticking) -> None:
    assert (LeadershipLease(clock).held(), LeadershipLease(clock).remaining()) == (None, 0.0)


def test_a_belief_ends_by_the_clock_alone(belief: LeadershipLease, clock: Ticking) -> None:
    clock.now += 9.9
    assert belief.held() is TERM
    assert belief.remaining() == pytest.approx(0.1)
    clock.now += 0.1
    assert (belief.held(), belief.remaining()) == (None, 0.0)


def test_a_confirmation_extends_it_and_an_older_one_does_not_shorten_it(
    belief: LeadershipLease, clock: Ticking
) -> None:
    assert belief.extend(TERM, clock.now + 20)
    assert belief.extend(TERM, clock.now + 15)
    assert belief.remaining() == 20


def test_a_confirmation_after_the_lease_ran_out_comes_too_late(belief: LeadershipLease, clock: Ticking) -> None:
    clock.now += 11
    assert not belief.extend(TERM, clock.now + 10)
    assert belief.held() is None


def test_a_confirmation_on_its_way_when_the_connection_was_lost_comes_too_late(
    belief: LeadershipLease, clock: Ticking
) -> None:
    belief.end("the connection to ZooKeeper was lost")
    assert not belief.extend(TERM, clock.now + 10)
    assert belief.ended == "the connection to ZooKeeper was lost"


def test_a_term_does_not_begin_when_an_ending_came_while_it_was_confirmed(clock: Ticking) -> None:
    belief = LeadershipLease(clock)
    seen = belief.endings
    belief.end("stopped")
    assert not belief.begin(TERM, clock.now + 10, seen)
    assert belief.held() is None


def test_the_first_reason_stands(belief: LeadershipLease) -> None:
    belief.end("resigned")
    belief.end("the ZooKeeper session ended")
    assert belief.ended == "resigned"


def test_a_stalled_process_says_that_its_lease_ran_out(belief: LeadershipLease, clock: Ticking) -> None:
    clock.now += 60
    belief.end("the ZooKeeper session ended")
    assert belief.ended == "the lease ran out unconfirmed"
