"""Results from the simulated dialer: completed, failed or tried again, by the campaign's policy."""

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from shared.db import models
from tests.integration.dialer_sync.conftest import PARAMETERS
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.support.configured_database import NOW
from tests.support.until import until

# Parameters with which UCCE itself would call twice, a minute apart.
TWO_CALLS = {**PARAMETERS, "maxAttempts": 2, "retries": {"busySignalDelay": 1}}


def dial(master: MasterFixture, account_numbers: list[str], codes: dict[str, Any] | None = None) -> None:
    """Have the dialer dial all contacts with these results, then pause it again."""
    control = master.simulator.control
    control.results(accounts=codes or {})
    before = len(control.calls())
    control.dialer(paused=False)
    until(lambda: len(control.calls()) >= before + len(account_numbers))
    until(lambda: not {"pending", "active"} & control.contacts()[str(master.campaign().ucce_id)].keys())
    control.dialer(paused=True)
    master.clock.advance(5)


def test_an_answered_call_completes_the_callback_and_frees_its_number(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.cycle()
    dial(master, [account_number], {account_number: 10})
    assert master.cycle() == "got 1 results"
    callback, (attempt,) = master.callback(account_number), master.attempts(account_number)
    assert (callback.status, callback.outcome, callback.open_rank, callback.reason) == (
        "completed", "answered", None, None,
    )  # fmt: skip
    assert (attempt.outcome, attempt.call_result, attempt.call_status, attempt.calls_made) == (
        "answered", 10, "closed", 1,
    )  # fmt: skip
    assert attempt.finished_at == master.clock.now
    assert master.events(account_number)[-1] == ("imported", "completed")
    assert master.cycle() == "nothing to do"


def test_a_call_that_still_goes_on_changes_nothing(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.cycle()
    assert master.cycle() == "nothing to do"
    assert master.callback(account_number).status == "imported"


@pytest.mark.parametrize(("code", "outcome"), [(9, "busy"), (8, "no_answer"), (12, "machine"), (7, "invalid_number")])
def test_without_attempts_left_a_failed_call_fails_the_callback(master: MasterFixture, code: int, outcome: str) -> None:
    (account_number,) = master.add()
    master.cycle()
    dial(master, [account_number], {account_number: code})
    master.cycle()
    callback = master.callback(account_number)
    assert (callback.status, callback.outcome, callback.open_rank) == ("failed", outcome, None)
    assert master.attempts(account_number)[0].call_result == code


def test_a_retryable_result_brings_it_back_after_the_policys_delay_with_a_new_key_and_no_second_place(
    master: MasterFixture,
) -> None:
    master.configure_campaign(max_attempts=2, retry_delays={"busy": 7})
    (account_number,) = master.add()
    master.cycle()
    dial(master, [account_number], {account_number: 9})
    master.cycle()
    callback = master.callback(account_number)
    assert (callback.status, callback.open_rank, callback.slot_start) == ("scheduled", 1, NOW)
    assert callback.due_at == master.clock.now + timedelta(minutes=7)
    master.clock.advance(6 * 60)
    master.cycle()
    assert master.callback(account_number).status == "scheduled"
    master.clock.advance(61)
    assert master.cycle() == "handed over 1"
    dial(master, [account_number], {account_number: 10})
    master.cycle()
    first, second = master.attempts(account_number)
    assert (first.contact_key, second.contact_key) == (f"{account_number}-01", f"{account_number}-02")
    assert (first.outcome, second.outcome) == ("busy", "answered")
    assert master.callback(account_number).status == "completed"
    assert master.events(account_number) == [
        ("scheduled", "importing"), ("importing", "imported"), ("imported", "scheduled"),
        ("scheduled", "importing"), ("importing", "imported"), ("imported", "completed"),
    ]  # fmt: skip


def test_with_our_retries_ucce_calls_once_and_each_further_call_is_an_attempt_of_ours(master: MasterFixture) -> None:
    master.configure_campaign(parameters=TWO_CALLS, max_attempts=2, retry_delays={"busy": 7}, version=2)
    (account_number,) = master.add()
    master.cycle()
    master.simulator.control.results(accounts={account_number: [9, 9]})
    master.simulator.control.dialer(paused=False)
    until(lambda: len(master.simulator.control.calls()) == 1)
    # If UCCE retried as well, it would have called again: its delay of 1 minute is over.
    master.simulator.control.dialer(advance=120)
    until(
        lambda: not {"pending", "active"} & master.simulator.control.contacts()[str(master.campaign().ucce_id)].keys()
    )
    assert [call["accountNumber"] for call in master.simulator.control.calls()] == [f"{account_number}-01"]
    master.clock.advance(5)
    master.cycle()
    assert master.callback(account_number).status == "scheduled"
    master.clock.advance(7 * 60)
    master.cycle()
    until(lambda: len(master.simulator.control.calls()) == 2)
    assert master.simulator.control.calls()[1]["accountNumber"] == f"{account_number}-02"


def test_where_ucce_retries_a_result_that_could_be_tried_again_is_final_for_us(master: MasterFixture) -> None:
    master.configure_campaign(parameters=TWO_CALLS, retries_by_ucce=True, max_attempts=3, version=2)
    (account_number,) = master.add()
    master.cycle()
    master.simulator.control.results(accounts={account_number: 9})
    master.simulator.control.dialer(paused=False)
    until(lambda: len(master.simulator.control.calls()) == 1)
    master.clock.advance(5)
    master.cycle()
    assert master.callback(account_number).status == "imported"  # UCCE is not through with it
    master.simulator.control.dialer(advance=120)
    until(lambda: len(master.simulator.control.calls()) == 2)
    until(lambda: "maxAttemptsReached" in master.simulator.control.contacts()[str(master.campaign().ucce_id)])
    master.clock.advance(5)
    master.cycle()
    callback = master.callback(account_number)
    assert (callback.status, callback.outcome, callback.attempts) == ("failed", "busy", 1)
    assert {call["accountNumber"] for call in master.simulator.control.calls()} == {f"{account_number}-01"}


def test_when_its_window_ends_before_another_try_it_fails_and_says_so(master: MasterFixture) -> None:
    master.configure_campaign(max_attempts=3, retry_delays={"no_answer": 90})
    (account_number,) = master.add()
    master.cycle()
    dial(master, [account_number], {account_number: 8})
    master.cycle()
    callback = master.callback(account_number)
    assert (callback.status, callback.outcome) == ("failed", "no_answer")
    assert callback.reason == "no answer; its window ends before another try"


def test_what_will_not_change_is_not_tried_again_though_attempts_are_left(master: MasterFixture) -> None:
    master.configure_campaign(max_attempts=3)
    (account_number,) = master.add()
    master.cycle()
    dial(master, [account_number], {account_number: 7})
    master.cycle()
    assert master.callback(account_number).status == "failed"


def test_many_results_of_all_kinds_are_read_and_each_callback_ends_once(master: MasterFixture) -> None:
    due = master.add(300)
    master.cycle()
    codes = {number: [10, 9, 8, 12, 7, 19][index % 6] for index, number in enumerate(due)}
    dial(master, due, codes)
    assert master.cycle() == "got 300 results"
    statuses = master.statuses(due)
    assert (statuses.count("completed"), statuses.count("failed")) == (50, 250)
    ends = [event for event in master.world.rows(models.CallbackEvent) if event.from_status == "imported"]
    assert len(ends) == 300


def test_results_come_also_while_handing_over_is_refused(master: MasterFixture) -> None:
    first = master.add()
    master.cycle()
    dial(master, first, {first[0]: 10})
    second = master.add()
    master.simulator.control.next_answer(kind="import", method="POST", status=403, times=0)
    master.cycle()
    assert (master.statuses(first), master.statuses(second)) == (["completed"], ["scheduled"])
    master.simulator.control.clear_next_answers()


def test_results_are_read_although_the_wall_clock_was_set_back_since_the_import(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.cycle()
    dial(master, [account_number], {account_number: 10})
    master.clock.now -= timedelta(hours=1)
    master.cycle()
    assert master.callback(account_number).status == "completed"


# states of a contact after its hand-over


@pytest.mark.parametrize(
    ("status", "counted_as"), [("callbackRequested", "callbackRequested"), ("onHold by agent", "other")]
)
def test_a_status_that_nobody_expects_is_kept_as_it_is_spelt_and_counted_once(
    master: MasterFixture, status: str, counted_as: str
) -> None:
    (account_number,) = master.add()
    master.cycle()
    master.clock.advance(5)
    before = _counted(counted_as)
    master.simulator.control.ask("POST", "statuses", {"accountNumbers": [account_number], "shown": status})
    for _ in range(3):
        master.cycle()
    (attempt,) = master.attempts(account_number)
    assert (attempt.call_status, attempt.finished_at) == (status, None)
    assert master.callback(account_number).status == "imported"
    assert _counted(counted_as) == before + 1
    master.simulator.control.ask("POST", "statuses", {"accountNumbers": [account_number], "shown": None})
    dial(master, [account_number], {account_number: 10})
    master.cycle()
    assert master.callback(account_number).status == "completed"


def test_a_final_status_is_understood_however_it_is_written(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.cycle()
    dial(master, [account_number], {account_number: 10})
    master.simulator.control.ask("POST", "statuses", {"accountNumbers": [account_number], "shown": "CLOSED"})
    master.cycle()
    assert master.callback(account_number).status == "completed"


def test_what_ucce_holds_for_longer_than_a_result_takes_is_counted(master: MasterFixture) -> None:
    master.add(2)
    master.cycle()
    master.clock.advance(29 * 60)
    master.cycle()
    assert REGISTRY.get_sample_value("cm_without_result") == 0
    master.clock.advance(2 * 60)
    master.cycle()
    assert REGISTRY.get_sample_value("cm_without_result") == 2


def _counted(status: str) -> float:
    return REGISTRY.get_sample_value("cm_unusual_contact_status_total", {"status": status}) or 0.0


def made(master: MasterFixture) -> list[tuple[int, int, int, str | None]]:
    """(attempt, seconds from its own time to the hand-over and to the dial, outcome), as the report has them."""
    query = "SELECT attempt, seconds_to_hand_over, seconds_to_dial, outcome FROM report_made ORDER BY attempt"
    with master.world.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_report_of_made_callbacks_has_what_was_dialled_and_each_attempt_from_its_own_time(
    master: MasterFixture,
) -> None:
    master.configure_campaign(max_attempts=2, retry_delays={"busy": 7})
    (account_number,) = master.add()
    master.clock.advance(20)
    master.cycle()
    assert made(master) == []  # handed over, and pending in UCCE's list
    dial(master, [account_number], {account_number: 9})
    master.clock.advance(5)
    master.cycle()  # 30 seconds after its time
    assert made(master) == [(1, 20, 30, "busy")]
    master.clock.advance(7 * 60 + 12)
    master.cycle()
    dial(master, [account_number], {account_number: 10})
    master.cycle()
    assert made(master) == [(1, 20, 30, "busy"), (2, 12, 17, "answered")]


def test_a_call_counts_as_dialled_from_when_the_list_shows_it_at_the_dialer(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.cycle()
    master.clock.advance(5)
    master.simulator.control.ask("POST", "statuses", {"accountNumbers": [account_number], "shown": "active"})
    master.cycle()
    assert made(master) == [(1, 0, 5, None)]
    master.clock.advance(300)  # they talk
    master.simulator.control.ask("POST", "statuses", {"accountNumbers": [account_number], "shown": None})
    dial(master, [account_number], {account_number: 10})
    master.cycle()
    assert made(master) == [(1, 0, 5, "answered")]


@pytest.mark.parametrize("code", [19, 26])  # an agent closed the preview, the number is on UCCE's do-not-call list
def test_what_ucce_did_not_dial_was_not_made(master: MasterFixture, code: int) -> None:
    (account_number,) = master.add()
    master.cycle()
    master.clock.advance(5)
    master.simulator.control.ask("POST", "statuses", {"accountNumbers": [account_number], "shown": "active"})
    master.cycle()
    master.simulator.control.ask("POST", "statuses", {"accountNumbers": [account_number], "shown": None})
    dial(master, [account_number], {account_number: code})
    master.cycle()
    assert master.callback(account_number).status == "failed"
    assert made(master) == []
