"""Two real workers on a real ZooKeeper: the whole life of a callback, failovers, and orders to stop."""

import signal
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.worker_processes import SESSION, WorkerProcess, WorkerProcesses
from tests.support.databases import ON_SERVER
from tests.support.until import until

pytestmark = pytest.mark.long

# Seconds from a successor's election to its first import. It runs twenty statements for the first time; each may take
# a T-SQL server that is not Microsoft's 0.15 s and more. SQL Server has not been measured.
FIRST_IMPORT = 8.0 if ON_SERVER else 2.0


def pair(workers: WorkerProcesses, **settings: str) -> tuple[WorkerProcess, WorkerProcess]:
    """A master that has run a cycle, and a standby."""
    master = workers.start("one", **settings)
    until(lambda: master.status()["lastCycle"], timeout=15)
    standby = workers.start("two", **settings)
    until(lambda: standby.ask("/health/ready").status_code == 200, timeout=15)
    assert (master.is_master(), standby.is_master()) == (True, False)
    return master, standby


def imported(master: MasterFixture, account_numbers: list[str]) -> bool:
    return master.statuses(account_numbers) == ["imported"] * len(account_numbers)


def test_the_whole_life_of_a_callback_at_two_workers(workers: WorkerProcesses, observer: MasterFixture) -> None:
    master, standby = pair(workers)
    observer.simulator.control.dialer(paused=False, mix={"10": 1})
    due = observer.add(3)
    until(lambda: observer.statuses(due) == ["completed"] * 3, timeout=20)
    assert observer.events(due[0]) == [
        ("scheduled", "importing"), ("importing", "imported"), ("imported", "completed"),
    ]  # fmt: skip
    status = master.status()
    assert (status["node"], status["role"], status["callbacks"]["completed"]) == ("one", "master", 3)
    assert status["brakes"] == {"acceptBookings": True, "handOver": True, "pausedSkills": [], "pausedCampaigns": []}
    assert (status["ucce"]["reachable"], status["slotDrift"], status["electionProblem"]) == (True, 0, None)
    assert standby.status()["role"] == "standby"


@pytest.mark.parametrize("point", ["claiming", "claimed", "answered", "recording", "recorded"])
def test_a_master_killed_at_any_point_loses_nothing_and_doubles_nothing(
    workers: WorkerProcesses, observer: MasterFixture, point: str
) -> None:
    doomed = workers.start("one", crash_at=point, CM_BATCH_SIZE="2")
    standby = workers.start("two", CM_BATCH_SIZE="2")
    until(lambda: doomed.is_master() or standby.is_master(), timeout=15)
    due = observer.add(5)
    if standby.is_master():
        standby.ask("/ops/resign", "POST")
    until(lambda: doomed.process.poll() == -signal.SIGKILL, timeout=20)
    until(lambda: imported(observer, due), timeout=30)
    taken = observer.simulator.control.taken()
    assert sorted(taken) == sorted(f"{account_number}-01" for account_number in due)
    assert observer.simulator.control.duplicates() == []


