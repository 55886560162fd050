"""Two Admin Workstations with the same data: the second is called while the first does not answer, never both."""

import dataclasses

import pytest

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.ucce.client import BASE, UcceClient
from services.dialer_sync.ucce.connection.workstations import Workstations
from services.dialer_sync.ucce.contacts import import_batch
from services.dialer_sync.ucce.errors import NothingTaken
from tests.integration.dialer_sync.conftest import settings_for
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.samples import batch, key
from tests.integration.dialer_sync.worker_processes import WorkerProcesses
from tests.support.until import until


def both(ucce_simulator: UcceSimulator) -> str:
    return f"{ucce_simulator.url},{ucce_simulator.second_url}"


def test_the_second_takes_over_when_the_first_does_not_answer(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    ucce_simulator = observer.simulator
    worker = workers.start("one", CM_UCCE_URLS=both(ucce_simulator))
    until(lambda: worker.status()["lastCycle"], timeout=15)
    assert worker.status()["ucce"]["address"] == ucce_simulator.url
    ucce_simulator.control.down(1)
    due = observer.add(3)
    until(lambda: observer.statuses(due) == ["imported"] * 3, timeout=30)
    assert worker.status()["ucce"]["address"] == ucce_simulator.second_url
    assert worker.status()["ucce"]["reachable"] is True
    assert {request["workstation"] for request in observer.posts()} == {2}
    assert len([line for line in worker.lines() if line["event"] == "ucce_failover"]) == 1
    assert ucce_simulator.control.duplicates() == []


def test_what_the_first_executes_after_the_failover_is_not_sent_again(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    ucce_simulator = observer.simulator
    worker = workers.start("one", CM_UCCE_URLS=both(ucce_simulator), CM_UCCE_SETTLE_GRACE="6")
    until(lambda: worker.status()["lastCycle"], timeout=15)
    ucce_simulator.control.next_answer(method="POST", kind="import", workstation=1, delayBefore=4)
    due = observer.add(2)
    until(observer.posts)
    ucce_simulator.control.down(1)
    until(lambda: worker.status()["ucce"]["address"] == ucce_simulator.second_url, timeout=15)
    until(lambda: observer.statuses(due) == ["imported"] * 2, timeout=30)
    assert len(ucce_simulator.control.taken()) == 2
    assert ucce_simulator.control.duplicates() == []


def test_it_goes_back_calmly_and_waits_for_a_whole_grace_anew(master: MasterFixture) -> None:
    ucce_simulator, client = master.simulator, master.context.client
    client.workstations = Workstations([ucce_simulator.url, ucce_simulator.second_url], master.clock.monotonic)
    ucce_simulator.control.down(1)
    for _ in range(2):
        with pytest.raises(NothingTaken):
            client.get("campaign", f"{BASE}/campaign/{master.campaign().ucce_id}", root="campaign")
    assert client.workstations.on_second
    ucce_simulator.control.down()
    master.cycles(130, step=10)
    assert client.workstations.on_second, "two readings are not enough to go back"
    ucce_simulator.control.next_answer(method="POST", kind="import", reset="before")
    (due,) = master.add(1)
    master.cycles(70, step=10)
    assert not client.workstations.on_second
    assert master.callback(due).status == "importing"
    master.cycles(80, step=10)  # 150 s after the import, and 120 s is the grace
    assert master.callback(due).status == "importing"
    master.cycles(60, step=10)
    assert master.callback(due).status == "imported"
    assert [(post["workstation"], post["ending"]) for post in master.posts()] == [(2, "reset"), (1, "answered")]
    assert ucce_simulator.control.taken() == [f"{due}-01"]


def test_one_call_that_is_lost_changes_nothing_and_a_refusal_never_does(
    ucce_simulator: UcceSimulator, campaign: int
) -> None:
    client = UcceClient(dataclasses.replace(settings_for(ucce_simulator), second_url=ucce_simulator.second_url))
    ucce_simulator.control.next_answer(reset="before", times=1)
    for _ in range(2):
        with pytest.raises(NothingTaken, match="cannot be reached"):
            ucce_simulator.control.next_answer(reset="before", times=1)
            client.get("campaign", f"/unifiedconfig/config/campaign/{campaign}", root="campaign")
        ucce_simulator.control.clear_next_answers()
        client.get("campaign", f"/unifiedconfig/config/campaign/{campaign}", root="campaign")
        with pytest.raises(NothingTaken):
            client.get("campaign", "/unifiedconfig/config/campaign/999999", root="campaign")
    assert not client.workstations.on_second


def test_an_import_has_a_time_of_its_own(ucce_simulator: UcceSimulator, campaign: int) -> None:
    asked: list[float] = []
    settings = dataclasses.replace(settings_for(ucce_simulator, timeout=1.0), import_timeout=5.0)
    client = UcceClient(settings, guard=asked.append)
    ucce_simulator.control.next_answer(kind="import", delayAfter=2, times=0)
    import_batch(client, campaign, batch(1))
    assert ucce_simulator.control.taken() == [key(1)]
    assert asked == pytest.approx([5.0, 4.7])
    with pytest.raises(NothingTaken, match="no answer in time"):
        client.get("contacts", f"/unifiedconfig/config/campaign/{campaign}/import", root="results")
