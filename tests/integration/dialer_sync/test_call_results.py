"""Results from the simulated dialer: completed, failed or tried again, by the campaign's policy."""

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from shared.db import models
from tests.integration.dialer_sync.conftest import PARAMETERS
from tests.integration.dialer_sync.master_fixture import Desk
from tests.support.configured_database import NOW
from tests.support.until import until

# UCCE would call twice, a minute apart, were it left to itself.
TWO_CALLS = {**PARAMETERS, "maxAttempts": 2, "retries": {"busySignalDelay": 1}}


def dial(desk: Desk, account_numbers: list[str], codes: dict[str, Any] | None = None) -> None:
    """Let the dialer work off what it has, with these results, and rest again."""
    control = desk.simulator.control
    control.results(accounts=codes or {})
    before = len(control.calls())
    control.dialer(paused=False)
    until(lambda: len(control.calls()) >= before + len(account_numbers))
    until(lambda: not {"pending", "active"} & control.contacts()[str(desk.campaign().ucce_id)].keys())
    control.dialer(paused=True)
    desk.clock.advance(5)


def test_an_answered_call_completes_the_callback_and_frees_its_number(desk: Desk) -> None:
    (account_number,) = desk.add()
    desk.cycle()
    dial(desk, [account_number], {account_number: 10})
    assert desk.cycle() == "got 1 results"
    callback, (attempt,) = desk.callback(account_number), desk.attempts(account_number)
    assert (callback.status, callback.outcome, callback.open_rank, callback.reason) == (
        "completed", "answered", None, None,
    )  # fmt: skip
    assert (attempt.outcome, attempt.call_result, attempt.call_status, attempt.calls_made) == (
        "answered", 10, "closed", 1,
    )  # fmt: skip
    assert attempt.finished_at == desk.clock.now
    assert desk.events(account_number)[-1] == ("imported", "completed")
    assert desk.cycle() == "nothing to do"


def test_a_call_that_still_goes_on_changes_nothing(desk: Desk) -> None:
    (account_number,) = desk.add()
    desk.cycle()
    assert desk.cycle() == "nothing to do"
    assert desk.callback(account_number).status == "imported"


@pytest.mark.parametrize(("code", "outcome"), [(9, "busy"), (8, "no_answer"), (12, "machine"), (7, "invalid_number")])
def test_without_attempts_left_a_failed_call_fails_the_callback(desk: Desk, code: int, outcome: str) -> None:
    (account_number,) = desk.add()
    desk.cycle()
    dial(desk, [account_number], {account_number: code})
    desk.cycle()
    callback = desk.callback(account_number)
    assert (callback.status, callback.outcome, callback.open_rank) == ("failed", outcome, None)
    assert desk.attempts(account_number)[0].call_result == code


def test_a_retryable_result_brings_it_back_after_the_policys_delay_with_a_new_key_and_no_second_place(
    desk: Desk,
) -> None:
    desk.configure_campaign(max_attempts=2, retry_delays={"busy": 7})
    (account_number,) = desk.add()
    desk.cycle()
    dial(desk, [account_number], {account_number: 9})
    desk.cycle()
    callback = desk.callback(account_number)
    assert (callback.status, callback.open_rank, callback.slot_start) == ("scheduled", 1, NOW)
    assert callback.due_at == desk.clock.now + timedelta(minutes=7)
    desk.clock.advance(6 * 60)
    desk.cycle()
    assert desk.callback(account_number).status == "scheduled"
    desk.clock.advance(61)
    assert desk.cycle() == "handed over 1"
    dial(desk, [account_number], {account_number: 10})
    desk.cycle()
    first, second = desk.attempts(account_number)
    assert (first.contact_key, second.contact_key) == (f"{account_number}-01", f"{account_number}-02")
    assert (first.outcome, second.outcome) == ("busy", "answered")
    assert desk.callback(account_number).status == "completed"
    assert desk.events(account_number) == [
        ("scheduled", "importing"), ("importing", "imported"), ("imported", "scheduled"),
        ("scheduled", "importing"), ("importing", "imported"), ("imported", "completed"),
    ]  # fmt: skip


def test_with_our_retries_ucce_calls_once_and_each_further_call_is_an_attempt_of_ours(desk: Desk) -> None:
    desk.configure_campaign(parameters=TWO_CALLS, max_attempts=2, retry_delays={"busy": 7}, version=2)
    (account_number,) = desk.add()
    desk.cycle()
    desk.simulator.control.results(accounts={account_number: [9, 9]})
    desk.simulator.control.dialer(paused=False)
    until(lambda: len(desk.simulator.control.calls()) == 1)
    # Were UCCE to retry as well, it would call again by now: its delay of 1 minute is over.
    desk.simulator.control.dialer(advance=120)
    until(lambda: not {"pending", "active"} & desk.simulator.control.contacts()[str(desk.campaign().ucce_id)].keys())
    assert [call["accountNumber"] for call in desk.simulator.control.calls()] == [f"{account_number}-01"]
    desk.clock.advance(5)
    desk.cycle()
    assert desk.callback(account_number).status == "scheduled"
    desk.clock.advance(7 * 60)
    desk.cycle()
    until(lambda: len(desk.simulator.control.calls()) == 2)
    assert desk.simulator.control.calls()[1]["accountNumber"] == f"{account_number}-02"


