"""What UCCE refuses: contacts fail with its words, good ones go on, and nothing is sent while UCCE may have it."""

from typing import Any

import pytest

from shared.db import models
from tests.integration.dialer_sync.master_fixture import Desk

# contacts


def _refuse(desk: Desk, bad: list[str], message: str = "Bad row.") -> None:
    desk.simulator.control.next_answer(
        kind="import", method="POST", refuseAccounts=bad or ["none"], message=message, times=0
    )


def _refuse_all(desk: Desk, message: str = "Misconfigured.") -> None:
    desk.simulator.control.next_answer(kind="import", method="POST", status=400, message=message, times=0)


def _reasons(desk: Desk, account_numbers: list[str]) -> set[str]:
    return {desk.callback(one).reason for one in account_numbers}


def test_a_refused_contact_fails_with_uccess_words_and_the_rest_goes_on(desk: Desk) -> None:
    due = desk.add(50)
    bad = due[17]
    _refuse(desk, [bad])
    assert "UCCE refused a batch of 50: Phone01: Row 18: Bad row." in desk.work_off()
    callback = desk.callback(bad)
    assert (callback.status, callback.outcome, callback.open_rank) == ("failed", "refused", None)
    assert "Bad row." in callback.reason
    assert desk.attempts(bad)[0].outcome == "refused"
    assert set(desk.statuses([one for one in due if one != bad])) == {"imported"}
    taken = desk.simulator.control.taken()
    assert len(taken) == len(set(taken)) == 49
    assert len(desk.posts()) <= 21
    assert desk.errors[-1].message.endswith("Bad row.")


@pytest.mark.parametrize("batch_size", [500, 11])
def test_eleven_refused_contacts_at_the_head_hold_back_nobody(desk: Desk, batch_size: int) -> None:
    desk.settings["batch_size"] = batch_size
    desk.renew()
    bad, good = desk.add(11), desk.add(30)
    _refuse(desk, bad)
    desk.work_off()
    assert desk.statuses(good) == ["imported"] * 30
    assert desk.statuses(bad) == ["failed"] * 11
    assert all("Bad row." in reason for reason in _reasons(desk, bad))
    assert sorted(desk.simulator.control.taken()) == sorted(f"{one}-01" for one in good)
    assert len(desk.posts()) <= 41, "more calls than contacts"


@pytest.mark.parametrize("message", ["Bad.", "🦄" * 600])  # of the second, more than any column holds
def test_a_few_contacts_may_all_be_bad(desk: Desk, message: str) -> None:
    due = desk.add(3)
    _refuse_all(desk, message)
    desk.work_off()
    assert desk.statuses(due) == ["failed"] * 3


def test_numbers_that_our_own_rule_refuses_say_nothing_of_the_campaign(desk: Desk) -> None:
    desk.configure_campaign(dial_prefix="12345678", dial_international_prefix="0110")
    ours = desk.add(15, phone="+442079460958", open_rank=None)
    (refused,) = desk.add(1)
    _refuse_all(desk)
    desk.work_off()
    assert set(desk.statuses(ours)) == {"failed"}
    assert all("longer than 20 digits" in reason for reason in _reasons(desk, ours))
    assert "Misconfigured." in desk.callback(refused).reason
    assert len(desk.posts()) == 1


# campaigns


def test_when_contacts_from_elsewhere_are_refused_too_the_campaign_is_to_blame_and_none_of_them_fails(
    desk: Desk,
) -> None:
    due = desk.add(40)
    _refuse_all(desk)
    desk.work_off()
    assert set(desk.statuses(due)) == {"scheduled"}
    assert desk.errors[-1].message == "it takes no contact, wherever in the queue: Misconfigured."
    first = len(desk.posts())
    assert first <= 7
    for tries in range(1, 6):
        desk.clock.advance(60)
        assert "Billing_Callback: it takes no contact" in desk.work_off()
        assert len(desk.posts()) <= first + 5 * tries
    desk.clock.advance(1)
    assert "Billing_Callback: it takes no contact" in desk.work_off(), "it is not said while it is backed off from"
    assert set(desk.statuses(due)) == {"scheduled"}
    desk.simulator.control.clear_next_answers()
    desk.clock.advance(60)
    assert "handed over 40" in desk.work_off()
    assert desk.simulator.control.duplicates() == []


