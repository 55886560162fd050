"""The election on a real ZooKeeper: who is master, resigning, stopping, and how long a lease holds."""

import time

import pytest

from services.dialer_sync.election.errors import NotMaster
from services.dialer_sync.election.timing import Timing
from tests.integration.dialer_sync.electors import SESSION, StartElector, epoch, master_of
from tests.support.until import until


def test_of_two_contenders_exactly_one_is_master(start_elector: StartElector) -> None:
    first, second = start_elector("a"), start_elector("b")
    master = master_of(first, second)
    other = second if master is first else first
    until(lambda: other.problem is None)
    assert (master.is_leader(), other.is_leader()) == (True, False)
    assert other.remaining() == 0 < master.remaining() <= Timing.of(SESSION).lease


def test_a_master_stays_master_by_confirming(start_elector: StartElector) -> None:
    elector = master_of(start_elector("a"))
    began, first = time.monotonic(), epoch(elector)
    until(lambda: time.monotonic() > began + 2 * SESSION)
    assert epoch(elector) == first


def test_stop_hands_over_in_well_under_a_second_with_a_larger_epoch(start_elector: StartElector) -> None:
    master = master_of(start_elector("a"))
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    before, began = epoch(master), time.monotonic()
    master.stop()
    until(standby.is_leader, timeout=1, every=0.005)
    assert time.monotonic() - began < 0.5
    assert master.end_reason == "stopped"
    assert epoch(standby) > before


def test_a_master_that_resigns_lets_the_other_take_over_and_queues_behind_it(start_elector: StartElector) -> None:
    master = master_of(start_elector("a"))
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    before = epoch(master)
    master.resign()
    assert not master.is_leader()
    until(standby.is_leader, timeout=1)
    assert (master.end_reason, epoch(standby) > before) == ("resigned", True)
    second = epoch(standby)
    until(lambda: master.problem is None)
    standby.resign()
    until(master.is_leader)
    assert epoch(master) > second


def test_a_worker_that_resigns_alone_becomes_master_again_with_a_larger_epoch(start_elector: StartElector) -> None:
    elector = master_of(start_elector("a"))
    before = epoch(elector)
    elector.resign()
    until(elector.is_leader, timeout=15)
    assert epoch(elector) > before


def test_a_stop_is_seen_at_whatever_moment_of_the_election_it_comes(start_elector: StartElector) -> None:
    for _ in range(15):
        first, second = start_elector("a"), start_elector("b")
        master_of(first, second)
        began = time.monotonic()
        first.stop()
        second.stop()
        assert time.monotonic() - began < 1
        assert not first.is_leader()
        assert not second.is_leader()


def test_a_standby_that_resigns_goes_behind_the_others(start_elector: StartElector) -> None:
    master = master_of(start_elector("a"))
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    standby.resign()
    assert master.is_leader()
    master.stop()
    until(standby.is_leader)


def test_what_an_earlier_try_left_behind_does_not_block_its_own_process(
    start_elector: StartElector, election_root: str
) -> None:
    master = master_of(start_elector("a"))
    contender = master._lock
    path = f"{election_root}/master/{contender._prefix}"
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    standby._lock._client.create(f"{election_root}/master/{standby._lock._prefix}", b"", ephemeral=True, sequence=True)
    contender._client.create(path, b"", ephemeral=True, sequence=True)
    master.resign()
    until(standby.is_leader, timeout=2)
    standby.resign()
    until(master.is_leader, timeout=8)


def test_the_lease_follows_the_session_timeout_that_the_server_grants(start_elector: StartElector) -> None:
    elector = master_of(start_elector("a", session=100.0))
    assert elector._lock.timing == Timing.of(60.0)  # the server's maximum
    assert elector.remaining() <= Timing.of(60.0).lease


def test_a_node_that_is_granted_too_short_a_session_does_not_compete(start_elector: StartElector) -> None:
    elector = start_elector("a", session=100.0, ucce_timeout=31.0)
    until(lambda: elector.problem and "grants too short a session" in elector.problem)
    assert not elector.is_leader()


def test_require_lease_confirms_the_lock_when_little_of_the_lease_is_left(start_elector: StartElector) -> None:
    elector = master_of(start_elector("a"))
    term = elector.current_term()
    assert term is not None
    lease = Timing.of(SESSION).lease
    for _ in range(20):
        elector.require_lease(term, lease * 0.95)
        assert elector.remaining() >= lease * 0.9


def test_require_lease_refuses_a_term_that_is_over(start_elector: StartElector) -> None:
    elector = master_of(start_elector("a"))
    term = elector.current_term()
    assert term is not None
    elector.resign()
    with pytest.raises(NotMaster, match="resigned"):
        elector.require_lease(term, 0.1)
    until(elector.is_leader, timeout=15)
    with pytest.raises(NotMaster):
        elector.require_lease(term, 0.1)
