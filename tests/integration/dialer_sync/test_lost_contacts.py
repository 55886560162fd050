"""What goes wrong in UCCE's lists is noticed: contacts deleted, purged, never taken, or standing there twice."""

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import update

from services.dialer_sync.steps.results import NEVER_LISTED, RESULT_LOST_MESSAGE
from services.dialer_sync.ucce import campaigns
from services.dialer_sync.ucce.client import BASE
from shared.db import models
from tests.integration.dialer_sync.master_fixture import Desk
from tests.integration.dialer_sync.samples import WISHED
from tests.integration.dialer_sync.test_call_results import dial

ACCEPTED_ONLY = {"kind": "import", "method": "POST", "status": 200}  # said to be imported, and not taken


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def imported(desk: Desk, count: int, **values: Any) -> list[str]:
    """Callbacks in UCCE, once listed."""
    due = desk.add(count, **values)
    desk.cycle()
    desk.clock.advance(5)
    desk.cycle()
    assert all(desk.attempts(one)[0].listed_at == desk.clock.now for one in (due[0], due[-1]))
    return due


# removed


def test_deleted_contacts_are_all_noticed_at_once(desk: Desk) -> None:
    due = imported(desk, 300)
    before = counted("cm_results_total", outcome="result_lost")
    desk.simulator.control.purge(*due[:250], any=True)
    desk.cycle()
    assert set(desk.statuses(due)) == {"imported"}, "one reading was enough"
    desk.cycles(135)
    assert desk.statuses(due) == ["failed"] * 250 + ["imported"] * 50
    callback = desk.callback(due[0])
    assert (callback.outcome, callback.reason, callback.open_rank) == ("result_lost", RESULT_LOST_MESSAGE, None)
    assert desk.attempts(due[0])[0].outcome == "result_lost"
    assert counted("cm_results_total", outcome="result_lost") == before + 250
    assert len(desk.posts()) == 1


def test_a_result_that_was_purged_before_it_was_read_is_lost_and_not_no_result(desk: Desk) -> None:
    (account_number,) = imported(desk, 1)
    dial(desk, [account_number], {account_number: 10})
    assert desk.simulator.control.purge() == 1
    desk.cycle()
    desk.cycles(135)
    callback = desk.callback(account_number)
    assert (callback.status, callback.outcome) == ("failed", "result_lost")
    assert len(desk.simulator.control.calls(account_number)) == 1


def test_a_list_that_is_short_for_a_moment_loses_nothing(desk: Desk) -> None:
    due = imported(desk, 5)
    for _ in range(4):
        desk.simulator.control.behaviour(listLagSeconds=3600)
        desk.cycles(90)
        desk.simulator.control.behaviour(listLagSeconds=0)
        desk.cycles(15)
    assert desk.statuses(due) == ["imported"] * 5


def test_deleted_campaigns_lose_what_was_unsettled_and_call_nobody_twice(desk: Desk) -> None:
    due = desk.add(2)
    desk.simulator.control.next_answer(kind="import", method="POST", status=500, take=True)
    desk.simulator.control.next_answer(kind="import", method="GET", status=500)
    desk.cycle()
    desk.context.client._call("DELETE", f"{BASE}/campaign/{desk.campaign().ucce_id}")
    desk.clock.advance(5)
    desk.cycle()
    assert desk.statuses(due) == ["failed"] * 2
    assert "deleted in UCCE" in desk.callback(due[0]).reason
    assert desk.simulator.control.duplicates() == []


# never taken


def test_what_ucce_accepted_and_never_lists_is_sent_again(desk: Desk) -> None:
    due = desk.add(3)
    before = counted("cm_never_listed_total", campaign="Billing_Callback")
    desk.simulator.control.next_answer(**ACCEPTED_ONLY)
    desk.cycle()
    assert desk.statuses(due) == ["imported"] * 3
    desk.clock.advance(5)
    desk.cycle()
    desk.cycles(90)
    assert desk.statuses(due) == ["imported"] * 3
    desk.cycles(45)
    assert desk.simulator.control.taken() == [f"{one}-01" for one in due]
    assert desk.statuses(due) == ["imported"] * 3
    assert desk.events(due[0])[2:4] == [("imported", "scheduled"), ("scheduled", "importing")]
    assert [attempt.contact_key for attempt in desk.attempts(due[0])] == [f"{due[0]}-01"]
    assert counted("cm_never_listed_total", campaign="Billing_Callback") == before + 3
    dial(desk, due, dict.fromkeys(due, 10))
    desk.cycle()
    assert desk.statuses(due) == ["completed"] * 3


def test_what_shows_late_in_the_list_is_not_sent_again(desk: Desk) -> None:
    due = desk.add(3)
    desk.simulator.control.behaviour(listLagSeconds=3600)
    desk.cycle()
    desk.clock.advance(5)
    desk.cycle()
    desk.cycles(90)
    desk.simulator.control.behaviour(listLagSeconds=0)
    desk.cycles(200)
    assert len(desk.posts()) == 1
    assert desk.statuses(due) == ["imported"] * 3


