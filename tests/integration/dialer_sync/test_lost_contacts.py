"""Contacts that UCCE deleted, purged, never took or lists twice are noticed."""

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import update

from services.dialer_sync.steps.results import NEVER_LISTED, RESULT_LOST_MESSAGE
from services.dialer_sync.ucce import campaigns
from services.dialer_sync.ucce.client import BASE
from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.samples import DESIRED
from tests.integration.dialer_sync.test_call_results import dial

ACCEPTED_ONLY = {"kind": "import", "method": "POST", "status": 200}  # answered with 200, but not taken


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def imported(master: MasterFixture, count: int, **values: Any) -> list[str]:
    """Callbacks that were handed over and seen in UCCE's list."""
    due = master.add(count, **values)
    master.cycle()
    master.clock.advance(5)
    master.cycle()
    assert all(master.attempts(one)[0].listed_at == master.clock.now for one in (due[0], due[-1]))
    return due


# removed


def test_deleted_contacts_are_all_noticed_at_once(master: MasterFixture) -> None:
    due = imported(master, 300)
    before = counted("cm_results_total", outcome="result_lost")
    master.simulator.control.purge(*due[:250], any=True)
    master.cycle()
    assert set(master.statuses(due)) == {"imported"}, "one reading was enough"
    master.cycles(135)
    assert master.statuses(due) == ["failed"] * 250 + ["imported"] * 50
    callback = master.callback(due[0])
    assert (callback.outcome, callback.reason, callback.open_rank) == ("result_lost", RESULT_LOST_MESSAGE, None)
    assert master.attempts(due[0])[0].outcome == "result_lost"
    assert counted("cm_results_total", outcome="result_lost") == before + 250
    assert len(master.posts()) == 1


def test_a_result_that_was_purged_before_it_was_read_is_lost_and_not_no_result(master: MasterFixture) -> None:
    (account_number,) = imported(master, 1)
    dial(master, [account_number], {account_number: 10})
    assert master.simulator.control.purge() == 1
    master.cycle()
    master.cycles(135)
    callback = master.callback(account_number)
    assert (callback.status, callback.outcome) == ("failed", "result_lost")
    assert len(master.simulator.control.calls(account_number)) == 1


def test_a_list_that_is_short_for_a_moment_loses_nothing(master: MasterFixture) -> None:
    due = imported(master, 5)
    for _ in range(4):
        master.simulator.control.behaviour(listLagSeconds=3600)
        master.cycles(90)
        master.simulator.control.behaviour(listLagSeconds=0)
        master.cycles(15)
    assert master.statuses(due) == ["imported"] * 5


def test_deleted_campaigns_lose_what_was_unsettled_and_call_nobody_twice(master: MasterFixture) -> None:
    due = master.add(2)
    master.simulator.control.next_answer(kind="import", method="POST", status=500, take=True)
    master.simulator.control.next_answer(kind="import", method="GET", status=500)
    master.cycle()
    master.context.client._call("DELETE", f"{BASE}/campaign/{master.campaign().ucce_id}")
    master.clock.advance(5)
    master.cycle()
    assert master.statuses(due) == ["failed"] * 2
    assert "deleted in UCCE" in master.callback(due[0]).reason
    assert master.simulator.control.duplicates() == []


# never taken


def test_what_ucce_accepted_and_never_lists_is_sent_again(master: MasterFixture) -> None:
    due = master.add(3)
    before = counted("cm_never_listed_total", campaign="Billing_Callback")
    master.simulator.control.next_answer(**ACCEPTED_ONLY)
    master.cycle()
    assert master.statuses(due) == ["imported"] * 3
    master.clock.advance(5)
    master.cycle()
    master.cycles(90)
    assert master.statuses(due) == ["imported"] * 3
    master.cycles(45)
    assert master.simulator.control.taken() == [f"{one}-01" for one in due]
    assert master.statuses(due) == ["imported"] * 3
    assert master.events(due[0])[2:4] == [("imported", "scheduled"), ("scheduled", "importing")]
    assert [attempt.contact_key for attempt in master.attempts(due[0])] == [f"{due[0]}-01"]
    assert counted("cm_never_listed_total", campaign="Billing_Callback") == before + 3
    dial(master, due, dict.fromkeys(due, 10))
    master.cycle()
    assert master.statuses(due) == ["completed"] * 3


def test_what_shows_late_in_the_list_is_not_sent_again(master: MasterFixture) -> None:
    due = master.add(3)
    master.simulator.control.behaviour(listLagSeconds=3600)
    master.cycle()
    master.clock.advance(5)
    master.cycle()
    master.cycles(90)
    master.simulator.control.behaviour(listLagSeconds=0)
    master.cycles(200)
    assert len(master.posts()) == 1
    assert master.statuses(due) == ["imported"] * 3


