"""After the database has lost its last transactions, UCCE's contacts are read back and nobody is dialled again."""

import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from kazoo.client import KazooClient
from sqlalchemy import update

from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.worker_processes import WorkerProcess, WorkerProcesses
from tests.servers.sources import Server
from tests.support.databases import sqlite_only
from tests.support.proxy import Proxy
from tests.support.until import until

pytestmark = [sqlite_only, pytest.mark.long]  # the tests put a file back

PutBack = Callable[[], None]


@pytest.fixture
def make_backup(database_url: str, tmp_path: Path) -> Callable[[], PutBack]:
    """make_backup() copies the database; the function it returns restores the copy, also under processes that
    use it.
    """

    def make() -> PutBack:
        live, kept = database_url.removeprefix("sqlite:///"), tmp_path / "kept.db"
        with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(kept)) as copy:
            source.backup(copy)

        def put_back() -> None:
            with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(live, timeout=30)) as copy:
                source.backup(copy)

        return put_back

    return make


def taken(master: MasterFixture) -> list[str]:
    return sorted(master.simulator.control.taken())


def imported(master: MasterFixture, numbers: list[str]) -> bool:
    return master.statuses(numbers) == ["imported"] * len(numbers)


def problem(worker: WorkerProcess) -> str:
    return str(worker.status()["problem"] or "")


def hand_overs(master: MasterFixture) -> int:
    return int(master.world.rows(models.Mastership)[0].hand_overs)


def freeze(worker: WorkerProcess, master: MasterFixture) -> None:
    """SIGSTOP it at a moment when it holds no lock on the database, which would block all others."""

    def without_a_lock() -> bool:
        worker.signal(signal.SIGSTOP)
        until(worker.is_stopped)
        try:
            with closing(sqlite3.connect(str(master.world.database.engine.url.database), timeout=0.1)) as connection:
                connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            worker.signal(signal.SIGCONT)
            return False
        return True

    until(without_a_lock, timeout=30)


def test_a_restored_database_dials_nobody_again_and_says_what_was_found(
    workers: WorkerProcesses, observer: MasterFixture, make_backup: Callable[[], PutBack]
) -> None:
    due = observer.add(5)
    put_back = make_backup()
    first = workers.start("one")
    until(lambda: imported(observer, due), timeout=30)
    assert first.stop() == 0
    put_back()
    assert observer.statuses(due) == ["scheduled"] * 5

    second = workers.start("two")
    until(lambda: "nothing is sent while UCCE's lists are read" in problem(second), timeout=30)
    assert second.status()["brakes"]["handOver"] is False
    until(lambda: imported(observer, due), timeout=30)
    until(lambda: "release the hand-over brake" in problem(second))
    assert taken(observer) == sorted(f"{number}-01" for number in due)
    assert observer.simulator.control.duplicates() == []
    assert observer.events(due[0]) == [("scheduled", "importing"), ("importing", "imported")]
    (attempt,) = observer.attempts(due[0])
    # The backup is older than the campaign in UCCE, which is ours by the contacts that were found there.
    found_again = until(lambda: observer.campaign().ucce_id)
    assert (attempt.contact_key, attempt.ucce_campaign_id) == (f"{due[0]}-01", found_again)
    audit = [row for row in observer.world.rows(models.AuditLog) if row.action != "ops_called"]
    assert [(row.action, row.resource_id, row.who) for row in audit] == [
        ("brake", "hand_over", "worker:two"), ("read_back", "hand_over", "worker:two"),
    ]  # fmt: skip
    assert "lost its last transactions (1 hand-overs of" in audit[0].after["reason"]
    assert (audit[1].after["open_callbacks"], audit[1].after["found_in_ucce"]) == (5, 5)
    assert observer.world.rows(models.Setting, name="hand_over")[0].changed_by == "worker:two"

    more = observer.add(1)
    second.ask("/ops/dispatch-now", "POST")
    before = second.status()["lastCycle"]["at"]
    until(lambda: second.status()["lastCycle"]["at"] > before)
    assert observer.statuses(more) == ["scheduled"]  # a person releases the brake
    assert second.ask("/ops/brakes", "POST", json={"handOver": True}).status_code == 200
    until(lambda: imported(observer, more), timeout=30)
    until(lambda: problem(second) == "", timeout=30)
    assert observer.simulator.control.duplicates() == []


