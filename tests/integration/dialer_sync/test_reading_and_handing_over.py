"""Reading UCCE's lists keeps no callback that is due waiting, and takes a bounded part of a cycle."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import update

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync import reading_allowance
from services.dialer_sync.ucce.client import UcceClient
from shared.clock import boottime
from shared.db import models
from shared.db.session import Database
from tests.integration.dialer_sync.conftest import PARAMETERS, settings_for
from tests.integration.dialer_sync.master_fixture import Clock, MasterFixture
from tests.support.configured_database import build_world
from tests.support.until import until

OTHERS = 3000  # contacts that stand before our open ones in UCCE's list
SLOW = 0.5  # seconds for one page


class RealClock(Clock):
    """Real time, from the master's own moment on."""

    def __init__(self) -> None:
        super().__init__()
        self._began = boottime()

    def __call__(self) -> datetime:
        return self.now + timedelta(seconds=boottime() - self._began)

    def monotonic(self) -> float:
        return boottime()


@pytest.fixture
def master(database: Database, ucce_simulator: UcceSimulator) -> Iterator[MasterFixture]:
    made = MasterFixture(build_world(database), ucce_simulator, RealClock())
    made.configure_campaign(parameters=PARAMETERS)
    assert made.cycle() == "1 campaigns in sync"
    made.context.client.close()
    # A page that is slow on a slow machine must not count as a failed call.
    made.context.client = UcceClient(settings_for(ucce_simulator, timeout=20.0))
    yield made
    made.context.client.close()


def old_and_open(master: MasterFixture, count: int) -> list[str]:
    """Callbacks in UCCE, listed behind OTHERS newer contacts that the database does not know."""
    old = master.add(count)
    master.cycle()
    made = master.simulator.control
    rows = [f"01ZZ8Q4T7M2V9K3C5D6E{number:06}-01|||93125550000||" for number in range(OTHERS)]
    header = "AccountNumber|FirstName|LastName|Phone01|TimeZoneBias|DstObserved"
    text = "\n".join([header, *rows])
    body = f"<import><fileContent><![CDATA[\n{text}\n]]></fileContent><delimiter>|</delimiter></import>"
    path = f"/unifiedconfig/config/campaign/{master.campaign().ucce_id}/import"
    master.context.client.post("import", path, body.encode())
    with master.world.database.writing() as tx:  # long enough ago for their results to be asked for
        tx.execute(update(models.Attempt).values(imported_at=master.clock() - timedelta(minutes=5)))
        tx.commit()
    assert made.duplicates() == []
    return old


def test_what_falls_due_while_results_are_read_waits_for_the_page_that_is_under_way_and_no_more(
    master: MasterFixture,
) -> None:
    """With more old open contacts than are searched for one by one, the whole list is read page by page."""
    old_and_open(master, 200)
    control = master.simulator.control
    control.next_answer(kind="import", method="GET", delayBefore=SLOW, times=0)
    cycle = threading.Thread(target=master.cycle)
    cycle.start()
    booked: dict[str, int] = {}
    before = len(control.received(limit=100_000))

    def were_asked_for(pages: int) -> bool:
        return len(control.received(limit=100_000)) >= before + pages

    for pages in (1, 3, 5):
        until(partial(were_asked_for, pages))
        number = master.add(due=master.clock())[0]
        booked[number] = control.received(limit=100_000)[-1]["sequence"]
    cycle.join(60)
    imports = control.received(kind="import", limit=100_000)
    for number, fell_due in booked.items():
        (sent,) = (one for one in imports if f"{number}-01" in one["accountNumbers"])
        pages_between = [one for one in imports if fell_due < one["sequence"] < sent["sequence"]]
        assert len(pages_between) <= 1, (number, pages_between)


def test_seven_old_open_contacts_behind_three_thousand_cost_a_cycle_a_few_pages(master: MasterFixture) -> None:
    old = old_and_open(master, 7)
    control = master.simulator.control
    control.next_answer(kind="import", method="GET", delayBefore=SLOW, times=0)
    before = len(control.received(limit=100_000))
    began = boottime()
    master.cycle()
    assert len(control.received(limit=100_000)) - before <= 6
    assert boottime() - began < 6 * SLOW + 2
    master.cycle()
    assert [master.attempts(one)[0].listed_at is not None for one in old] == [True] * 7


def test_a_cycle_reads_slow_pages_for_some_seconds_and_goes_on_in_the_next(master: MasterFixture) -> None:
    old = old_and_open(master, 200)
    control = master.simulator.control
    control.next_answer(kind="import", method="GET", delayBefore=SLOW, times=0)
    began = boottime()
    master.cycle()
    assert boottime() - began < 5 + 2 * SLOW + 2
    control.clear_next_answers()
    for _ in range(3):
        master.cycle()
    assert all(master.attempts(one)[0].listed_at is not None for one in old)


def test_campaigns_take_turns_in_being_read(master: MasterFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cycle may read one page only; each campaign gets its turn in one of the following cycles."""
    monkeypatch.setattr(reading_allowance, "MAX_PAGES", 1)
    ids = [master.world.campaign_id]
    for number, name in enumerate(["North", "South"]):
        ids.append(master.world.another_campaign(name, ucce_id=None, sync_state="pending"))
        skill = master.world.add(
            models.Skill, name=f"Skill of {name}", ucce_skill_group_id=5010 + number, accepts_bookings=True, version=1,
            changed_at=master.clock(),
        )  # fmt: skip
        master.world.configure(models.CampaignSkill, {"skill_id": skill}, campaign_id=ids[-1])
    assert master.cycle() == "2 campaigns in sync"
    due = [master.add(campaign_id=one)[0] for one in ids]
    assert master.cycle() == "handed over 3"
    assert master.statuses(due) == ["imported"] * 3
    with master.world.database.writing() as tx:
        tx.execute(update(models.Attempt).values(imported_at=master.clock() - timedelta(minutes=5)))
        tx.commit()
    listed = []
    for _ in ids:
        master.cycle()
        listed.append(sum(master.attempts(one)[0].listed_at is not None for one in due))
    assert listed == [1, 2, 3]