def test_what_expires_in_a_campaign_that_takes_nothing_says_so(desk: Desk) -> None:
    due = desk.add(20)
    _refuse_all(desk)
    desk.work_off()
    desk.clock.advance(91 * 60)
    desk.work_off()
    assert set(desk.statuses(due)) == {"expired"}
    (reason,) = _reasons(desk, due)
    assert "it takes no contact, wherever in the queue: Misconfigured." in reason


def test_good_contacts_get_through_behind_any_number_of_bad_ones(desk: Desk) -> None:
    """The head is refused, and so is every sample while nothing else is due: the next good one shows it is not UCCE."""
    bad = desk.add(60)
    _refuse(desk, bad)
    for _ in range(5):
        desk.work_off()
        desk.clock.advance(60)
    assert "failed" not in desk.statuses(bad)
    good = desk.add(2)
    desk.work_off()
    assert desk.statuses(good) == ["imported"] * 2
    desk.work_off()
    assert set(desk.statuses(bad)) == {"failed"}


def test_one_campaigns_refusals_hold_back_no_other(desk: Desk) -> None:
    bad = desk.add(30)
    _refuse(desk, bad)
    desk.work_off()
    assert "Billing_Callback" in (desk.cycle())
    assert desk.context.backoff("hand_over").reason is None


# batches: whether UCCE keeps the good rows of a refused one is not known


@pytest.mark.parametrize("partial", ["no", "400", "200"])
@pytest.mark.parametrize("late", [False, True])
def test_no_good_row_of_a_refused_batch_is_sent_twice_and_none_is_forgotten(
    desk: Desk, partial: str, late: bool
) -> None:
    desk.settings["list_lag"] = 30.0
    desk.renew()
    due = desk.add(120)
    bad = [due[3], due[77]]
    _refuse(desk, bad)
    control = desk.simulator.control
    control.behaviour(partialAcceptance=partial)
    for _ in range(10):
        control.behaviour(listLagSeconds=3600 if late else 0)
        desk.cycle()
        desk.clock.advance(15)
        desk.cycle()
        control.behaviour(listLagSeconds=0)  # within the lag that is stated
        desk.clock.advance(14)
        desk.cycle()
        desk.clock.advance(15)
    good = [one for one in due if one not in bad]
    assert set(desk.statuses(good)) == {"imported"}
    assert desk.statuses(bad) == ["failed"] * 2
    assert control.duplicates() == []
    assert len(control.taken()) == 118


def test_a_refused_batch_waits_for_the_lists_lag_and_not_for_the_whole_grace(desk: Desk) -> None:
    desk.settings["list_lag"] = 30.0
    desk.renew()
    due = desk.add(10)
    _refuse(desk, due[:1])
    desk.cycle()
    desk.cycles(15)
    assert set(desk.statuses(due)) == {"importing"}
    desk.cycles(15)
    assert set(desk.statuses(due)) == {"scheduled"}
    desk.cycle()
    assert desk.statuses(due) == ["failed"] + ["imported"] * 9


def test_a_lost_answer_in_a_smaller_part_is_settled_by_the_whole_grace(desk: Desk) -> None:
    due = desk.add(3)
    control = desk.simulator.control
    control.next_answer(kind="import", method="POST", refuseAccounts=[due[0]])
    desk.cycle()
    assert set(desk.statuses(due)) == {"scheduled"}
    control.next_answer(kind="import", method="POST", status=500)
    desk.cycle()
    desk.cycles(90)
    assert desk.statuses(due).count("importing") == 1
    desk.cycles(60)
    assert "importing" not in desk.statuses(due)
    assert control.duplicates() == []


