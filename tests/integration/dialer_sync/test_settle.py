"""Contacts with an unknown outcome are not sent again before UCCE's list was read."""

from typing import Any

import pytest

from services.dialer_sync.cycle_context import no_checkpoint
from services.dialer_sync.handover import batch_store
from services.dialer_sync.steps import settle
from shared.errors import Unavailable
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.support.until import until

TAKEN: list[dict[str, Any]] = [
    {"status": 500, "take": True},
    {"reset": "after"},
    {"body": "<html>maintenance<br></html>"},
    {"body": "<ok/>", "cutShort": True},
    {"delayAfter": 1.2},
]
NOT_TAKEN: list[dict[str, Any]] = [{"status": 500}, {"status": 502}, {"reset": "before"}]


@pytest.mark.parametrize("answer", TAKEN)
def test_what_ucce_took_before_its_answer_was_lost_is_imported_and_not_sent_again(
    master: MasterFixture, answer: dict[str, Any]
) -> None:
    due = master.add(3)
    master.simulator.control.next_answer(kind="import", method="POST", **answer)
    master.cycle()
    master.clock.advance(5)
    master.cycle()
    assert master.statuses(due) == ["imported"] * 3
    assert len(master.posts()) == 1
    assert master.simulator.control.duplicates() == []


@pytest.mark.parametrize("answer", NOT_TAKEN)
def test_what_ucce_did_not_take_waits_for_the_grace_time_and_is_sent_again(
    master: MasterFixture, answer: dict[str, Any]
) -> None:
    due = master.add(3)
    master.simulator.control.next_answer(kind="import", method="POST", **answer)
    master.cycle()
    master.cycles(100, step=10)
    assert master.statuses(due) == ["importing"] * 3
    master.cycles(30)
    assert master.statuses(due) == ["scheduled"] * 3
    master.clock.advance(60)
    master.cycle()
    assert master.statuses(due) == ["imported"] * 3
    assert master.attempts(due[0])[0].contact_key == f"{due[0]}-01"
    assert master.simulator.control.duplicates() == []


def test_what_arrives_late_but_within_the_grace_time_is_found_and_never_doubled(master: MasterFixture) -> None:
    due = master.add(2)
    master.simulator.control.next_answer(kind="import", method="POST", delayBefore=2.0)
    master.cycle()  # gives up after its second; UCCE takes the batch a second later
    assert master.statuses(due) == ["importing"] * 2
    until(lambda: len(master.simulator.control.taken()) == 2)
    master.clock.advance(10)
    master.cycle()
    assert master.statuses(due) == ["imported"] * 2
    assert master.simulator.control.duplicates() == []


def test_a_new_master_settles_what_the_old_one_left_behind(master: MasterFixture) -> None:
    master.settings["batch_size"] = 2
    master.renew()
    due = master.add(4)

    def die(name: str) -> None:
        if name == "answered":
            raise SystemExit  # the first batch is taken and not recorded

    master.context.checkpoint = die
    with pytest.raises(SystemExit):
        master.cycle()
    master.renew("node-b")
    assert master.cycle() == "handed over 2; settled 2 (2 were taken)"
    assert master.statuses(due) == ["imported"] * 4
    assert len(master.posts()) == 2
    assert {master.attempts(one)[0].node for one in due[:2]} == {"node-a"}


def test_the_grace_time_is_the_new_masters_own_whatever_the_wall_clock_says(master: MasterFixture) -> None:
    (account_number,) = master.add()

    def die(name: str) -> None:
        if name == "claimed":
            raise SystemExit

    master.context.checkpoint = die
    with pytest.raises(SystemExit):
        master.cycle()
    master.clock.advance(50)  # for the dead master
    master.renew("node-b")
    master.cycle()
    master.clock.now = master.clock.now.replace(hour=master.clock.now.hour + 1)  # a wall clock steps
    master.cycle()
    assert master.statuses([account_number]) == ["importing"]
    for _ in range(8):
        master.clock.steady += 15
        master.cycle()
    assert master.statuses([account_number]) != ["importing"]


