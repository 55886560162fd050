"""Campaigns: the desired state is brought to UCCE, and what UCCE has is written back."""

from typing import Any

import pytest

from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.support.until import until

BASE = "/unifiedconfig/config/campaign"


def test_a_desired_campaign_is_created_with_its_skills_and_parameters(master: MasterFixture) -> None:
    row = master.campaign()
    assert (row.sync_state, row.sync_message, row.drift, row.applied_version) == ("in_sync", None, None, row.version)
    assert (row.observed["name"], row.observed["dialingMode"]) == ("Billing_Callback", "PROGRESSIVEONLY")
    assert row.observed["skillGroupInfos"][0]["skillGroup"] == 5004
    assert row.synced_at == master.clock.now


def test_a_changed_desired_state_is_brought_to_ucce_once(master: MasterFixture) -> None:
    master.configure_campaign(parameters={"dialingMode": "PREVIEWONLY"}, description="New", enabled=False, version=2)
    assert master.cycle() == "1 campaigns in sync"
    row = master.campaign()
    observed = row.observed
    assert (observed["dialingMode"], observed["enabled"], observed["description"]) == ("PREVIEWONLY", "false", "New")
    assert (row.change_stamp, row.applied_version) == (1, 2)
    assert master.cycle() == "nothing to do"
    assert len(master.simulator.control.received(method="PUT")) == 1


def test_a_desired_state_that_ucce_refuses_shows_its_message_and_is_tried_again_later(master: MasterFixture) -> None:
    master.configure_campaign(parameters={"noAnswerRingLimit": 500}, version=2)
    assert master.cycle() == "1 campaigns not in sync"
    row = master.campaign()
    assert (row.sync_state, row.applied_version) == ("error", 1)
    assert "noAnswerRingLimit: This field must contain a value from 2 to 10" in row.sync_message
    assert master.cycle() == "nothing to do"
    master.configure_campaign(parameters={"noAnswerRingLimit": 5}, version=3)
    master.clock.advance(60)
    assert master.cycle() == "1 campaigns in sync"
    assert master.campaign().sync_message is None


def test_callbacks_are_handed_over_although_a_change_of_their_campaign_is_refused(master: MasterFixture) -> None:
    master.configure_campaign(parameters={"noAnswerRingLimit": 500}, version=2)
    master.add(2)
    assert master.cycle() == "1 campaigns not in sync; handed over 2"


def test_while_ucce_is_down_a_campaign_stays_pending_and_says_why(master: MasterFixture) -> None:
    master.configure_campaign(description="New", version=2)
    master.simulator.kill()
    try:
        master.cycle()
        row = master.campaign()
        assert row.sync_state == "pending"
        assert "cannot be reached" in row.sync_message
    finally:
        master.simulator.start()
    master.clock.advance(60)
    assert master.cycle() == "1 campaigns in sync"


@pytest.mark.parametrize("parameters", [{}, {"maxAttempts": 3}, {"retries": {"busySignalDelay": 5}}])
def test_ucce_is_told_to_call_once_where_the_retries_are_ours(
    master: MasterFixture, parameters: dict[str, Any]
) -> None:
    # The desired state, of an administrator of an earlier version; UCCE's own default is 3.
    master.configure_campaign(parameters=parameters, max_attempts=2, version=2)
    assert master.cycle() == "1 campaigns in sync"
    assert ucce_has(master, "maxAttempts") == "1"
    master.clock.advance(301)
    assert master.cycle() == "nothing to do"


def test_attempts_that_somebody_gives_ucce_are_drift_and_taken_back(master: MasterFixture) -> None:
    found = master.campaign()
    body = f"<campaign><changeStamp>{found.change_stamp}</changeStamp><maxAttempts>3</maxAttempts></campaign>"
    master.context.client.put("campaign", f"{BASE}/{found.ucce_id}", body.encode())
    master.clock.advance(301)
    assert master.cycle() == "1 campaigns drifted"
    assert master.campaign().drift == {"maxAttempts": {"desired": 1, "observed": "3"}}
    assert master.cycle() == "1 campaigns in sync"
    assert ucce_has(master, "maxAttempts") == "1"


