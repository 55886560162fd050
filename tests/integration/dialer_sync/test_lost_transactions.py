"""A database that lost its last transactions: what UCCE has is read back, and nothing is dialled again."""

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
from tests.integration.dialer_sync.master_fixture import Desk
from tests.integration.dialer_sync.worker_processes import Crew, WorkerProcess
from tests.servers.sources import Server
from tests.support.databases import sqlite_only
from tests.support.proxy import Proxy
from tests.support.until import until

pytestmark = sqlite_only  # the tests put a file back

PutBack = Callable[[], None]


@pytest.fixture
def keep(database_url: str, tmp_path: Path) -> Callable[[], PutBack]:
    """keep() makes a backup; what it gives puts the database back to it, also under those who have it open."""

    def make() -> PutBack:
        live, kept = database_url.removeprefix("sqlite:///"), tmp_path / "kept.db"
        with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(kept)) as copy:
            source.backup(copy)

        def put_back() -> None:
            with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(live, timeout=30)) as copy:
                source.backup(copy)

        return put_back

    return make


def taken(desk: Desk) -> list[str]:
    return sorted(desk.simulator.control.taken())


def imported(desk: Desk, numbers: list[str]) -> bool:
    return desk.statuses(numbers) == ["imported"] * len(numbers)


def problem(worker: WorkerProcess) -> str:
    return str(worker.status()["problem"] or "")


def hand_overs(desk: Desk) -> int:
    return int(desk.world.rows(models.Mastership)[0].hand_overs)


def freeze(worker: WorkerProcess, desk: Desk) -> None:
    """Stop it at a moment when it holds no lock on the database, which would keep everybody else out."""

    def without_a_lock() -> bool:
        worker.signal(signal.SIGSTOP)
        until(worker.is_stopped)
        try:
            with closing(sqlite3.connect(str(desk.world.database.engine.url.database), timeout=0.1)) as connection:
                connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            worker.signal(signal.SIGCONT)
            return False
        return True

    until(without_a_lock, timeout=30)


def test_a_restored_database_dials_nobody_again_and_says_what_was_found(
    crew: Crew, live_desk: Desk, keep: Callable[[], PutBack]
) -> None:
    due = live_desk.add(5)
    put_back = keep()
    first = crew.start("one")
    until(lambda: imported(live_desk, due), timeout=30)
    assert first.stop() == 0
    put_back()
    assert live_desk.statuses(due) == ["scheduled"] * 5

    second = crew.start("two")
    until(lambda: "nothing is sent while UCCE's lists are read" in problem(second), timeout=30)
    assert second.status()["brakes"]["handOver"] is False
    until(lambda: imported(live_desk, due), timeout=30)
    until(lambda: "release the hand-over brake" in problem(second))
    assert taken(live_desk) == sorted(f"{number}-01" for number in due)
    assert live_desk.simulator.control.duplicates() == []
    assert live_desk.events(due[0]) == [("scheduled", "importing"), ("importing", "imported")]
    (attempt,) = live_desk.attempts(due[0])
    # The backup is older than the campaign in UCCE, which is ours by the contacts that were found there.
    found_again = until(lambda: live_desk.campaign().ucce_id)
    assert (attempt.contact_key, attempt.ucce_campaign_id) == (f"{due[0]}-01", found_again)
    audit = live_desk.world.rows(models.AuditLog)
    assert [(row.action, row.resource_id, row.who) for row in audit] == [
        ("brake", "hand_over", "worker:two"), ("read_back", "hand_over", "worker:two"),
    ]  # fmt: skip
    assert "lost its last transactions (1 hand-overs of" in audit[0].after["reason"]
    assert (audit[1].after["open_callbacks"], audit[1].after["found_in_ucce"]) == (5, 5)
    assert live_desk.world.rows(models.Setting, name="hand_over")[0].changed_by == "worker:two"

    more = live_desk.add(1)
    second.ask("/ops/dispatch-now", "POST")
    before = second.status()["lastCycle"]["at"]
    until(lambda: second.status()["lastCycle"]["at"] > before)
    assert live_desk.statuses(more) == ["scheduled"]  # a person releases the brake
    assert second.ask("/ops/brakes", "POST", json={"handOver": True}).status_code == 200
    until(lambda: imported(live_desk, more), timeout=30)
    until(lambda: problem(second) == "", timeout=30)
    assert live_desk.simulator.control.duplicates() == []


