"""The login at UCCE: credentials of any script are sent, and a refused one is not tried again and again."""

import dataclasses
import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.ucce import campaigns
from services.dialer_sync.ucce.client import UcceClient
from services.dialer_sync.ucce.connection.login_pause import FACTORS
from services.dialer_sync.ucce.contacts import import_batch
from services.dialer_sync.ucce.errors import NotFound, NothingTaken, UcceError
from tests.integration.dialer_sync.conftest import settings_for
from tests.integration.dialer_sync.master_fixture import Clock, MasterFixture
from tests.integration.dialer_sync.samples import batch
from tests.integration.dialer_sync.worker_processes import WorkerProcesses
from tests.support.until import until


def test_user_and_password_may_be_of_any_script(tmp_path: Path) -> None:
    simulator = UcceSimulator(tmp_path)
    simulator.user, simulator.password = "cäll@ucce.example", "pä$$ € пароль 密码"
    with simulator, pytest.raises(NotFound):
        campaigns.get(UcceClient(settings_for(simulator)), 999_999)


def refused_logins(ucce_simulator: UcceSimulator) -> int:
    return sum(request["status"] == 401 for request in ucce_simulator.control.received(limit=10_000))


def test_a_refused_login_pauses_all_calls_of_all_campaigns_and_steps(
    workers: WorkerProcesses, observer: MasterFixture
) -> None:
    for number in range(3):
        observer.world.another_campaign(f"Further_{number}")
    due = observer.add(3)
    worker = workers.start("one", CM_UCCE_PASSWORD="expired")
    until(lambda: worker.status()["lastCycle"] and worker.status()["ucce"]["reachable"] is False, timeout=15)
    cycles: set[str] = set()

    def many_cycles_ended() -> bool:
        cycles.add(worker.status()["lastCycle"]["at"])
        return len(cycles) > 12

    until(many_cycles_ended, timeout=20)
    assert refused_logins(observer.simulator) == 1
    status = worker.status()
    assert "401" in status["ucce"]["lastError"]["message"]
    assert "refuses the login: no call before" in status["lastCycle"]["sentence"]
    first_until = datetime.fromisoformat(status["ucce"]["pausedUntil"])
    assert first_until > datetime.now(UTC)
    assert observer.statuses(due) == ["scheduled"] * 3
    worker.ask("/ops/dispatch-now", "POST")  # a person wants it tried
    until(lambda: refused_logins(observer.simulator) == 2)
    until(lambda: datetime.fromisoformat(worker.status()["ucce"]["pausedUntil"]) > first_until)


def test_the_pauses_keep_an_account_from_being_locked_and_end_with_a_good_login(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    clock = Clock()
    paused = UcceClient(
        dataclasses.replace(settings_for(ucce_simulator), password="wrong"), clock=clock.monotonic, now=clock
    )
    before, tries = refused_logins(ucce_simulator), list[float]()
    while clock.steady < 1000 + 4 * 3600:
        with pytest.raises(UcceError) as caught:
            campaigns.get(paused, campaign)
        assert caught.value.status == 401
        if refused_logins(ucce_simulator) - before > len(tries):
            tries.append(clock.steady)
        clock.advance(60)
    pauses = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert pauses[:4] == [120.0 * factor for factor in FACTORS]
    assert all(sum(at <= other < at + 1800 for other in tries) <= 3 for at in tries)
    with pytest.raises(NothingTaken, match="all calls pause until"):
        import_batch(paused, campaign, batch(1))
    paused._session.auth = (ucce_simulator.user, ucce_simulator.password)
    paused.login.end()
    campaigns.get(paused, campaign)
    assert paused.login.until is None
    import_batch(paused, campaign, batch(1))