def test_where_ucce_retries_it_has_the_campaigns_own_attempts_and_delays(master: MasterFixture) -> None:
    parameters = {"maxAttempts": 4, "retries": {"busySignalDelay": 7}}
    master.configure_campaign(parameters=parameters, retries_by_ucce=True, version=2)
    assert master.cycle() == "1 campaigns in sync"
    assert (ucce_has(master, "maxAttempts"), ucce_has(master, "retries/busySignalDelay")) == ("4", "7")


def ucce_has(master: MasterFixture, field: str) -> str | None:
    return master.context.client.get("campaign", f"{BASE}/{master.campaign().ucce_id}", root="campaign").findtext(field)


def test_drift_is_found_kept_and_mended(master: MasterFixture) -> None:
    found = master.campaign()
    body = f"<campaign><changeStamp>{found.change_stamp}</changeStamp><dialingMode>INBOUND</dialingMode></campaign>"
    master.context.client.put("campaign", f"{BASE}/{found.ucce_id}", body.encode())
    assert master.cycle() == "nothing to do"
    master.clock.advance(301)
    assert master.cycle() == "1 campaigns drifted"
    row = master.campaign()
    assert row.drift == {"dialingMode": {"desired": "PROGRESSIVEONLY", "observed": "INBOUND"}}
    assert (row.sync_state, row.sync_message) == ("pending", "UCCE had it otherwise: dialingMode")
    assert master.cycle() == "1 campaigns in sync"
    assert master.campaign().observed["dialingMode"] == "PROGRESSIVEONLY"


def test_a_campaign_created_by_a_call_whose_answer_was_lost_is_found_by_its_name(master: MasterFixture) -> None:
    first = master.campaign().ucce_id
    master.context.client._call("DELETE", f"{BASE}/{first}")
    master.configure_campaign(ucce_id=None, sync_state="pending")
    master.simulator.control.next_answer(kind="campaigns", method="POST", reset="after")
    master.cycle()
    assert master.campaign().ucce_id is None
    master.clock.advance(60)
    assert master.cycle() == "1 campaigns in sync"
    creates = master.simulator.control.received(kind="campaigns", method="POST")
    assert len(creates) == 2  # the fixture's and the one whose answer was lost
    assert master.campaign().ucce_id == first + 1


def test_a_desired_state_that_changes_while_it_is_brought_stays_pending(master: MasterFixture) -> None:
    master.configure_campaign(description="First", version=2)

    def change_once(seconds: float) -> None:
        if master.campaign().version == 2:
            master.configure_campaign(description="Second", version=3, sync_state="pending")

    master.guard = change_once
    master.renew()
    master.cycle()
    assert master.campaign().applied_version == 1
    master.cycle()
    row = master.campaign()
    assert (row.sync_state, row.applied_version, row.observed["description"]) == ("in_sync", 3, "Second")


def test_a_skill_without_a_ucce_skill_group_is_named(master: MasterFixture) -> None:
    master.world.configure(models.Skill, {"ucce_skill_group_id": None}, id=master.world.skill_id)
    master.configure_campaign(version=2)
    master.cycle()
    row = master.campaign()
    assert (row.sync_state, row.sync_message) == ("error", "the skill Billing has no UCCE skill group")


def save(master: MasterFixture, version: int, parameters: dict[str, Any]) -> None:
    """An administrator saves the campaign."""
    master.world.configure(models.Campaign, {"parameters": parameters, "version": version}, id=master.world.campaign_id)


def put(master: MasterFixture, xml: str) -> None:
    """Somebody changes the campaign in UCCE."""
    body = f"<campaign><changeStamp>{master.campaign().change_stamp}</changeStamp>{xml}</campaign>"
    master.context.client.put("campaign", f"{BASE}/{master.campaign().ucce_id}", body.encode())