def test_what_was_moved_and_dialled_after_the_backup_is_not_dialled_again_when_it_is_due_by_the_backup(
    crew: Crew, live_desk: Desk, keep: Callable[[], PutBack]
) -> None:
    (number,) = live_desk.add(1, due=live_desk.clock.now + timedelta(days=1))
    put_back = keep()
    with live_desk.world.database.writing() as tx:
        tx.execute(update(models.Callback).values(due_at=live_desk.clock.now, slot_start=live_desk.clock.now))
        tx.commit()
    first = crew.start("one")
    until(lambda: imported(live_desk, [number]), timeout=30)
    assert first.stop() == 0
    put_back()
    crew.start("two")
    until(lambda: imported(live_desk, [number]), timeout=30)
    assert taken(live_desk) == [f"{number}-01"]


def test_a_failover_to_a_lagging_replica_under_a_master_is_noticed_before_it_claims(
    crew: Crew, live_desk: Desk, keep: Callable[[], PutBack]
) -> None:
    worker = crew.start("one", CM_SYNC_INTERVAL="600")
    until(lambda: worker.status()["lastCycle"], timeout=30)
    due = live_desk.add(5)
    put_back = keep()
    worker.ask("/ops/dispatch-now", "POST")
    until(lambda: imported(live_desk, due), timeout=30)
    put_back()
    more = live_desk.add(1)
    worker.ask("/ops/dispatch-now", "POST")
    until(lambda: "nothing is sent" in problem(worker))
    # A person who releases the brake too early changes nothing: UCCE's lists were not read to the end yet.
    assert worker.ask("/ops/brakes", "POST", json={"handOver": True}).status_code == 200
    until(lambda: "nothing is sent" in worker.status()["lastCycle"]["sentence"])
    assert live_desk.statuses(more) == ["scheduled"]
    until(lambda: imported(live_desk, due), timeout=30)
    until(lambda: problem(worker) == "", timeout=30)
    worker.ask("/ops/dispatch-now", "POST")
    until(lambda: imported(live_desk, more))
    assert live_desk.simulator.control.duplicates() == []
    assert taken(live_desk) == sorted(f"{number}-01" for number in [*due, *more])


def test_a_deposed_master_that_wakes_after_the_restore_does_not_hide_it(
    crew: Crew, live_desk: Desk, keep: Callable[[], PutBack], cable: Proxy, tmp_path: Path
) -> None:
    stood_still = tmp_path / "stood-still"
    stood_still.write_text("0")
    deposed = crew.start(
        "one",
        CM_ZOOKEEPER_HOSTS=f"127.0.0.1:{cable.port}",
        CM_TEST_STOP_AT="recorded",
        CM_TEST_STEADY_CLOCK=str(stood_still),
        CM_BATCH_SIZE="1",
    )
    until(deposed.is_master, timeout=30)
    due = live_desk.add(2)
    until(deposed.is_stopped, timeout=15, every=0.002)
    began = time.monotonic()
    cable.hold()
    put_back = keep()  # with the epoch of the one that stands still, which may claim once more by it
    successor = crew.start("two", CM_BATCH_SIZE="1")
    until(lambda: imported(live_desk, due), timeout=30)
    freeze(successor, live_desk)
    put_back()
    stood_still.write_text(str(time.monotonic() - began))
    deposed.signal(signal.SIGCONT)
    until(lambda: deposed.status()["lastCycle"]["sentence"].startswith(("broke off", "stood down")), timeout=30)
    deposed.signal(signal.SIGKILL)
    successor.signal(signal.SIGCONT)
    until(lambda: "release the hand-over brake" in problem(successor), timeout=30)
    assert imported(live_desk, due)
    assert live_desk.simulator.control.duplicates() == []