def test_what_was_moved_and_dialled_after_the_backup_is_not_dialled_again_when_it_is_due_by_the_backup(
    workers: WorkerProcesses, observer: MasterFixture, make_backup: Callable[[], PutBack]
) -> None:
    (number,) = observer.add(1, due=observer.clock.now + timedelta(days=1))
    put_back = make_backup()
    with observer.world.database.writing() as tx:
        tx.execute(update(models.Callback).values(due_at=observer.clock.now, slot_start=observer.clock.now))
        tx.commit()
    first = workers.start("one")
    until(lambda: imported(observer, [number]), timeout=30)
    assert first.stop() == 0
    put_back()
    workers.start("two")
    until(lambda: imported(observer, [number]), timeout=30)
    assert taken(observer) == [f"{number}-01"]


def test_a_failover_to_a_lagging_replica_under_a_master_is_noticed_before_it_claims(
    workers: WorkerProcesses, observer: MasterFixture, make_backup: Callable[[], PutBack]
) -> None:
    worker = workers.start("one", CM_SYNC_INTERVAL="600")
    until(lambda: worker.status()["lastCycle"], timeout=30)
    due = observer.add(5)
    put_back = make_backup()
    worker.ask("/ops/dispatch-now", "POST")
    until(lambda: imported(observer, due), timeout=30)
    put_back()
    more = observer.add(1)
    worker.ask("/ops/dispatch-now", "POST")
    until(lambda: "nothing is sent" in problem(worker))
    # A person who releases the brake too early changes nothing: UCCE's lists were not read to the end yet.
    assert worker.ask("/ops/brakes", "POST", json={"handOver": True}).status_code == 200
    until(lambda: "nothing is sent" in worker.status()["lastCycle"]["sentence"])
    assert observer.statuses(more) == ["scheduled"]
    until(lambda: imported(observer, due), timeout=30)
    until(lambda: problem(worker) == "", timeout=30)
    worker.ask("/ops/dispatch-now", "POST")
    until(lambda: imported(observer, more))
    assert observer.simulator.control.duplicates() == []
    assert taken(observer) == sorted(f"{number}-01" for number in [*due, *more])


def test_a_deposed_master_that_wakes_after_the_restore_does_not_hide_it(
    workers: WorkerProcesses,
    observer: MasterFixture,
    make_backup: Callable[[], PutBack],
    zookeeper_proxy: Proxy,
    tmp_path: Path,
) -> None:
    stood_still = tmp_path / "stood-still"
    stood_still.write_text("0")
    deposed = workers.start(
        "one",
        CM_ZOOKEEPER_HOSTS=f"127.0.0.1:{zookeeper_proxy.port}",
        CM_TEST_STOP_AT="recorded",
        CM_TEST_STEADY_CLOCK=str(stood_still),
        CM_BATCH_SIZE="1",
    )
    until(deposed.is_master, timeout=30)
    due = observer.add(2)
    until(deposed.is_stopped, timeout=15, every=0.002)
    began = time.monotonic()
    zookeeper_proxy.hold()
    put_back = make_backup()  # with the epoch of the one that stands still, which may claim once more by it
    successor = workers.start("two", CM_BATCH_SIZE="1")
    until(lambda: imported(observer, due), timeout=30)
    freeze(successor, observer)
    put_back()
    stood_still.write_text(str(time.monotonic() - began))
    deposed.signal(signal.SIGCONT)
    until(lambda: deposed.status()["lastCycle"]["sentence"].startswith(("broke off", "stood down")), timeout=30)
    deposed.signal(signal.SIGKILL)
    successor.signal(signal.SIGCONT)
    until(lambda: "release the hand-over brake" in problem(successor), timeout=30)
    assert imported(observer, due)
    assert observer.simulator.control.duplicates() == []