def test_where_ucce_retries_a_result_that_could_be_tried_again_is_final_for_us(desk: Desk) -> None:
    desk.configure_campaign(parameters=TWO_CALLS, retries_by_ucce=True, max_attempts=3, version=2)
    (account_number,) = desk.add()
    desk.cycle()
    desk.simulator.control.results(accounts={account_number: 9})
    desk.simulator.control.dialer(paused=False)
    until(lambda: len(desk.simulator.control.calls()) == 1)
    desk.clock.advance(5)
    desk.cycle()
    assert desk.callback(account_number).status == "imported"  # UCCE is not through with it
    desk.simulator.control.dialer(advance=120)
    until(lambda: len(desk.simulator.control.calls()) == 2)
    until(lambda: "maxAttemptsReached" in desk.simulator.control.contacts()[str(desk.campaign().ucce_id)])
    desk.clock.advance(5)
    desk.cycle()
    callback = desk.callback(account_number)
    assert (callback.status, callback.outcome, callback.attempts) == ("failed", "busy", 1)
    assert {call["accountNumber"] for call in desk.simulator.control.calls()} == {f"{account_number}-01"}


def test_when_its_window_ends_before_another_try_it_fails_and_says_so(desk: Desk) -> None:
    desk.configure_campaign(max_attempts=3, retry_delays={"no_answer": 90})
    (account_number,) = desk.add()
    desk.cycle()
    dial(desk, [account_number], {account_number: 8})
    desk.cycle()
    callback = desk.callback(account_number)
    assert (callback.status, callback.outcome) == ("failed", "no_answer")
    assert callback.reason == "no answer; its window ends before another try"


def test_what_will_not_change_is_not_tried_again_though_attempts_are_left(desk: Desk) -> None:
    desk.configure_campaign(max_attempts=3)
    (account_number,) = desk.add()
    desk.cycle()
    dial(desk, [account_number], {account_number: 7})
    desk.cycle()
    assert desk.callback(account_number).status == "failed"


def test_many_results_of_all_kinds_are_read_and_each_callback_ends_once(desk: Desk) -> None:
    due = desk.add(300)
    desk.cycle()
    codes = {number: [10, 9, 8, 12, 7, 19][index % 6] for index, number in enumerate(due)}
    dial(desk, due, codes)
    assert desk.cycle() == "got 300 results"
    statuses = desk.statuses(due)
    assert (statuses.count("completed"), statuses.count("failed")) == (50, 250)
    ends = [event for event in desk.world.rows(models.CallbackEvent) if event.from_status == "imported"]
    assert len(ends) == 300


def test_results_come_also_while_handing_over_is_refused(desk: Desk) -> None:
    first = desk.add()
    desk.cycle()
    dial(desk, first, {first[0]: 10})
    second = desk.add()
    desk.simulator.control.next_answer(kind="import", method="POST", status=403, times=0)
    desk.cycle()
    assert (desk.statuses(first), desk.statuses(second)) == (["completed"], ["scheduled"])
    desk.simulator.control.clear_next_answers()


def test_results_are_read_although_the_wall_clock_was_set_back_since_the_import(desk: Desk) -> None:
    (account_number,) = desk.add()
    desk.cycle()
    dial(desk, [account_number], {account_number: 10})
    desk.clock.now -= timedelta(hours=1)
    desk.cycle()
    assert desk.callback(account_number).status == "completed"


# handed over, and then?


@pytest.mark.parametrize(
    ("status", "counted_as"), [("callbackRequested", "callbackRequested"), ("onHold by agent", "other")]
)
def test_a_status_that_nobody_expects_is_kept_as_it_is_spelt_and_counted_once(
    desk: Desk, status: str, counted_as: str
) -> None:
    (account_number,) = desk.add()
    desk.cycle()
    desk.clock.advance(5)
    before = _counted(counted_as)
    desk.simulator.control.ask("POST", "statuses", {"accountNumbers": [account_number], "shown": status})
    for _ in range(3):
        desk.cycle()
    (attempt,) = desk.attempts(account_number)
    assert (attempt.call_status, attempt.finished_at) == (status, None)
    assert desk.callback(account_number).status == "imported"
    assert _counted(counted_as) == before + 1
    desk.simulator.control.ask("POST", "statuses", {"accountNumbers": [account_number], "shown": None})
    dial(desk, [account_number], {account_number: 10})
    desk.cycle()
    assert desk.callback(account_number).status == "completed"


def test_a_final_status_is_understood_however_it_is_written(desk: Desk) -> None:
    (account_number,) = desk.add()
    desk.cycle()
    dial(desk, [account_number], {account_number: 10})
    desk.simulator.control.ask("POST", "statuses", {"accountNumbers": [account_number], "shown": "CLOSED"})
    desk.cycle()
    assert desk.callback(account_number).status == "completed"


def test_what_ucce_holds_for_longer_than_a_result_takes_is_counted(desk: Desk) -> None:
    desk.add(2)
    desk.cycle()
    desk.clock.advance(29 * 60)
    desk.cycle()
    assert REGISTRY.get_sample_value("cm_without_result") == 0
    desk.clock.advance(2 * 60)
    desk.cycle()
    assert REGISTRY.get_sample_value("cm_without_result") == 2


def _counted(status: str) -> float:
    return REGISTRY.get_sample_value("cm_unusual_contact_status_total", {"status": status}) or 0.0