def test_what_was_never_taken_expires_with_that_reason_when_its_window_has_passed(desk: Desk) -> None:
    (account_number,) = desk.add()
    before = counted("cm_expired_total", campaign="Billing_Callback")
    desk.simulator.control.next_answer(**ACCEPTED_ONLY)
    desk.cycle()
    desk.clock.advance(91 * 60)
    desk.cycle()
    desk.cycles(135)
    callback = desk.callback(account_number)
    assert (callback.status, callback.open_rank) == ("expired", None)
    assert callback.reason == f"{NEVER_LISTED}, and its window has passed"
    assert desk.events(account_number)[-2:] == [("imported", "scheduled"), ("scheduled", "expired")]
    assert counted("cm_expired_total", campaign="Billing_Callback") == before + 1
    assert len(desk.posts()) == 1


def test_what_may_have_been_deleted_with_others_is_not_sent_again(desk: Desk) -> None:
    """All contacts of the campaign are deleted between an import and its first reading: it may have been dialled."""
    first = imported(desk, 2)
    second = desk.add(2)
    desk.cycle()
    desk.simulator.control.purge(any=True)
    desk.clock.advance(5)
    desk.cycle()
    desk.cycles(150)
    assert desk.statuses(first + second) == ["failed"] * 4
    third = desk.add(1)
    desk.simulator.control.next_answer(**ACCEPTED_ONLY)
    desk.cycle()
    desk.clock.advance(5)
    desk.cycles(150)
    assert desk.simulator.control.taken()[-1] == f"{third[0]}-01", "what was sent after the deletion is sent again"


def test_what_a_purge_may_have_removed_is_not_sent_again(desk: Desk) -> None:
    (account_number,) = desk.add()
    desk.simulator.control.next_answer(**ACCEPTED_ONLY)
    desk.cycle()
    desk.clock.advance(24 * 3600)
    desk.cycle()
    desk.cycles(135)
    assert (desk.callback(account_number).status, desk.callback(account_number).outcome) == ("failed", "result_lost")
    assert len(desk.posts()) == 1


def test_what_was_unsettled_for_longer_than_a_purge_takes_is_not_sent_again(desk: Desk) -> None:
    (account_number,) = desk.add()
    desk.world.settings(expire_minutes=3 * 24 * 60)
    desk.world.config_cache.reload()
    desk.simulator.control.next_answer(kind="import", method="POST", status=500)
    desk.cycle()
    desk.clock.advance(24 * 3600)
    desk.cycle()
    desk.cycles(135)
    assert (desk.callback(account_number).status, desk.callback(account_number).outcome) == ("failed", "result_lost")
    assert "may have been purged or deleted" in desk.callback(account_number).reason
    assert len(desk.posts()) == 1


# the campaign that it was sent to


@pytest.mark.parametrize("lost", [True, False])
def test_an_attempt_is_looked_for_in_the_campaign_that_it_was_sent_to(desk: Desk, lost: bool) -> None:
    (account_number,) = desk.add()
    if lost:
        desk.simulator.control.next_answer(kind="import", method="POST", status=500, take=True)
        desk.simulator.control.next_answer(kind="import", method="GET", status=500)
    desk.cycle()
    sent_to = desk.campaign().ucce_id
    assert desk.attempts(account_number)[0].ucce_campaign_id == sent_to
    elsewhere = WISHED | {"skillGroupInfos": [{"skillGroup": 5005, "dialedNumber": "1"}]}
    other = campaigns.create(desk.context.client, elsewhere)
    desk.configure_campaign(ucce_id=other)
    desk.clock.advance(5)
    desk.cycle()
    assert desk.callback(account_number).status == "imported"
    desk.simulator.control.results(accounts={account_number: 10})
    desk.simulator.control.dialer(paused=False, advance=30)
    desk.simulator.control.dialer(advance=30)
    desk.clock.advance(5)
    desk.cycle()
    assert desk.callback(account_number).status == "completed"
    assert len(desk.posts()) == 1


def test_results_are_read_although_the_campaign_is_not_known_to_be_in_ucce(desk: Desk) -> None:
    due = imported(desk, 2)
    dial(desk, due, dict.fromkeys(due, 10))
    with desk.world.database.writing() as tx:
        tx.execute(update(models.Campaign).values(enabled=False, sync_state="error", version=9))
        tx.commit()
    desk.configure_campaign(ucce_id=None)
    desk.clock.advance(timedelta(minutes=1).total_seconds())
    desk.cycle()
    assert desk.statuses(due) == ["completed"] * 2


# twice


def test_a_contact_that_stands_twice_in_the_list_is_said(desk: Desk) -> None:
    due = imported(desk, 20)
    before = counted("cm_listed_twice_total", campaign="Billing_Callback")
    desk.simulator.control.copy(due[3])
    assert f"contact {due[3]}-01 stands twice in UCCE's list" in desk.cycle()
    assert desk.errors[-1].message == f"contact {due[3]}-01 stands twice in UCCE's list of Billing_Callback"
    desk.cycle()
    assert counted("cm_listed_twice_total", campaign="Billing_Callback") == before + 1
    assert "stands twice" in (desk.context.list_problem() or "")
    desk.simulator.control.purge(due[3], any=True)
    desk.clock.advance(3601)
    desk.cycle()
    assert desk.context.list_problem() is None