def test_a_window_that_was_left_to_ucce_bounds_the_slots_as_soon_as_it_is_seen(master: MasterFixture) -> None:
    save(master, 2, {"dialingMode": "PROGRESSIVEONLY"})
    assert master.cycle() == "1 campaigns in sync"
    assert master.world.config_cache.reload().campaign_by_id[master.world.campaign_id].window.always
    put(master, "<startTime>09:00</startTime><endTime>10:00</endTime>")
    master.clock.advance(301)

    assert master.cycle() == "nothing to do"  # it is no drift: we desire nothing there

    window = master.world.config_cache.reload().campaign_by_id[master.world.campaign_id].window
    assert (window.opens, window.closes) == (9 * 60, 10 * 60)
    assert master.world.refusal(start="2026-11-24T11:25").code == "no_slot"
    assert master.world.book(start="2026-11-24T09:25").callback.status == "scheduled"


def test_a_window_that_is_cleared_in_the_portal_bounds_the_slots_as_long_as_ucce_keeps_it(
    master: MasterFixture,
) -> None:
    save(master, 2, {"startTime": "09:00", "endTime": "10:00"})
    master.cycle()
    save(master, 3, {})

    assert master.cycle() == "1 campaigns in sync"  # what is left empty is not sent, and UCCE keeps what it has
    assert master.world.refusal(start="2026-11-24T11:25").code == "no_slot"

    save(master, 4, {"startTime": "00:00", "endTime": "23:59"})
    assert master.world.book(start="2026-11-24T11:25").callback.status == "scheduled"


IVR = {"ivr_route_point": "9900", "ivr_ports": 20, "abandoned_route_point": "9901"}


def test_an_ivr_campaign_reaches_ucce_with_its_route_points_and_without_a_dialed_number(master: MasterFixture) -> None:
    master.world.configure(models.CampaignSkill, {**IVR, "dialed_number": None}, campaign_id=master.world.campaign_id)
    save(master, 2, {"dialingMode": "PROGRESSIVEONLY", "campaignPurposeType": "ivrCampaign"})
    assert master.cycle() == "1 campaigns in sync"
    group = "skillGroupInfos/skillGroupInfo"
    told = [ucce_has(master, f"{group}/{name}") for name in ("ivrRoutePoint", "ivrPorts", "abandonedRoutePoint")]
    assert (told, ucce_has(master, f"{group}/dialedNumber")) == (["9900", "20", "9901"], None)
    assert ucce_has(master, "campaignPurposeType") == "ivrCampaign"
    (number,) = master.add(1)
    master.simulator.control.results(accounts={number: [10]})
    master.simulator.control.dialer(paused=False)
    master.cycle()
    transfers = until(lambda: master.simulator.control.transfers(number))
    assert [(call["accountNumber"], call["routePoint"]) for call in transfers] == [(f"{number}-01", "9900")]


def test_a_route_point_that_somebody_changes_or_takes_away_there_is_drift_and_given_again(
    master: MasterFixture,
) -> None:
    master.world.configure(models.CampaignSkill, IVR, campaign_id=master.world.campaign_id)
    save(master, 2, {"dialingMode": "PROGRESSIVEONLY", "amdTreatmentMode": "transferToIVRRoutePoint"})
    master.cycle()
    assert ucce_has(master, "skillGroupInfos/skillGroupInfo/ivrRoutePoint") == "9900"
    skill_group = "<skillGroup><refURL>/unifiedconfig/config/skillgroup/5004</refURL></skillGroup>"
    put(master, f"<skillGroupInfos><skillGroupInfo>{skill_group}</skillGroupInfo></skillGroupInfos>")
    master.clock.advance(301)
    assert master.cycle() == "1 campaigns drifted"
    assert master.cycle() == "1 campaigns in sync"
    assert ucce_has(master, "skillGroupInfos/skillGroupInfo/ivrRoutePoint") == "9900"
    master.world.configure(
        models.CampaignSkill, {"ivr_route_point": None, "ivr_ports": 0}, campaign_id=master.world.campaign_id
    )
    save(master, 3, {"dialingMode": "PROGRESSIVEONLY"})
    assert master.cycle() == "1 campaigns in sync"
    assert ucce_has(master, "skillGroupInfos/skillGroupInfo/ivrRoutePoint") is None
