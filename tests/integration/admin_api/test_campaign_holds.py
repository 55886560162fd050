"""A person's decisions on a campaign that the master holds: adopt it, make it anew, resume it."""

from typing import Any

import pytest

from shared.db.models import AuditLog, Campaign
from tests.support.admin_api import Browser
from tests.support.configured_database import NOW, World

PAYROLL = {"ucceId": 5001, "name": "Payroll_0"}
NAMESAKE = {"ucceId": 5077, "name": "BILLING_callback"}


def hold(world: World, **values: Any) -> str:
    """Hold the campaign as the master writes it; returns the path of its resource."""
    held = {
        "ucce_id": 5001, "ucce_names": ["Billing_Callback"], "hold": "not_ours", "held_at": NOW,
        "hold_candidates": [PAYROLL],
        "sync_state": "error", "sync_message": "Campaign 5001 in UCCE is called Payroll_0", "enabled_in_ucce": True,
        "applied_version": 1, "observed": {"name": "Billing_Callback", "startTime": "09:00"}, **values,
    }  # fmt: skip
    world.configure(Campaign, held, id=world.campaign_id)
    return f"/campaigns/{world.campaign_id}"


def stored(world: World) -> Any:
    return world.rows(Campaign, id=world.campaign_id)[0]


def test_the_state_shows_what_stands_in_ucce_and_since_when(world: World, viewer: Browser) -> None:
    path = hold(world)
    sync = viewer.get(f"{path}/sync").json
    assert (sync["hold"], sync["holdFound"]) == ("not_ours", [PAYROLL])
    assert sync["heldAt"] == NOW.isoformat()
    assert viewer.get(path).json["hold"] == "not_ours"
    (held,) = viewer.get("/live").json["heldCampaigns"]
    assert held == {"id": str(world.campaign_id), "name": "Billing_Callback", "hold": "not_ours",
                    "heldAt": NOW.isoformat(), "syncMessage": "Campaign 5001 in UCCE is called Payroll_0"}  # fmt: skip


def test_adopting_takes_over_the_campaign_that_was_seen_there(world: World, supervisor: Browser) -> None:
    answer = supervisor.post(f"{hold(world)}/adopt", PAYROLL)
    assert (answer.status_code, answer.json["hold"], answer.json["syncState"]) == (200, None, "pending")
    row = stored(world)
    assert (row.ucce_id, row.ucce_names, row.enabled_in_ucce, row.version) == (5001, ["Payroll_0"], False, 2)
    (entry,) = world.rows(AuditLog, action="adopt")
    assert (entry.who, entry.resource_id) == ("user:supervisor", str(world.campaign_id))
    assert entry.after["name"] == "Payroll_0"


def test_adopting_may_take_the_one_of_our_name(world: World, supervisor: Browser) -> None:
    path = hold(world, hold_candidates=[PAYROLL, NAMESAKE])
    assert supervisor.post(f"{path}/adopt", NAMESAKE).status_code == 200
    assert (stored(world).ucce_id, stored(world).ucce_names) == (5077, ["BILLING_callback"])


@pytest.mark.parametrize("other", [{"ucceId": 5002, "name": "Payroll_0"}, {"ucceId": 5001, "name": "Payroll_1"}])
def test_what_nobody_saw_there_is_not_taken_over(world: World, supervisor: Browser, other: dict[str, Any]) -> None:
    refused = supervisor.post(f"{hold(world)}/adopt", other)
    assert (refused.status_code, refused.json["code"]) == (409, "not_held")
    assert stored(world).hold == "not_ours"


def test_a_campaign_of_another_one_of_ours_is_not_taken_over(world: World, supervisor: Browser) -> None:
    world.another_campaign("Second", ucce_id=5077)
    refused = supervisor.post(f"{hold(world, hold_candidates=[PAYROLL, NAMESAKE])}/adopt", NAMESAKE)
    assert (refused.status_code, refused.json["code"]) == (409, "already_exists")
    assert stored(world).ucce_id == 5001


def test_making_anew_forgets_the_stranger_and_what_was_known_of_it(world: World, supervisor: Browser) -> None:
    answer = supervisor.post(f"{hold(world)}/make-anew")
    assert (answer.status_code, answer.json["hold"], answer.json["ucceId"]) == (200, None, None)
    row = stored(world)
    assert (row.ucce_id, row.ucce_names, row.observed, row.sync_state) == (None, None, None, "pending")
    assert world.rows(AuditLog, action="make_anew")[0].before["ucce_id"] == 5001


def test_nothing_is_made_anew_beside_a_namesake(world: World, supervisor: Browser) -> None:
    refused = supervisor.post(f"{hold(world, hold_candidates=[PAYROLL, NAMESAKE])}/make-anew")
    assert (refused.status_code, refused.json["code"]) == (409, "already_exists")
    assert "5077" in refused.json["detail"]


def test_a_supervisor_resumes_what_was_switched_off_in_ucce(world: World, supervisor: Browser) -> None:
    path = hold(world, hold="switched_off", hold_candidates=None, sync_message="It was switched off in UCCE")
    answer = supervisor.post(f"{path}/resume")
    assert (answer.status_code, answer.json["hold"]) == (200, None)
    row = stored(world)
    assert (row.enabled_in_ucce, row.ucce_id, row.sync_state, row.version) == (False, 5001, "pending", 2)
    assert world.rows(AuditLog, action="resume")[0].who == "user:supervisor"


def test_asking_for_another_sync_resumes_nothing(world: World, supervisor: Browser) -> None:
    path = hold(world, hold="switched_off", hold_candidates=None)
    asked = supervisor.post(f"{path}/sync")
    assert (asked.status_code, asked.json["hold"], asked.json["syncState"]) == (202, "switched_off", "error")


def test_what_is_not_held_needs_no_decision(world: World, supervisor: Browser) -> None:
    path = hold(world, hold=None, hold_candidates=None, held_at=None)
    for action, body in (("adopt", PAYROLL), ("make-anew", None), ("resume", None)):
        refused = supervisor.post(f"{path}/{action}", body) if body else supervisor.post(f"{path}/{action}")
        assert (refused.status_code, refused.json["code"]) == (409, "not_held")


@pytest.mark.parametrize("action", ["adopt", "make-anew", "resume"])
def test_operators_decide_nothing_of_campaigns(world: World, operator: Browser, action: str) -> None:
    assert operator.post(f"{hold(world)}/{action}", PAYROLL if action == "adopt" else None).status_code == 403


def test_a_campaign_whose_place_a_stranger_has_can_be_deleted(world: World, supervisor: Browser) -> None:
    key = world.another_campaign("Moved_away", ucce_id=5001, hold="not_ours", held_at=NOW, sync_state="error")
    assert supervisor.delete(f"/campaigns/{key}", 1).status_code == 204
