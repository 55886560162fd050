"""Refused contacts fail with UCCE's message, good ones are handed over, none is sent again while UCCE may have it."""

from typing import Any

import pytest

from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture

pytestmark = pytest.mark.long

# contacts


def _refuse(master: MasterFixture, bad: list[str], message: str = "Bad row.") -> None:
    master.simulator.control.next_answer(
        kind="import", method="POST", refuseAccounts=bad or ["none"], message=message, times=0
    )


def _refuse_all(master: MasterFixture, message: str = "Misconfigured.") -> None:
    master.simulator.control.next_answer(kind="import", method="POST", status=400, message=message, times=0)


def _reasons(master: MasterFixture, account_numbers: list[str]) -> set[str]:
    return {master.callback(one).reason for one in account_numbers}


def test_a_refused_contact_fails_with_the_message_of_ucce_and_the_rest_goes_on(master: MasterFixture) -> None:
    due = master.add(50)
    bad = due[17]
    _refuse(master, [bad])
    assert "UCCE refused a batch of 50: Phone01: Row 18: Bad row." in master.work_off()
    callback = master.callback(bad)
    assert (callback.status, callback.outcome, callback.open_rank) == ("failed", "refused", None)
    assert "Bad row." in callback.reason
    assert master.attempts(bad)[0].outcome == "refused"
    assert set(master.statuses([one for one in due if one != bad])) == {"imported"}
    taken = master.simulator.control.taken()
    assert len(taken) == len(set(taken)) == 49
    assert len(master.posts()) <= 21
    assert master.errors[-1].message.endswith("Bad row.")


@pytest.mark.parametrize("batch_size", [500, 11])
def test_eleven_refused_contacts_at_the_head_hold_back_nobody(master: MasterFixture, batch_size: int) -> None:
    master.settings["batch_size"] = batch_size
    master.renew()
    bad, good = master.add(11), master.add(30)
    _refuse(master, bad)
    master.work_off()
    assert master.statuses(good) == ["imported"] * 30
    assert master.statuses(bad) == ["failed"] * 11
    assert all("Bad row." in reason for reason in _reasons(master, bad))
    assert sorted(master.simulator.control.taken()) == sorted(f"{one}-01" for one in good)
    assert len(master.posts()) <= 41, "more calls than contacts"


@pytest.mark.parametrize("message", ["Bad.", "🦄" * 600])  # of the second, more than any column holds
def test_a_few_contacts_may_all_be_bad(master: MasterFixture, message: str) -> None:
    due = master.add(3)
    _refuse_all(master, message)
    master.work_off()
    assert master.statuses(due) == ["failed"] * 3


def test_numbers_that_our_own_rule_refuses_say_nothing_of_the_campaign(master: MasterFixture) -> None:
    master.configure_campaign(dial_prefix="12345678", dial_international_prefix="0110")
    ours = master.add(15, phone="+442079460958", open_rank=None)
    (refused,) = master.add(1)
    _refuse_all(master)
    master.work_off()
    assert set(master.statuses(ours)) == {"failed"}
    assert all("longer than 20 digits" in reason for reason in _reasons(master, ours))
    assert "Misconfigured." in master.callback(refused).reason
    assert len(master.posts()) == 1


# campaigns


def test_when_contacts_from_elsewhere_are_refused_too_the_campaign_is_to_blame_and_none_of_them_fails(
    master: MasterFixture,
) -> None:
    due = master.add(40)
    _refuse_all(master)
    master.work_off()
    assert set(master.statuses(due)) == {"scheduled"}
    assert master.errors[-1].message == "it takes no contact, wherever in the queue: Misconfigured."
    first = len(master.posts())
    assert first <= 7
    for tries in range(1, 6):
        master.clock.advance(60)
        assert "Billing_Callback: it takes no contact" in master.work_off()
        assert len(master.posts()) <= first + 5 * tries
    master.clock.advance(1)
    assert "Billing_Callback: it takes no contact" in master.work_off(), "it is not said while it is backed off from"
    assert set(master.statuses(due)) == {"scheduled"}
    master.simulator.control.clear_next_answers()
    master.clock.advance(60)
    assert "handed over 40" in master.work_off()
    assert master.simulator.control.duplicates() == []


def test_what_expires_in_a_campaign_that_takes_nothing_says_so(master: MasterFixture) -> None:
    due = master.add(20)
    _refuse_all(master)
    master.work_off()
    master.clock.advance(91 * 60)
    master.work_off()
    assert set(master.statuses(due)) == {"expired"}
    (reason,) = _reasons(master, due)
    assert "it takes no contact, wherever in the queue: Misconfigured." in reason


def test_good_contacts_get_through_behind_any_number_of_bad_ones(master: MasterFixture) -> None:
    """The head is refused, and so is every sample while nothing else is due: the next good one shows it is not UCCE."""
    bad = master.add(60)
    _refuse(master, bad)
    for _ in range(5):
        master.work_off()
        master.clock.advance(60)
    assert "failed" not in master.statuses(bad)
    good = master.add(2)
    master.work_off()
    assert master.statuses(good) == ["imported"] * 2
    master.work_off()
    assert set(master.statuses(bad)) == {"failed"}


def test_one_campaigns_refusals_hold_back_no_other(master: MasterFixture) -> None:
    bad = master.add(30)
    _refuse(master, bad)
    master.work_off()
    assert "Billing_Callback" in (master.cycle())
    assert master.context.backoff("hand_over").reason is None


# batches: it is not documented whether UCCE keeps the good rows of a refused one


