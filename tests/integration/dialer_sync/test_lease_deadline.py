"""A master's database work ends with its lease, and a slow database is reported in the status."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from services.dialer_sync.node import heartbeat
from shared.clock import utcnow
from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.worker_processes import SESSION, WorkerProcess, WorkerProcesses
from tests.support.databases import ON_SERVER
from tests.support.proxy import Proxy, proxy_to
from tests.support.statements import meanwhile
from tests.support.until import until

LEASE = SESSION * 2 / 3
IN_FLIGHT = 1.0  # seconds after a lease's end in which requests sent before it may still arrive


def test_a_master_frozen_in_its_claim_until_its_lease_is_over_claims_nothing(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    worker = workers.start("one", CM_TEST_STOP_AT="claiming")
    first = until(lambda: worker.status()["epoch"], timeout=15)
    (due,) = observer.add(1)
    until(worker.is_stopped, timeout=15, every=0.01)
    stopped_at = time.monotonic()
    until(lambda: time.monotonic() - stopped_at > LEASE + 0.2, timeout=10)
    worker.signal(signal.SIGCONT)

    until(lambda: observer.statuses([due]) == ["imported"], timeout=30)
    (attempt,) = observer.attempts(due)
    assert attempt.epoch > first
    whys = [row.why for row in observer.world.rows(models.CallbackEvent, account_number=due)]
    assert not any(f"epoch {first}" in why for why in whys), whys
    assert observer.simulator.control.duplicates() == []


def test_a_step_with_more_to_write_than_fits_into_a_lease_leaves_the_rest_to_the_next_cycle(
    master: MasterFixture,
) -> None:
    late = master.add(501, due=master.clock.now - timedelta(days=1))
    with meanwhile(
        master.world.database, "UPDATE callback", lambda: master.clock.advance(master.context.settings.timing.lease)
    ):
        assert master.cycle() == "expired 500"
    assert master.context.next_try() == 0.0
    assert master.cycle() == "expired 1"
    assert master.statuses(late[:1]) == ["expired"]


def test_a_master_is_heard_of_in_the_midst_of_a_long_hand_over(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    long_session = {"CM_ZOOKEEPER_SESSION_TIMEOUT": "15", "CM_UCCE_TIMEOUT": "5", "CM_UCCE_SETTLE_GRACE": "6"}
    worker = workers.start("one", CM_BATCH_SIZE="1", **long_session)
    until(lambda: worker.status()["lastCycle"], timeout=30)
    observer.simulator.control.delay(1)
    due = observer.add(14)
    unheard: list[timedelta] = []

    def all_handed_over() -> bool:
        (row,) = observer.world.rows(models.WorkerNode, node="one")
        unheard.append(utcnow() - row.seen_at)
        return observer.statuses(due) == ["imported"] * len(due)

    until(all_handed_over, timeout=90)
    assert max(unheard) < timedelta(seconds=2 * heartbeat.INTERVAL_SECONDS)


@pytest.mark.skipif(not ON_SERVER, reason="needs a server to log in to: CM_TEST_DATABASE_URL")
def test_a_worker_opens_its_connections_before_a_lease_waits_for_them(workers: WorkerProcesses) -> None:
    worker = workers.start("one")
    until(lambda: any(line.get("event") == "database_connections_ready" for line in worker.lines()), timeout=30)


@pytest.fixture
def database_proxy(database_url: str) -> Iterator[Proxy]:
    url = make_url(database_url)
    with proxy_to(str(url.host), url.port or 1433) as proxy:
        yield proxy


@dataclass
class Seen:
    """Workers seen from outside: by the database, UCCE's journal and their own status."""

    workers: tuple[WorkerProcess, WorkerProcess]
    observer: MasterFixture
    due: list[str]
    alive: set[int] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    def look(self) -> None:
        for worker in self.workers:
            self.alive.add(worker.ask("/health/live").status_code)
        self.told.update(str(row.status["problem"]) for row in self.observer.world.rows(models.WorkerNode))

    def done(self) -> tuple[object, ...]:
        """The newest term in the database, the rows that a master wrote, and the imports that UCCE received."""
        (term,) = self.observer.world.rows(models.Mastership)
        written = [(row.status, row.attempts, row.changed_at) for row in self._callbacks()]
        return term.epoch, term.touched_at, term.hand_overs, written, len(self.observer.posts())

    def are_handed_over(self) -> bool:
        return self.observer.statuses(self.due) == ["imported"] * len(self.due)

    def _callbacks(self) -> list[Any]:
        return [self.observer.callback(number) for number in self.due]


@pytest.mark.skipif(not ON_SERVER, reason="needs a server behind a proxy: CM_TEST_DATABASE_URL")
@pytest.mark.timeout(360)
@pytest.mark.parametrize("delay", [0.05, 0.2, 0.4, 1.0])
def test_with_a_slow_database_a_callback_is_handed_over_once_and_nobody_hangs(
    workers: WorkerProcesses,
    observer: MasterFixture,
    database_url: str,
    database_proxy: Proxy,
    zookeeper_proxy: Proxy,
    delay: float,
) -> None:
    slow = make_url(database_url).set(host="127.0.0.1", port=database_proxy.port)
    settings = {"CM_DATABASE_URL": slow.render_as_string(hide_password=False), "CM_ZOOKEEPER_SESSION_TIMEOUT": "15"}
    lease = 10.0
    master = workers.start("one", CM_ZOOKEEPER_HOSTS=f"127.0.0.1:{zookeeper_proxy.port}", **settings)
    until(lambda: master.status()["lastCycle"], timeout=60)
    standby = workers.start("two", **settings)
    until(lambda: standby.ask("/health/ready").status_code == 200, timeout=60)
    seen = Seen((master, standby), observer, observer.add(3))
    database_proxy.slow_down(delay)
    began = time.monotonic()

    def some_time_passed() -> bool:
        seen.look()
        return time.monotonic() - began > 2.5 * lease

    until(some_time_passed, timeout=60, every=0.2)
    handed_over_slowly = seen.are_handed_over()

    # When its lease ends its work in the database ends too, within the time of one statement.
    zookeeper_proxy.go_away()
    began = time.monotonic()
    until(lambda: not master.is_master(), timeout=30)
    assert time.monotonic() - began < lease + 2
    until(lambda: time.monotonic() - began > IN_FLIGHT, timeout=10)
    before = after = seen.done()

    def has_ended() -> bool:
        nonlocal after
        seen.look()
        ended = any(line.get("event") == "term_ended" for line in master.lines())
        after = seen.done()
        return ended or after[0] != before[0]

    until(has_ended, timeout=30, every=0.05)
    assert after[0] != before[0] or after == before, "a worker wrote or sent something after its lease"
    print(f"{delay} s on each answer: handed over meanwhile: {handed_over_slowly}; told: {sorted(seen.told)}")

    database_proxy.slow_down(0)
    until(seen.are_handed_over, timeout=120)
    assert sorted(observer.simulator.control.taken()) == sorted(f"{number}-01" for number in seen.due)
    assert observer.simulator.control.duplicates() == []
    assert seen.alive == {200}
    assert handed_over_slowly or any(said.startswith("the database") for said in seen.told)
