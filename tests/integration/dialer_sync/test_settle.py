"""Unknown outcomes: nothing is sent again before UCCE's own list was read."""

from typing import Any

import pytest

from services.dialer_sync.cycle_context import no_checkpoint
from services.dialer_sync.steps import settle
from shared.errors import Unavailable
from tests.integration.dialer_sync.master_fixture import Desk
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
    desk: Desk, answer: dict[str, Any]
) -> None:
    due = desk.add(3)
    desk.simulator.control.next_answer(kind="import", method="POST", **answer)
    desk.cycle()
    desk.clock.advance(5)
    desk.cycle()
    assert desk.statuses(due) == ["imported"] * 3
    assert len(desk.posts()) == 1
    assert desk.simulator.control.duplicates() == []


@pytest.mark.parametrize("answer", NOT_TAKEN)
def test_what_ucce_did_not_take_waits_for_the_grace_time_and_is_sent_again(desk: Desk, answer: dict[str, Any]) -> None:
    due = desk.add(3)
    desk.simulator.control.next_answer(kind="import", method="POST", **answer)
    desk.cycle()
    desk.cycles(100, step=10)
    assert desk.statuses(due) == ["importing"] * 3
    desk.cycles(30)
    assert desk.statuses(due) == ["scheduled"] * 3
    desk.clock.advance(60)
    desk.cycle()
    assert desk.statuses(due) == ["imported"] * 3
    assert desk.attempts(due[0])[0].contact_key == f"{due[0]}-01"
    assert desk.simulator.control.duplicates() == []


def test_what_arrives_late_but_within_the_grace_time_is_found_and_never_doubled(desk: Desk) -> None:
    due = desk.add(2)
    desk.simulator.control.next_answer(kind="import", method="POST", delayBefore=2.0)
    desk.cycle()  # gives up after its second; UCCE takes the batch a second later
    assert desk.statuses(due) == ["importing"] * 2
    until(lambda: len(desk.simulator.control.taken()) == 2)
    desk.clock.advance(10)
    desk.cycle()
    assert desk.statuses(due) == ["imported"] * 2
    assert desk.simulator.control.duplicates() == []


def test_a_new_master_settles_what_the_old_one_left_behind(desk: Desk) -> None:
    desk.settings["batch_size"] = 2
    desk.renew()
    due = desk.add(4)

    def die(name: str) -> None:
        if name == "answered":
            raise SystemExit  # the first batch is taken, and nobody records it

    desk.context.checkpoint = die
    with pytest.raises(SystemExit):
        desk.cycle()
    desk.renew("node-b")
    assert desk.cycle() == "handed over 2; settled 2 (2 were taken)"
    assert desk.statuses(due) == ["imported"] * 4
    assert len(desk.posts()) == 2
    assert {desk.attempts(one)[0].node for one in due[:2]} == {"node-a"}


def test_the_grace_time_is_the_new_masters_own_whatever_the_wall_clock_says(desk: Desk) -> None:
    (account_number,) = desk.add()

    def die(name: str) -> None:
        if name == "claimed":
            raise SystemExit

    desk.context.checkpoint = die
    with pytest.raises(SystemExit):
        desk.cycle()
    desk.clock.advance(50)  # for the dead master
    desk.renew("node-b")
    desk.cycle()
    desk.clock.now = desk.clock.now.replace(hour=desk.clock.now.hour + 1)  # a wall clock steps
    desk.cycle()
    assert desk.statuses([account_number]) == ["importing"]
    for _ in range(8):
        desk.clock.steady += 15
        desk.cycle()
    assert desk.statuses([account_number]) != ["importing"]