def test_what_was_never_taken_expires_with_that_reason_when_its_window_has_passed(master: MasterFixture) -> None:
    (account_number,) = master.add()
    before = counted("cm_expired_total", campaign="Billing_Callback")
    master.simulator.control.next_answer(**ACCEPTED_ONLY)
    master.cycle()
    master.clock.advance(91 * 60)
    master.cycle()
    master.cycles(135)
    callback = master.callback(account_number)
    assert (callback.status, callback.open_rank) == ("expired", None)
    assert callback.reason == f"{NEVER_LISTED}, and its window has passed"
    assert master.events(account_number)[-2:] == [("imported", "scheduled"), ("scheduled", "expired")]
    assert counted("cm_expired_total", campaign="Billing_Callback") == before + 1
    assert len(master.posts()) == 1


def test_what_may_have_been_deleted_with_others_is_not_sent_again(master: MasterFixture) -> None:
    """All contacts of the campaign are deleted between an import and its first reading: it may have been dialled."""
    first = imported(master, 2)
    second = master.add(2)
    master.cycle()
    master.simulator.control.purge(any=True)
    master.clock.advance(5)
    master.cycle()
    master.cycles(150)
    assert master.statuses(first + second) == ["failed"] * 4
    third = master.add(1)
    master.simulator.control.next_answer(**ACCEPTED_ONLY)
    master.cycle()
    master.clock.advance(5)
    master.cycles(150)
    assert master.simulator.control.taken()[-1] == f"{third[0]}-01", "what was sent after the deletion is sent again"


def test_what_a_purge_may_have_removed_is_not_sent_again(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.simulator.control.next_answer(**ACCEPTED_ONLY)
    master.cycle()
    master.clock.advance(24 * 3600)
    master.cycle()
    master.cycles(135)
    assert (master.callback(account_number).status, master.callback(account_number).outcome) == (
        "failed",
        "result_lost",
    )
    assert len(master.posts()) == 1


def test_what_was_unsettled_for_longer_than_a_purge_takes_is_not_sent_again(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.world.settings(expire_minutes=3 * 24 * 60)
    master.world.config_cache.reload()
    master.simulator.control.next_answer(kind="import", method="POST", status=500)
    master.cycle()
    master.clock.advance(24 * 3600)
    master.cycle()
    master.cycles(135)
    assert (master.callback(account_number).status, master.callback(account_number).outcome) == (
        "failed",
        "result_lost",
    )
    assert "may have been purged or deleted" in master.callback(account_number).reason
    assert len(master.posts()) == 1


# the campaign that a contact was sent to


@pytest.mark.parametrize("lost", [True, False])
def test_an_attempt_is_looked_for_in_the_campaign_that_it_was_sent_to(master: MasterFixture, lost: bool) -> None:
    (account_number,) = master.add()
    if lost:
        master.simulator.control.next_answer(kind="import", method="POST", status=500, take=True)
        master.simulator.control.next_answer(kind="import", method="GET", status=500)
    master.cycle()
    sent_to = master.campaign().ucce_id
    assert master.attempts(account_number)[0].ucce_campaign_id == sent_to
    elsewhere = DESIRED | {"skillGroupInfos": [{"skillGroup": 5005, "dialedNumber": "1"}]}
    other = campaigns.create(master.context.client, elsewhere)
    master.configure_campaign(ucce_id=other)
    master.clock.advance(5)
    master.cycle()
    assert master.callback(account_number).status == "imported"
    master.simulator.control.results(accounts={account_number: 10})
    master.simulator.control.dialer(paused=False, advance=30)
    master.simulator.control.dialer(advance=30)
    master.clock.advance(5)
    master.cycle()
    assert master.callback(account_number).status == "completed"
    assert len(master.posts()) == 1


def test_results_are_read_although_the_campaign_is_not_known_to_be_in_ucce(master: MasterFixture) -> None:
    due = imported(master, 2)
    dial(master, due, dict.fromkeys(due, 10))
    with master.world.database.writing() as tx:
        tx.execute(update(models.Campaign).values(enabled=False, sync_state="error", version=9))
        tx.commit()
    master.configure_campaign(ucce_id=None)
    master.clock.advance(timedelta(minutes=1).total_seconds())
    master.cycle()
    assert master.statuses(due) == ["completed"] * 2


# listed twice


def test_a_contact_that_stands_twice_in_the_list_is_reported(master: MasterFixture) -> None:
    due = imported(master, 20)
    before = counted("cm_listed_twice_total", campaign="Billing_Callback")
    master.simulator.control.copy(due[3])
    assert f"contact {due[3]}-01 stands twice in UCCE's list" in master.cycle()
    assert master.errors[-1].message == f"contact {due[3]}-01 stands twice in UCCE's list of Billing_Callback"
    master.cycle()
    assert counted("cm_listed_twice_total", campaign="Billing_Callback") == before + 1
    assert "stands twice" in (master.context.list_problem() or "")
    master.simulator.control.purge(due[3], any=True)
    master.clock.advance(3601)
    master.cycle()
    assert master.context.list_problem() is None
