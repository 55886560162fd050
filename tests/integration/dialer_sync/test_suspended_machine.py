"""A machine that is suspended together with its clocks: when it goes on its lease looks valid, and is not."""

import signal
import time
from pathlib import Path

from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.worker_processes import WorkerProcesses
from tests.support.proxy import Proxy
from tests.support.until import until


def test_a_master_suspended_after_its_claim_sends_nothing_that_its_successor_has_sent(
    workers: WorkerProcesses, observer: MasterFixture, zookeeper_proxy: Proxy, tmp_path: Path
) -> None:
    stood_still = tmp_path / "stood-still"
    stood_still.write_text("0")
    first = workers.start(
        "one",
        CM_ZOOKEEPER_HOSTS=f"127.0.0.1:{zookeeper_proxy.port}",
        CM_TEST_STOP_AT="claimed",
        CM_TEST_STEADY_CLOCK=str(stood_still),
    )
    until(first.is_master, timeout=15)
    second = workers.start("two")
    until(lambda: second.ask("/health/ready").status_code == 200, timeout=15)
    due = observer.add(3)
    until(first.is_stopped, timeout=15, every=0.002)
    began = time.monotonic()
    zookeeper_proxy.hold()  # a suspended machine receives nothing, not even that its session is over
    until(lambda: observer.statuses(due) == ["imported"] * 3, timeout=30)
    sent = len(observer.posts())
    stood_still.write_text(str(time.monotonic() - began))
    first.signal(signal.SIGCONT)
    # Its confirmation gets no answer; by the database's epoch what it claimed belongs to its successor.
    until(lambda: first.status()["lastCycle"]["sentence"].startswith("stood down"), timeout=20)
    zookeeper_proxy.let_go()
    until(lambda: not first.is_master() and first.ask("/health/ready").status_code == 200, timeout=20)
    assert observer.simulator.control.duplicates() == []
    assert len(observer.posts()) == sent
    assert sorted(observer.simulator.control.taken()) == sorted(f"{number}-01" for number in due)