def test_a_killed_masters_successor_imports_within_the_session_timeout_and_two_seconds(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    master, standby = pair(workers)
    master.signal(signal.SIGKILL)
    began = time.monotonic()
    due = observer.add(1)
    until(standby.is_master, timeout=SESSION + 2, every=0.01)
    until(lambda: imported(observer, due), timeout=SESSION + FIRST_IMPORT + 1, every=0.01)
    assert time.monotonic() - began <= SESSION + FIRST_IMPORT


def test_a_stalled_masters_successor_imports_in_time_and_the_stalled_one_stands_back(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    master, standby = pair(workers)
    first = master.status()["epoch"]
    master.signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        due = observer.add(1)
        until(standby.is_master, timeout=SESSION + 2, every=0.01)
        until(lambda: imported(observer, due), timeout=SESSION + FIRST_IMPORT + 1, every=0.01)
        assert time.monotonic() - began <= SESSION + FIRST_IMPORT
    finally:
        master.signal(signal.SIGCONT)
    until(lambda: not master.is_master())
    more = observer.add(5)
    until(lambda: imported(observer, more), timeout=10)
    assert standby.status()["epoch"] > first
    assert observer.simulator.control.duplicates() == []
    terms = observer.world.rows(models.MastershipTerm, node="one")
    until(lambda: observer.world.rows(models.MastershipTerm, node="one")[-1].end_reason is not None)
    assert master.status()["role"] == "standby"
    assert "stopping" not in [line.get("event") for line in master.lines()]  # being frozen is no reason to end
    assert terms[-1].epoch == first


def test_sigterm_hands_over_at_once_instead_of_after_the_session_timeout_and_ends_well(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    master, standby = pair(workers)
    began = time.monotonic()
    master.signal(signal.SIGTERM)
    due = observer.add(1)
    until(standby.is_master, timeout=SESSION, every=0.005)
    # 0.1 s on an idle machine, which `make bench` holds to its second; the lock alone would be free after SESSION.
    assert time.monotonic() - began < SESSION * 0.9
    until(lambda: imported(observer, due), timeout=FIRST_IMPORT, every=0.005)
    assert master.process.wait(10) == 0
    (term,) = observer.world.rows(models.MastershipTerm, node="one")
    assert term.end_reason == "stopped"
    assert [row.role for row in observer.world.rows(models.WorkerNode, node="one")] == ["stopped"]


def test_sigterm_lets_the_call_in_flight_end_and_be_recorded(workers: WorkerProcesses, observer: MasterFixture) -> None:
    master = workers.start("one")
    until(lambda: master.status()["lastCycle"], timeout=15)
    observer.simulator.control.next_answer(kind="import", method="POST", delayAfter=0.8)
    due = observer.add(2)
    until(lambda: observer.statuses(due) == ["importing"] * 2)
    assert master.stop() == 0
    assert imported(observer, due)


def test_resign_makes_the_other_node_master_with_a_larger_epoch(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    master, standby = pair(workers)
    first = master.status()["epoch"]
    assert master.ask("/ops/resign", "POST").status_code == 202
    until(standby.is_master, timeout=3)
    until(lambda: standby.status()["epoch"])
    assert standby.status()["epoch"] > first
    until(lambda: not master.is_master())
    (term,) = observer.world.rows(models.MastershipTerm, node="one")
    assert term.end_reason == "resigned"
    answer = master.ask("/ops/resign", "POST")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_master")


def test_dispatch_now_does_not_wait_for_the_interval(workers: WorkerProcesses, observer: MasterFixture) -> None:
    master = workers.start("one", CM_SYNC_INTERVAL="600")
    until(lambda: master.status()["lastCycle"], timeout=15)
    due = observer.add(1)
    assert master.ask("/ops/dispatch-now", "POST").status_code == 202
    until(lambda: imported(observer, due), timeout=3)


def test_while_zookeeper_is_gone_nobody_is_master_and_nothing_is_sent(
    workers: WorkerProcesses, observer: MasterFixture, own_zookeeper: Any
) -> None:
    worker = workers.start("one", CM_ZOOKEEPER_HOSTS=own_zookeeper.address)
    until(lambda: worker.status()["lastCycle"], timeout=15)
    own_zookeeper.process.kill()
    until(lambda: not worker.is_master(), timeout=SESSION)
    due = observer.add(1)
    until(lambda: worker.ask("/health/ready").json().get("reason") == "zookeeper")
    assert worker.ask("/health/live").status_code == 200
    assert observer.statuses(due) == ["scheduled"]
    own_zookeeper.process.start()
    until(lambda: imported(observer, due), timeout=20)


def test_while_ucce_is_down_callbacks_wait_and_the_status_says_why(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    worker = workers.start("one")
    until(lambda: worker.status()["lastCycle"], timeout=15)
    observer.simulator.kill()
    try:
        due = observer.add(2)
        until(lambda: worker.status()["ucce"]["lastError"])
        status = worker.status()
        assert status["ucce"]["reachable"] is False
        assert "cannot be reached" in status["ucce"]["lastError"]["message"]
        # Between two tries: during one they are claimed for a moment.
        until(lambda: worker.status()["callbacks"]["overdue"] == 2)
        until(lambda: observer.statuses(due) == ["scheduled"] * 2)
        assert b"cm_ucce_up 0.0" in worker.ask("/metrics").content
    finally:
        observer.simulator.start()
    until(lambda: imported(observer, due), timeout=20)


def test_after_the_databases_epoch_was_lost_to_a_newer_one_the_master_stands_down_and_competes_anew(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    worker = workers.start("one")
    until(lambda: worker.status()["lastCycle"], timeout=15)
    with observer.world.database.writing() as tx:
        tx.execute(delete(models.MastershipTerm))
        tx.execute(update(models.Mastership).values(epoch=10**12, node="other", since=observer.clock.now))
        tx.commit()
    due = observer.add(1)
    until(lambda: imported(observer, due), timeout=20)
    assert worker.status()["epoch"] > 10**12


def test_a_worker_stays_small_and_leaves_no_secret_or_number_in_its_log(one_worker: WorkerProcess) -> None:
    with open(f"/proc/{one_worker.process.pid}/status", encoding="ascii") as file:  # noqa: PTH123
        resident = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
    assert resident < 100 * 1024
    text = "\n".join(map(str, one_worker.lines()))
    assert "simulated-secret" not in text
    assert "+1312" not in text
    assert "ops-key" not in text


def test_sigterm_ends_a_worker_that_never_reached_zookeeper(workers: WorkerProcesses) -> None:
    worker = workers.start("one", CM_ZOOKEEPER_HOSTS="127.0.0.1:1")
    assert worker.ask("/health/ready").json()["reason"] == "zookeeper"
    began = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - began < 12


def test_a_master_that_cannot_use_its_database_lets_another_node_try(
    workers: WorkerProcesses, observer: MasterFixture, tmp_path: Path
) -> None:
    lame = workers.start("one", CM_DATABASE_URL=f"sqlite:///{tmp_path}/empty.db")
    until(lame.is_master, timeout=15)
    healthy = workers.start("two")
    due = observer.add(1)
    until(lambda: imported(observer, due), timeout=40)
    assert healthy.is_master()