def test_while_the_list_cannot_be_read_nothing_is_settled_and_the_grace_time_does_not_run(desk: Desk) -> None:
    due = desk.add(2)
    desk.simulator.control.next_answer(kind="import", method="POST", reset="before")
    desk.simulator.control.next_answer(kind="import", method="GET", status=500, times=0)
    for _ in range(10):
        desk.cycle()
        desk.clock.advance(60)
    assert desk.statuses(due) == ["importing"] * 2
    desk.simulator.control.clear_next_answers()
    desk.cycle()
    assert desk.statuses(due) == ["importing"] * 2
    desk.cycles(120)
    assert desk.statuses(due) == ["scheduled"] * 2


def test_many_unsettled_are_settled_by_reading_the_list_once(desk: Desk) -> None:
    due = desk.add(500)
    desk.simulator.control.next_answer(kind="import", method="POST", status=500, take=True)
    desk.cycle()
    desk.clock.advance(5)
    desk.cycle()
    reads = [one for one in desk.simulator.control.received(kind="import", limit=1000) if one["method"] == "GET"]
    assert set(desk.statuses(due)) == {"imported"}
    assert len(reads) <= 12, "two readings of six pages"


# the grace period


def _send_and_fail_to_record(desk: Desk) -> None:
    """UCCE takes what is due and shows it late, and the database does not answer when that is to be recorded."""
    desk.simulator.control.behaviour(listLagSeconds=3600)

    def fail(name: str) -> None:
        if name == "answered":
            raise Unavailable("away")

    desk.context.checkpoint = fail
    with pytest.raises(Unavailable):
        desk.cycle()
    desk.context.checkpoint = no_checkpoint


def test_what_is_sent_again_has_all_of_its_grace_again(desk: Desk) -> None:
    (account_number,) = desk.add()
    desk.simulator.control.next_answer(kind="import", method="POST", status=500)
    desk.cycle()
    desk.cycles(120)
    assert desk.statuses([account_number]) == ["scheduled"]
    desk.clock.advance(15)
    _send_and_fail_to_record(desk)
    desk.cycles(90)
    assert desk.statuses([account_number]) == ["importing"]
    desk.simulator.control.behaviour(listLagSeconds=0)
    desk.cycle()
    assert desk.statuses([account_number]) == ["imported"]
    assert desk.simulator.control.duplicates() == []


def test_the_grace_begins_anew_although_another_step_met_the_silent_ucce_first(desk: Desk) -> None:
    due = desk.add(2)
    desk.simulator.control.next_answer(kind="import", method="POST", reset="before")
    desk.cycle()
    desk.cycles(60)
    desk.simulator.kill()
    try:
        desk.add(1)  # handing over notices it, and settling is not tried
        desk.cycles(300, step=60)
    finally:
        desk.simulator.start()
    desk.clock.advance(60)
    desk.cycle()
    desk.cycles(100)
    assert desk.statuses(due) == ["importing"] * 2
    desk.cycles(30)
    assert desk.statuses(due) != ["importing"] * 2


def test_a_suspended_machine_has_not_looked_meanwhile(desk: Desk) -> None:
    (account_number,) = desk.add()
    desk.simulator.control.next_answer(kind="import", method="POST", status=500)
    desk.cycle()
    desk.clock.advance(1000)
    desk.cycle()
    assert desk.statuses([account_number]) == ["importing"]
    desk.cycles(105)
    assert desk.statuses([account_number]) != ["importing"]


def test_a_release_of_unknown_outcome_leaves_no_time_to_what_is_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (account_number,) = desk.add()
    control = desk.simulator.control
    control.next_answer(kind="import", method="POST", status=500)
    desk.cycle()
    desk.cycles(105)
    real = settle.release

    def lost(*arguments: Any, **more: Any) -> int:
        real(*arguments, **more)
        raise Unavailable("lost")

    with monkeypatch.context() as patched:
        patched.setattr(settle, "release", lost)
        with pytest.raises(Unavailable):
            desk.cycles(15)
    assert desk.statuses([account_number]) == ["scheduled"]
    _send_and_fail_to_record(desk)
    desk.cycles(90)
    assert desk.statuses([account_number]) == ["importing"]
