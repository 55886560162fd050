"""Erasing a person whose callback UCCE has: it is not lost track of, never sent again, and erased when it is closed."""

from shared.callbacks.erasure import begin, go_on
from shared.callbacks.personal_data import REMOVED
from shared.db import models
from shared.db.audit import Author
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.test_call_results import dial

BY = Author("user:anna")


def erase(master: MasterFixture, number: str) -> int:
    """As an administrator's request does."""
    database, now = master.world.database, master.clock.now
    erasure_id = begin(database, master.callback(number).phone, None, by=BY, now=now)
    go_on(database, erasure_id, by=BY, now=now, may_go_on=lambda: True)
    return erasure_id


def finished(master: MasterFixture, erasure_id: int) -> bool:
    return master.world.rows(models.Erasure, id=erasure_id)[0].finished_at is not None


def test_a_callback_at_ucce_is_erased_when_its_result_is_known(master: MasterFixture) -> None:
    (number,) = master.add()
    master.cycle()
    erasure_id = erase(master, number)
    assert "erasure" not in master.cycle()
    assert (master.callback(number).status, master.callback(number).first_name) == ("imported", "Ivan")
    dial(master, [number], {number: 10})
    assert master.cycle() == "got 1 results"
    assert master.cycle() == "finished 1 erasures"
    row = master.callback(number)
    assert (row.status, row.outcome, row.phone, row.first_name) == ("completed", "answered", REMOVED, None)
    assert finished(master, erasure_id)
    assert [(row.who, row.action) for row in master.world.rows(models.AuditLog)] == [
        ("user:anna", "erase"), ("worker:node-a", "erased"),
    ]  # fmt: skip
    assert master.cycle() == "nothing to do"


def test_a_result_that_would_be_tried_again_is_not(master: MasterFixture) -> None:
    master.configure_campaign(max_attempts=3, retry_delays={"busy": 0})
    (number,) = master.add_with_places()
    master.cycle()
    erasure_id = erase(master, number)
    dial(master, [number], {number: 9})
    master.cycles(120)
    row = master.callback(number)
    assert (row.status, row.phone) == ("cancelled", REMOVED)
    assert finished(master, erasure_id)
    assert len(master.posts()) == 1
    assert master.world.drift() == []


def test_what_ucce_may_have_is_settled_first(master: MasterFixture) -> None:
    """The import's answer was lost: UCCE's list says that it has nothing, and only then the erasure goes on."""
    (number,) = master.add_with_places()
    master.simulator.control.next_answer(kind="import", method="POST", status=500)
    master.cycle()
    erasure_id = erase(master, number)
    master.cycles(60)
    assert (master.callback(number).status, master.callback(number).first_name) == ("importing", "Ivan")
    master.cycles(120)
    assert (master.callback(number).status, master.callback(number).phone) == ("cancelled", REMOVED)
    assert finished(master, erasure_id)
    assert len(master.posts()) == 1


def test_a_scheduled_callback_that_was_only_marked_is_never_handed_over(master: MasterFixture) -> None:
    """The request died after its first transaction: the master cancels and erases before it hands over."""
    (number,) = master.add_with_places()
    begin(master.world.database, master.callback(number).phone, None, by=BY, now=master.clock.now)
    assert master.cycle() == "finished 1 erasures"
    assert (master.callback(number).status, master.callback(number).phone) == ("cancelled", REMOVED)
    assert master.posts() == []