def test_a_new_master_waits_the_whole_grace_for_a_refused_batch_it_does_not_know(desk: Desk) -> None:
    desk.settings["list_lag"] = 10.0
    desk.renew()
    due = desk.add(5)
    _refuse(desk, due[:1])
    desk.cycle()
    desk.renew("node-b")
    desk.cycle()
    desk.cycles(100)
    assert set(desk.statuses(due)) == {"importing"}
    desk.cycles(90)
    assert desk.statuses(due) == ["failed"] + ["imported"] * 4


def test_an_unknown_part_leaves_the_other_parts_settled(desk: Desk) -> None:
    due = desk.add(4)
    control = desk.simulator.control
    answers: list[dict[str, Any]] = [
        {"refuseAccounts": [due[0]]}, {"refuseAccounts": [due[0]]}, {"status": 500},
    ]  # fmt: skip
    for answer in answers:  # all four; the first alone; the second alone
        control.next_answer(kind="import", method="POST", **answer)
    desk.cycle()
    desk.cycle()
    assert desk.statuses(due) == ["scheduled", "importing", "scheduled", "scheduled"]
    _refuse(desk, due[:1])
    desk.clock.advance(5)
    desk.cycle()
    assert desk.statuses(due) == ["failed", "importing", "imported", "imported"]
    desk.cycles(180)
    assert desk.statuses(due) == ["failed", "imported", "imported", "imported"]
    assert control.duplicates() == []


# rows that UCCE fails on: 500, again and again


def _fail_on(desk: Desk, bad: list[str]) -> None:
    desk.simulator.control.next_answer(
        kind="import", method="POST", failAccounts=bad, message="NullPointerException", times=0
    )


@pytest.mark.parametrize("count", [8, 120])
def test_a_row_that_ucce_fails_on_holds_back_nobody_for_long(desk: Desk, count: int) -> None:
    due = desk.add(count)
    bad = due[count // 2]
    _fail_on(desk, [bad])
    desk.cycles(2 * 135)
    desk.cycles(15 * 60 if count > 25 else 90)
    good = [one for one in due if one != bad]
    assert set(desk.statuses(good)) == {"imported"}
    assert desk.simulator.control.duplicates() == []
    assert desk.callback(bad).status in ("importing", "scheduled")
    late = desk.add(3)
    desk.clock.advance(1)
    desk.cycle()
    assert desk.statuses(late) == ["imported"] * 3, "the campaign is backed off from for one contact's sake"


def test_a_row_that_ucce_fails_on_is_sent_alone_until_its_window_ends_and_then_says_why(desk: Desk) -> None:
    due = desk.add(3)
    _fail_on(desk, due[:1])
    desk.cycles(3 * 135)
    assert desk.statuses(due)[1:] == ["imported"] * 2
    before = len(desk.posts())
    desk.cycles(2 * 135)
    assert [one["accountNumbers"] for one in desk.posts()[before:]] == [[f"{due[0]}-01"]] * 2
    events = desk.world.rows(models.CallbackEvent, account_number=due[0])
    assert any("its answer was lost (UCCE answers 500: NullPointerException)" in event.why for event in events)
    desk.clock.advance(91 * 60)
    desk.cycle()
    desk.cycles(135)
    desk.cycle()
    callback = desk.callback(due[0])
    assert callback.status == "expired"
    assert "UCCE takes others and fails on this contact" in callback.reason
    assert "NullPointerException" in callback.reason


def test_a_row_that_can_be_taken_after_all_is_taken(desk: Desk) -> None:
    due = desk.add(3)
    _fail_on(desk, due[:1])
    desk.cycles(3 * 135)
    desk.simulator.control.clear_next_answers()
    desk.cycles(2 * 135)
    assert desk.statuses(due) == ["imported"] * 3
    assert desk.simulator.control.duplicates() == []
