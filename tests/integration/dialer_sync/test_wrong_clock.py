"""Clocks that are wrong, and a process that stalls in the middle of a request."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from services.dialer_sync.ucce.client import no_guard
from services.dialer_sync.ucce.connection import transport
from shared.bounded_reading import Endless
from shared.clock import utcnow
from shared.db import models
from shared.db.clock_skew import MAX_SKEW_SECONDS, measure_skew
from shared.db.session import Database
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.worker_processes import WorkerProcess, WorkerProcesses
from tests.support.until import until


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_the_databases_clock_tells_how_far_a_nodes_is_off(database: Database, hours: int) -> None:
    off = measure_skew(database, utcnow() + timedelta(hours=hours))
    assert off == pytest.approx(hours * 3600, abs=MAX_SKEW_SECONDS / 2)


def test_a_result_is_fetched_although_its_import_was_recorded_under_a_clock_that_ran_ahead(
    master: MasterFixture,
) -> None:
    due = master.add(1)
    master.cycle()
    ahead = master.clock.now + timedelta(hours=1)
    with master.world.database.writing() as tx:
        tx.execute(update(models.Attempt).values(imported_at=ahead))
        tx.commit()
    master.simulator.control.dialer(paused=False, mix={"10": 1})
    until(master.simulator.control.calls)

    def completed() -> bool:
        master.clock.advance(20)
        master.cycle()
        return master.statuses(due) == ["completed"]

    until(completed, timeout=20, every=0.2)


def test_a_request_that_stalled_in_its_midst_is_not_completed() -> None:
    now = 1000.0
    body = transport.Body(b"0123456789", no_guard, 2.0, lambda: now)
    assert body.read(6) == b"012345"
    now += 10
    with pytest.raises(Endless):
        body.read(6)


@pytest.fixture
def set_clock_offset(tmp_path: Path) -> Callable[[float], str]:
    """A function that sets by how many seconds workers' clocks are off; it returns the file for CM_TEST_CLOCK."""
    path = tmp_path / "off"

    def put(seconds: float) -> str:
        new = path.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(path)
        return str(path)

    return put


def says_why(worker: WorkerProcess) -> bool:
    answer = worker.ask("/health/ready")
    return answer.status_code == 503 and answer.json()["reason"] == "clock"


def test_while_every_nodes_clock_is_wrong_nobody_is_master_and_each_says_why_until_it_is_right(
    workers: WorkerProcesses, observer: MasterFixture, set_clock_offset: Callable[[float], str]
) -> None:
    one, two = (workers.start(node, CM_TEST_CLOCK=set_clock_offset(0)) for node in ("one", "two"))
    until(lambda: one.is_master() or two.is_master(), timeout=15)
    set_clock_offset(-3600)
    until(lambda: says_why(one) and says_why(two), timeout=20)
    # The loop of each compares its clock with its next cycle or sign of life.
    until(lambda: all(node.status()["clock"]["problem"] for node in (one, two)), timeout=15)
    assert not one.is_master()
    assert not two.is_master()
    terms = len(observer.world.rows(models.MastershipTerm))
    due = observer.add(1)
    said = one.status()["clock"]
    assert said["secondsOff"] == pytest.approx(-3600, abs=30)
    assert said["problem"].endswith("s behind the database's")
    until(lambda: "behind the database's" in (one.status()["electionProblem"] or ""))
    until(lambda: "behind the database's" in (observer.world.rows(models.WorkerNode)[0].status["problem"] or ""))
    metric = next(line for line in one.ask("/metrics").text.splitlines() if line.startswith("cm_clock_off_seconds "))
    assert float(metric.split()[1]) == pytest.approx(-3600, abs=30)
    assert [line for line in one.lines() if line.get("event") == "clock_wrong"]
    # They stay out of the election, so that the mastership does not go to and fro between nodes that cannot use it.
    assert len(observer.world.rows(models.MastershipTerm)) == terms
    assert observer.statuses(due) == ["scheduled"]
    set_clock_offset(0)
    until(lambda: observer.statuses(due) == ["imported"], timeout=20)
    # A standby looks again with its next sign of life.
    until(lambda: all(node.ask("/health/ready").status_code == 200 for node in (one, two)), timeout=15)


def test_a_standby_whose_clock_is_wrong_does_not_become_master(
    workers: WorkerProcesses, observer: MasterFixture, set_clock_offset: Callable[[float], str]
) -> None:
    wrong = workers.start("one", CM_TEST_CLOCK=set_clock_offset(7200))
    until(lambda: says_why(wrong), timeout=15)
    right = workers.start("two")
    until(right.is_master, timeout=15)
    right.ask("/ops/resign", "POST")
    due = observer.add(1)
    until(lambda: observer.statuses(due) == ["imported"], timeout=20)
    assert observer.world.rows(models.MastershipTerm, node="one") == []
