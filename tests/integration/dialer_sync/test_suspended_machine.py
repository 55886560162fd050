"""A machine that is suspended together with its clocks: its lease says nothing when it goes on."""

import signal
import time
from pathlib import Path

from tests.integration.dialer_sync.master_fixture import Desk
from tests.integration.dialer_sync.worker_processes import Crew
from tests.support.proxy import Proxy
from tests.support.until import until


def test_a_master_suspended_after_its_claim_sends_nothing_that_its_successor_has_sent(
    crew: Crew, live_desk: Desk, cable: Proxy, tmp_path: Path
) -> None:
    stood_still = tmp_path / "stood-still"
    stood_still.write_text("0")
    first = crew.start(
        "one",
        CM_ZOOKEEPER_HOSTS=f"127.0.0.1:{cable.port}",
        CM_TEST_STOP_AT="claimed",
        CM_TEST_STEADY_CLOCK=str(stood_still),
    )
    until(first.is_master, timeout=15)
    second = crew.start("two")
    until(lambda: second.ask("/health/ready").status_code == 200, timeout=15)
    due = live_desk.add(3)
    until(first.is_stopped, timeout=15, every=0.002)
    began = time.monotonic()
    cable.hold()  # a suspended machine hears of nothing, neither that its session is over
    until(lambda: live_desk.statuses(due) == ["imported"] * 3, timeout=30)
    sent = len(live_desk.posts())
    stood_still.write_text(str(time.monotonic() - began))
    first.signal(signal.SIGCONT)
    # Its confirmation gets no answer; what it claimed is its successor's, says the database's epoch.
    until(lambda: first.status()["lastCycle"]["sentence"].startswith("stood down"), timeout=20)
    cable.let_go()
    until(lambda: not first.is_master() and first.ask("/health/ready").status_code == 200, timeout=20)
    assert live_desk.simulator.control.duplicates() == []
    assert len(live_desk.posts()) == sent
    assert sorted(live_desk.simulator.control.taken()) == sorted(f"{number}-01" for number in due)