def test_while_the_list_cannot_be_read_nothing_is_settled_and_the_grace_time_does_not_run(
    master: MasterFixture,
) -> None:
    due = master.add(2)
    master.simulator.control.next_answer(kind="import", method="POST", reset="before")
    master.simulator.control.next_answer(kind="import", method="GET", status=500, times=0)
    for _ in range(10):
        master.cycle()
        master.clock.advance(60)
    assert master.statuses(due) == ["importing"] * 2
    master.simulator.control.clear_next_answers()
    master.cycle()
    assert master.statuses(due) == ["importing"] * 2
    master.cycles(120)
    assert master.statuses(due) == ["scheduled"] * 2


def test_many_unsettled_are_settled_by_reading_the_list_once(master: MasterFixture) -> None:
    due = master.add(500)
    master.simulator.control.next_answer(kind="import", method="POST", status=500, take=True)
    master.cycle()
    master.clock.advance(5)
    master.cycle()
    reads = [one for one in master.simulator.control.received(kind="import", limit=1000) if one["method"] == "GET"]
    assert set(master.statuses(due)) == {"imported"}
    assert len(reads) <= 12, "two readings of six pages"


# the grace period


def _send_and_fail_to_record(master: MasterFixture) -> None:
    """UCCE takes what is due and lists it late; the database does not answer when that is to be recorded."""
    master.simulator.control.behaviour(listLagSeconds=3600)

    def fail(name: str) -> None:
        if name == "answered":
            raise Unavailable("away")

    master.context.checkpoint = fail
    with pytest.raises(Unavailable):
        master.cycle()
    master.context.checkpoint = no_checkpoint


def test_what_is_sent_again_has_all_of_its_grace_again(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.simulator.control.next_answer(kind="import", method="POST", status=500)
    master.cycle()
    master.cycles(120)
    assert master.statuses([account_number]) == ["scheduled"]
    master.clock.advance(15)
    _send_and_fail_to_record(master)
    master.cycles(90)
    assert master.statuses([account_number]) == ["importing"]
    master.simulator.control.behaviour(listLagSeconds=0)
    master.cycle()
    assert master.statuses([account_number]) == ["imported"]
    assert master.simulator.control.duplicates() == []


def test_the_grace_begins_anew_although_another_step_met_the_silent_ucce_first(master: MasterFixture) -> None:
    due = master.add(2)
    master.simulator.control.next_answer(kind="import", method="POST", reset="before")
    master.cycle()
    master.cycles(60)
    master.simulator.kill()
    try:
        master.add(1)  # handing over notices it, and settling is not tried
        master.cycles(300, step=60)
    finally:
        master.simulator.start()
    master.clock.advance(60)
    master.cycle()
    master.cycles(100)
    assert master.statuses(due) == ["importing"] * 2
    master.cycles(30)
    assert master.statuses(due) != ["importing"] * 2


def test_a_suspended_machine_has_not_looked_meanwhile(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.simulator.control.next_answer(kind="import", method="POST", status=500)
    master.cycle()
    master.clock.advance(1000)
    master.cycle()
    assert master.statuses([account_number]) == ["importing"]
    master.cycles(105)
    assert master.statuses([account_number]) != ["importing"]


def test_a_release_of_unknown_outcome_leaves_no_time_to_what_is_sent_again(
    master: MasterFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (account_number,) = master.add()
    control = master.simulator.control
    control.next_answer(kind="import", method="POST", status=500)
    master.cycle()
    master.cycles(105)
    real = batch_store.release

    def lost(*arguments: Any, **more: Any) -> int:
        real(*arguments, **more)
        raise Unavailable("lost")

    with monkeypatch.context() as patched:
        patched.setattr(settle, "release", lost)
        with pytest.raises(Unavailable):
            master.cycles(15)
    assert master.statuses([account_number]) == ["scheduled"]
    _send_and_fail_to_record(master)
    master.cycles(90)
    assert master.statuses([account_number]) == ["importing"]