@pytest.mark.parametrize(
    ("purged", "outcome", "result", "message"),
    [
        (False, "busy", 9, None),
        (True, "result_lost", None, "its result was lost with the database's last transactions"),
    ],
    ids=["listed", "purged"],
)
def test_a_second_attempt_that_was_forgotten_is_taken_up_and_the_first_one_ends_as_ucce_lists_it(
    crew: Crew, live_desk: Desk, keep: Callable[[], PutBack], purged: bool, outcome: str, result: int | None,
    message: str | None,
) -> None:  # fmt: skip
    live_desk.configure_campaign(max_attempts=2, retry_delays={"busy": 0})
    worker = crew.start("one")
    until(lambda: worker.status()["lastCycle"], timeout=30)
    (number,) = live_desk.add(1)
    until(lambda: imported(live_desk, [number]), timeout=30)
    put_back = keep()
    control = live_desk.simulator.control
    control.dialer(paused=False, mix={"9": 1}, dialSeconds=0.1, pickupSeconds=0.1)
    until(lambda: f"{number}-02" in taken(live_desk), timeout=30)
    control.dialer(paused=True)
    assert worker.stop() == 0
    put_back()
    if purged:
        control.purge(f"{number}-01")
    assert (live_desk.callback(number).status, live_desk.callback(number).attempts) == ("imported", 1)

    second = crew.start("two")
    until(lambda: live_desk.callback(number).attempts == 2, timeout=30)
    until(lambda: "release" in problem(second), timeout=30)
    first, last = live_desk.attempts(number)
    assert (first.outcome, first.call_result, first.message) == (outcome, result, message)
    assert first.finished_at is not None
    assert (last.contact_key, last.finished_at) == (f"{number}-02", None)
    assert live_desk.events(number)[-3:] == [
        ("imported", "scheduled"), ("scheduled", "importing"), ("importing", "imported"),
    ]  # fmt: skip
    assert control.duplicates() == []


def test_both_attempts_that_were_forgotten_are_taken_up_the_first_with_its_result(
    crew: Crew, live_desk: Desk, keep: Callable[[], PutBack]
) -> None:
    live_desk.configure_campaign(max_attempts=2, retry_delays={"no_answer": 0})
    (number,) = live_desk.add(1)
    put_back = keep()
    control = live_desk.simulator.control
    control.dialer(paused=False, mix={"8": 1}, dialSeconds=0.1, pickupSeconds=0.1)
    worker = crew.start("one")
    until(lambda: f"{number}-02" in taken(live_desk), timeout=30)
    control.dialer(paused=True)
    assert worker.stop() == 0
    put_back()
    assert live_desk.callback(number).status == "scheduled"

    second = crew.start("two")
    until(lambda: "release" in problem(second), timeout=30)
    first, last = live_desk.attempts(number)
    assert (first.outcome, first.call_result) == ("no_answer", 8)
    assert None not in (first.listed_at, first.finished_at, last.listed_at)
    assert (live_desk.callback(number).attempts, control.duplicates()) == (2, [])


def test_a_zookeeper_set_up_anew_takes_the_databases_count(
    crew: Crew, live_desk: Desk, zookeeper_server: Server
) -> None:
    worker = crew.start("one")
    due = live_desk.add(1)
    until(lambda: imported(live_desk, due), timeout=30)
    assert worker.stop() == 0
    counted = hand_overs(live_desk)
    anew = f"/anew-{crew.root}"
    second = crew.start("two", CM_ZOOKEEPER_ROOT=anew)
    until(lambda: second.status()["lastCycle"], timeout=30)
    assert (problem(second), second.status()["brakes"]["handOver"]) == ("", True)
    client = KazooClient(zookeeper_server.address)
    client.start()
    try:
        assert client.get(f"{anew}/hand_overs")[0] == str(counted).encode()
        more = live_desk.add(1)
        until(lambda: imported(live_desk, more), timeout=30)
        assert client.get(f"{anew}/hand_overs")[0] == str(counted + 1).encode()
    finally:
        client.stop()
        client.close()
    assert hand_overs(live_desk) == counted + 1