@pytest.mark.parametrize(
    ("purged", "outcome", "result", "message"),
    [
        (False, "busy", 9, None),
        (True, "result_lost", None, "its result was lost with the database's last transactions"),
    ],
    ids=["listed", "purged"],
)
def test_a_second_attempt_that_was_forgotten_is_taken_up_and_the_first_one_ends_as_ucce_lists_it(
    workers: WorkerProcesses, observer: MasterFixture, make_backup: Callable[[], PutBack], purged: bool, outcome: str,
    result: int | None, message: str | None,
) -> None:  # fmt: skip
    observer.configure_campaign(max_attempts=2, retry_delays={"busy": 0})
    worker = workers.start("one")
    until(lambda: worker.status()["lastCycle"], timeout=30)
    (number,) = observer.add(1)
    until(lambda: imported(observer, [number]), timeout=30)
    put_back = make_backup()
    control = observer.simulator.control
    control.dialer(paused=False, mix={"9": 1}, dialSeconds=0.1, pickupSeconds=0.1)
    until(lambda: f"{number}-02" in taken(observer), timeout=30)
    control.dialer(paused=True)
    assert worker.stop() == 0
    put_back()
    if purged:
        control.purge(f"{number}-01")
    assert (observer.callback(number).status, observer.callback(number).attempts) == ("imported", 1)

    second = workers.start("two")
    until(lambda: observer.callback(number).attempts == 2, timeout=30)
    until(lambda: "release" in problem(second), timeout=30)
    first, last = observer.attempts(number)
    assert (first.outcome, first.call_result, first.message) == (outcome, result, message)
    assert first.finished_at is not None
    assert (last.contact_key, last.finished_at) == (f"{number}-02", None)
    assert observer.events(number)[-3:] == [
        ("imported", "scheduled"), ("scheduled", "importing"), ("importing", "imported"),
    ]  # fmt: skip
    assert control.duplicates() == []


def test_both_attempts_that_were_forgotten_are_taken_up_the_first_with_its_result(
    workers: WorkerProcesses, observer: MasterFixture, make_backup: Callable[[], PutBack]
) -> None:
    observer.configure_campaign(max_attempts=2, retry_delays={"no_answer": 0})
    (number,) = observer.add(1)
    put_back = make_backup()
    control = observer.simulator.control
    control.dialer(paused=False, mix={"8": 1}, dialSeconds=0.1, pickupSeconds=0.1)
    worker = workers.start("one")
    until(lambda: f"{number}-02" in taken(observer), timeout=30)
    control.dialer(paused=True)
    assert worker.stop() == 0
    put_back()
    assert observer.callback(number).status == "scheduled"

    second = workers.start("two")
    until(lambda: "release" in problem(second), timeout=30)
    first, last = observer.attempts(number)
    assert (first.outcome, first.call_result) == ("no_answer", 8)
    assert None not in (first.listed_at, first.finished_at, last.listed_at)
    assert (observer.callback(number).attempts, control.duplicates()) == (2, [])


def test_a_zookeeper_set_up_anew_takes_the_databases_count(
    workers: WorkerProcesses, observer: MasterFixture, zookeeper_server: Server
) -> None:
    worker = workers.start("one")
    due = observer.add(1)
    until(lambda: imported(observer, due), timeout=30)
    assert worker.stop() == 0
    counted = hand_overs(observer)
    anew = f"/anew-{workers.root}"
    second = workers.start("two", CM_ZOOKEEPER_ROOT=anew)
    until(lambda: second.status()["lastCycle"], timeout=30)
    assert (problem(second), second.status()["brakes"]["handOver"]) == ("", True)
    client = KazooClient(zookeeper_server.address)
    client.start()
    try:
        assert client.get(f"{anew}/hand_overs")[0] == str(counted).encode()
        more = observer.add(1)
        until(lambda: imported(observer, more), timeout=30)
        assert client.get(f"{anew}/hand_overs")[0] == str(counted + 1).encode()
    finally:
        client.stop()
        client.close()
    assert hand_overs(observer) == counted + 1