@pytest.mark.parametrize("partial", ["no", "400", "200"])
@pytest.mark.parametrize("late", [False, True])
def test_no_good_row_of_a_refused_batch_is_sent_twice_and_none_is_forgotten(
    master: MasterFixture, partial: str, late: bool
) -> None:
    master.settings["list_lag"] = 30.0
    master.renew()
    due = master.add(120)
    bad = [due[3], due[77]]
    _refuse(master, bad)
    control = master.simulator.control
    control.behaviour(partialAcceptance=partial)
    for _ in range(10):
        control.behaviour(listLagSeconds=3600 if late else 0)
        master.cycle()
        master.clock.advance(15)
        master.cycle()
        control.behaviour(listLagSeconds=0)  # within the lag that is stated
        master.clock.advance(14)
        master.cycle()
        master.clock.advance(15)
    good = [one for one in due if one not in bad]
    assert set(master.statuses(good)) == {"imported"}
    assert master.statuses(bad) == ["failed"] * 2
    assert control.duplicates() == []
    assert len(control.taken()) == 118


def test_a_refused_batch_waits_for_the_lists_lag_and_not_for_the_whole_grace(master: MasterFixture) -> None:
    master.settings["list_lag"] = 30.0
    master.renew()
    due = master.add(10)
    _refuse(master, due[:1])
    master.cycle()
    master.cycles(15)
    assert set(master.statuses(due)) == {"importing"}
    master.cycles(15)
    assert set(master.statuses(due)) == {"scheduled"}
    master.cycle()
    assert master.statuses(due) == ["failed"] + ["imported"] * 9


def test_a_lost_answer_in_a_smaller_part_is_settled_by_the_whole_grace(master: MasterFixture) -> None:
    due = master.add(3)
    control = master.simulator.control
    control.next_answer(kind="import", method="POST", refuseAccounts=[due[0]])
    master.cycle()
    assert set(master.statuses(due)) == {"scheduled"}
    control.next_answer(kind="import", method="POST", status=500)
    master.cycle()
    master.cycles(90)
    assert master.statuses(due).count("importing") == 1
    master.cycles(60)
    assert "importing" not in master.statuses(due)
    assert control.duplicates() == []


def test_a_new_master_waits_the_whole_grace_for_a_refused_batch_it_does_not_know(master: MasterFixture) -> None:
    master.settings["list_lag"] = 10.0
    master.renew()
    due = master.add(5)
    _refuse(master, due[:1])
    master.cycle()
    master.renew("node-b")
    master.cycle()
    master.cycles(100)
    assert set(master.statuses(due)) == {"importing"}
    master.cycles(90)
    assert master.statuses(due) == ["failed"] + ["imported"] * 4


def test_an_unknown_part_leaves_the_other_parts_settled(master: MasterFixture) -> None:
    due = master.add(4)
    control = master.simulator.control
    answers: list[dict[str, Any]] = [
        {"refuseAccounts": [due[0]]}, {"refuseAccounts": [due[0]]}, {"status": 500},
    ]  # fmt: skip
    for answer in answers:  # all four; the first alone; the second alone
        control.next_answer(kind="import", method="POST", **answer)
    master.cycle()
    master.cycle()
    assert master.statuses(due) == ["scheduled", "importing", "scheduled", "scheduled"]
    _refuse(master, due[:1])
    master.clock.advance(5)
    master.cycle()
    assert master.statuses(due) == ["failed", "importing", "imported", "imported"]
    master.cycles(180)
    assert master.statuses(due) == ["failed", "imported", "imported", "imported"]
    assert control.duplicates() == []


# rows that UCCE fails on: 500, again and again


def _fail_on(master: MasterFixture, bad: list[str]) -> None:
    master.simulator.control.next_answer(
        kind="import", method="POST", failAccounts=bad, message="NullPointerException", times=0
    )


@pytest.mark.parametrize("count", [8, 120])
def test_a_row_that_ucce_fails_on_holds_back_nobody_for_long(master: MasterFixture, count: int) -> None:
    due = master.add(count)
    bad = due[count // 2]
    _fail_on(master, [bad])
    master.cycles(2 * 135)
    master.cycles(15 * 60 if count > 25 else 90)
    good = [one for one in due if one != bad]
    assert set(master.statuses(good)) == {"imported"}
    assert master.simulator.control.duplicates() == []
    assert master.callback(bad).status in ("importing", "scheduled")
    late = master.add(3)
    master.clock.advance(1)
    master.cycle()
    assert master.statuses(late) == ["imported"] * 3, "the campaign is backed off from for one contact's sake"


def test_a_row_that_ucce_fails_on_is_sent_alone_until_its_window_ends_and_then_says_why(master: MasterFixture) -> None:
    due = master.add(3)
    _fail_on(master, due[:1])
    master.cycles(3 * 135)
    assert master.statuses(due)[1:] == ["imported"] * 2
    before = len(master.posts())
    master.cycles(2 * 135)
    assert [one["accountNumbers"] for one in master.posts()[before:]] == [[f"{due[0]}-01"]] * 2
    events = master.world.rows(models.CallbackEvent, account_number=due[0])
    assert any("its answer was lost (UCCE answers 500: NullPointerException)" in event.why for event in events)
    master.clock.advance(91 * 60)
    master.cycle()
    master.cycles(135)
    master.cycle()
    callback = master.callback(due[0])
    assert callback.status == "expired"
    assert "UCCE takes others and fails on this contact" in callback.reason
    assert "NullPointerException" in callback.reason


def test_a_row_that_can_be_taken_after_all_is_taken(master: MasterFixture) -> None:
    due = master.add(3)
    _fail_on(master, due[:1])
    master.cycles(3 * 135)
    master.simulator.control.clear_next_answers()
    master.cycles(2 * 135)
    assert master.statuses(due) == ["imported"] * 3
    assert master.simulator.control.duplicates() == []
