"""Erasing a person whose callback is in UCCE: it is still followed, never sent again, and erased when it is closed."""

from collections.abc import Callable

from shared.callbacks.erasure import begin, go_on
from shared.callbacks.personal_data import REMOVED
from shared.db import models
from shared.db.audit import Author
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.steps_by_hand import claim_only
from tests.integration.dialer_sync.test_call_results import dial
from tests.integration.dialer_sync.test_transitions_meanwhile import together

BY = Author("user:anna")


def erase(master: MasterFixture, number: str) -> int:
    """Erase as an administrator's request does."""
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
    """The import's answer was lost: the erasure goes on only when UCCE's list shows that it took nothing."""
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


def test_what_is_marked_is_claimed_by_nobody(master: MasterFixture) -> None:
    marked, other = master.add(2)
    begin(master.world.database, master.callback(marked).phone, None, by=BY, now=master.clock.now)
    assert claim_only(master) == [other]


def test_an_erasure_and_a_claim_at_once_leave_no_callback_without_its_data_at_ucce(master: MasterFixture) -> None:
    """In either order: a claimed callback keeps its data until it is closed, an erased one is not claimed."""
    claimed: list[str] = []
    numbers: list[str] = []
    for _ in range(8):
        some = master.add_with_places(6)
        numbers += some
        answers = together([lambda: claim_only(master), *(erasing(master, number) for number in some)])
        claimed += answers[0]
    assert set(claimed) <= set(numbers)
    for number in numbers:
        row = master.callback(number)
        expected = ("importing", "Ivan") if number in claimed else ("cancelled", None)
        assert (row.status, row.first_name, row.phone == REMOVED) == (*expected, number not in claimed)
        assert len(master.attempts(number)) == (number in claimed)
    unfinished = [row for row in master.world.rows(models.Erasure) if row.finished_at is None]
    assert len(unfinished) == len(claimed)
    assert master.world.drift() == []


def erasing(master: MasterFixture, number: str) -> Callable[[], int]:
    return lambda: erase(master, number)
