"""Campaigns in UCCE that are not ours, or that somebody switched off there, are left alone until a person decides."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from shared.db import models
from tests.integration.dialer_sync.master_fixture import Desk
from tests.integration.ucce_simulator.client import Client

DRIFT_CHECK = 301.0  # seconds, then UCCE's campaigns are compared again


@pytest.fixture
def outsider(desk: Desk) -> Iterator[Client]:
    """Somebody else who works in UCCE."""
    client = Client(desk.simulator)
    yield client
    client.session.close()


def written(desk: Desk, after: int) -> list[tuple[str, str]]:
    """What the product asked UCCE to do since the request numbered `after`, reads left out."""
    asked = desk.simulator.control.received(after=after, limit=10_000)
    return [(one["method"], one["path"]) for one in asked if one["method"] != "GET"]


def so_far(desk: Desk) -> int:
    received = desk.simulator.control.received(limit=10_000)
    return received[-1]["sequence"] if received else 0


def campaigns(desk: Desk) -> list[Any]:
    return list(desk.world.rows(models.Campaign))


def add_campaign(desk: Desk, number: int) -> None:
    """One more campaign, with a skill of its own."""
    desk.simulator.control.skill_group(7000 + number, f"Group_{number}")
    first = desk.campaign()
    stamp = {"version": 1, "changed_at": desk.clock.now}
    skill = desk.world.add(models.Skill, name=f"Skill {number}", ucce_skill_group_id=7000 + number,
                           accepts_bookings=True, **stamp)  # fmt: skip
    like_the_first = {
        "enabled": True, "parameters": first.parameters, "dial_prefix": "9", "dial_form": "national",
        "dial_region": "US", "dial_international_prefix": "011", "max_attempts": 1, "retry_delays": {},
        "hands_over": True, "sync_state": "pending",
    }  # fmt: skip
    campaign = desk.world.add(models.Campaign, name=f"Callback_{number}", **like_the_first, **stamp)
    desk.world.add(models.CampaignSkill, campaign_id=campaign, skill_id=skill, dialed_number=f"88002{number:02}",
                   overflow_agents=0, records_to_cache=1)  # fmt: skip


def test_five_foreign_campaigns_on_the_stored_ids_are_neither_changed_nor_dialled_into(
    desk: Desk, outsider: Client
) -> None:
    for number in range(1, 5):
        add_campaign(desk, number)
    desk.cycle()
    ours = campaigns(desk)
    assert [row.sync_state for row in ours] == ["in_sync"] * 5
    for number, row in enumerate(ours):  # another UCCE, where these ids stand for others
        assert outsider.update(row.ucce_id, f"<name>Payroll_{number}</name><enabled>false</enabled>").status_code == 200
    before = so_far(desk)
    desk.renew()  # the workers are started anew, beside that UCCE
    numbers = [number for row in ours for number in desk.add(2, campaign_id=row.id)]
    desk.cycles(2 * DRIFT_CHECK, step=30)

    assert written(desk, before) == []
    assert desk.simulator.control.taken() == []
    assert set(desk.statuses(numbers)) == {"scheduled"}
    for number, row in enumerate(campaigns(desk)):
        assert (row.sync_state, row.hold) == ("error", "not_ours")
        assert f"is called Payroll_{number}" in row.sync_message
        assert row.hold_candidates == [{"ucceId": row.ucce_id, "name": f"Payroll_{number}"}]
        assert row.observed["name"] == ours[number].name  # what we know of ours stays


def test_a_foreign_campaign_is_noticed_before_anything_is_imported_into_it(desk: Desk, outsider: Client) -> None:
    outsider.update(desk.campaign().ucce_id, "<name>Payroll</name>")
    before = so_far(desk)
    (number,) = desk.add(1)
    said = desk.cycle()  # long before the next drift check
    assert "is called Payroll" in said
    assert written(desk, before) == []
    assert desk.callback(number).status == "scheduled"
    assert [event for event in desk.events(number) if event[1] == "importing"] == []


def test_a_campaign_that_gets_its_name_back_is_ours_again(desk: Desk, outsider: Client) -> None:
    number = desk.campaign().ucce_id
    outsider.update(number, "<name>Renamed_there</name>")
    desk.add(1)
    desk.cycle()
    assert desk.campaign().hold == "not_ours"
    outsider.update(number, "<name>Billing_Callback</name>")
    desk.cycles(120)
    assert (desk.campaign().sync_state, desk.campaign().hold) == ("in_sync", None)
    assert len(desk.simulator.control.taken()) == 1


def test_a_campaign_of_the_wished_name_that_we_did_not_make_is_not_taken_over(desk: Desk, outsider: Client) -> None:
    stranger = outsider.create("<enabled>false</enabled>", name="callback_1", group=5001)
    add_campaign(desk, 1)
    before = so_far(desk)
    desk.cycles(DRIFT_CHECK)
    row = campaigns(desk)[1]
    assert (row.sync_state, row.hold, row.ucce_id) == ("error", "not_ours", None)
    assert row.hold_candidates == [{"ucceId": stranger, "name": "callback_1"}]
    assert written(desk, before) == []


def test_a_foreign_campaign_and_one_of_our_name_are_both_named_to_choose_from(desk: Desk, outsider: Client) -> None:
    number = desk.campaign().ucce_id
    outsider.update(number, "<name>Payroll</name>")
    namesake = outsider.create(name="Billing_Callback", group=5001)
    desk.clock.advance(DRIFT_CHECK)
    desk.cycle()
    desk.cycles(60)
    assert desk.campaign().hold_candidates == [
        {"ucceId": number, "name": "Payroll"}, {"ucceId": namesake, "name": "Billing_Callback"},
    ]  # fmt: skip


def test_a_rename_of_ours_whose_answer_was_lost_is_ours_by_either_name(desk: Desk) -> None:
    desk.configure_campaign(name="Billing_Evening", version=2, sync_state="pending")
    desk.simulator.control.next_answer(kind="campaigns", method="PUT", reset="after")
    desk.cycle()
    (number,) = desk.add(1)
    desk.clock.advance(1)
    desk.cycle()
    row = desk.campaign()
    assert (row.sync_state, row.hold, row.observed["name"]) == ("in_sync", None, "Billing_Evening")
    assert desk.callback(number).status == "imported"


def test_a_rename_of_ours_that_ucce_never_got_is_ours_by_the_old_name(desk: Desk) -> None:
    desk.configure_campaign(name="Billing_Evening", version=2, sync_state="pending")
    desk.simulator.control.next_answer(kind="campaigns", method="PUT", reset="before")
    desk.cycle()
    (number,) = desk.add(1)
    desk.cycles(30)
    assert (desk.campaign().hold, desk.campaign().observed["name"]) == (None, "Billing_Evening")
    assert desk.callback(number).status == "imported"


def test_a_rename_here_waits_while_somebody_renamed_it_there(desk: Desk, outsider: Client) -> None:
    outsider.update(desk.campaign().ucce_id, "<name>Renamed_there</name>")
    desk.configure_campaign(name="Renamed_here", version=2, sync_state="pending")
    before = so_far(desk)
    desk.cycles(60)
    assert (desk.campaign().sync_state, desk.campaign().hold) == ("error", "not_ours")
    assert written(desk, before) == []


def test_a_name_that_ucce_spells_in_another_case_is_no_difference(desk: Desk, outsider: Client) -> None:
    outsider.update(desk.campaign().ucce_id, "<name>BILLING_CALLBACK</name>")
    (number,) = desk.add(1)
    desk.cycle()
    desk.clock.advance(DRIFT_CHECK)
    desk.cycle()
    assert (desk.campaign().sync_state, desk.campaign().hold) == ("in_sync", None)
    assert desk.callback(number).status == "imported"


def test_a_campaign_that_was_deleted_there_is_made_anew_and_a_namesake_is_not_taken_over(
    desk: Desk, outsider: Client
) -> None:
    outsider.send("DELETE", f"/campaign/{desk.campaign().ucce_id}")
    namesake = outsider.create(name="Billing_Callback", group=5001)
    before = so_far(desk)
    desk.add(1)
    desk.cycles(60)
    assert (desk.campaign().hold, desk.campaign().hold_candidates[0]["ucceId"]) == ("not_ours", namesake)
    assert written(desk, before) == []
    outsider.send("DELETE", f"/campaign/{namesake}")
    desk.cycles(120)
    assert desk.campaign().sync_state == "in_sync"
    assert len(desk.simulator.control.taken()) == 1


def test_two_campaigns_of_ours_cannot_be_the_same_one_in_ucce(desk: Desk) -> None:
    add_campaign(desk, 1)
    with pytest.raises(IntegrityError):
        desk.world.configure(models.Campaign, {"ucce_id": desk.campaign().ucce_id}, name="Callback_1")


def test_an_id_that_ucce_gives_anew_belongs_to_the_campaign_that_got_it(desk: Desk, outsider: Client) -> None:
    add_campaign(desk, 1)
    desk.cycle()
    old = [row.ucce_id for row in campaigns(desk)]
    for number in old:  # UCCE was set up anew, and numbers its campaigns in another order
        outsider.send("DELETE", f"/campaign/{number}")
    desk.world.configure(models.Campaign, {"ucce_id": max(old) + 1}, name="Callback_1")
    desk.world.configure(models.Campaign, {"sync_state": "pending"})
    desk.cycles(120)
    assert [(row.sync_state, row.hold) for row in campaigns(desk)] == [("in_sync", None)] * 2
    assert [row.ucce_id for row in campaigns(desk)] == [max(old) + 1, max(old) + 2]


# switched off in UCCE


def stop_all(outsider: Client) -> None:
    """Cisco's emergency stop: every campaign that was made by the API is disabled."""
    assert outsider.send("PUT", "/campaign/disable").status_code == 200


def is_on(desk: Desk, outsider: Client) -> bool:
    return outsider.campaign(desk.campaign().ucce_id).findtext("enabled") == "true"


def resume(desk: Desk) -> None:
    """What the portal's button writes (services/admin_api/campaigns/hold_decisions.py)."""
    desk.configure_campaign(hold=None, held_at=None, hold_candidates=None, enabled_in_ucce=False, sync_state="pending",
                            version=desk.campaign().version + 1)  # fmt: skip


def test_an_emergency_stop_is_held_through_drift_checks_and_changes_until_a_person_resumes(
    desk: Desk, outsider: Client
) -> None:
    stop_all(outsider)
    before = so_far(desk)
    numbers = desk.add(2)
    desk.cycles(2 * DRIFT_CHECK, step=30)
    desk.configure_campaign(description="Edited meanwhile", version=2, sync_state="pending")
    desk.renew()
    desk.cycles(DRIFT_CHECK, step=30)
    row = desk.campaign()
    assert (is_on(desk, outsider), written(desk, before)) == (False, [])
    assert set(desk.statuses(numbers)) == {"scheduled"}
    assert (row.sync_state, row.hold) == ("error", "switched_off")
    assert "switched off in UCCE" in row.sync_message

    resume(desk)
    desk.cycles(120)
    assert is_on(desk, outsider)
    assert (desk.campaign().sync_state, desk.campaign().hold) == ("in_sync", None)
    assert len(desk.simulator.control.taken()) == 2


def test_a_stop_is_noticed_before_the_next_import(desk: Desk, outsider: Client) -> None:
    stop_all(outsider)
    (number,) = desk.add(1)
    assert "switched off in UCCE" in desk.cycle()  # long before the next drift check
    assert desk.callback(number).status == "scheduled"
    assert desk.simulator.control.taken() == []
    assert desk.campaign().held_at == desk.clock.now


def test_a_stop_stays_one_although_ucce_switches_it_on_again(desk: Desk, outsider: Client) -> None:
    number = desk.campaign().ucce_id
    outsider.update(number, "<enabled>false</enabled>")
    desk.clock.advance(DRIFT_CHECK)
    desk.cycle()
    since = desk.campaign().held_at
    outsider.update(number, "<enabled>true</enabled>")
    desk.add(1)
    desk.cycles(120)
    assert (desk.campaign().hold, desk.campaign().held_at) == ("switched_off", since)
    assert "UCCE has it switched on again" in desk.campaign().sync_message
    assert desk.simulator.control.taken() == []


def test_disabling_a_campaign_here_is_no_stop_and_enabling_it_again_dials(desk: Desk, outsider: Client) -> None:
    desk.configure_campaign(enabled=False, version=2, sync_state="pending")
    desk.cycle()
    assert (is_on(desk, outsider), desk.campaign().hold, desk.campaign().sync_state) == (False, None, "in_sync")
    desk.configure_campaign(enabled=True, version=3, sync_state="pending")
    desk.cycle()
    assert (is_on(desk, outsider), desk.campaign().hold) == (True, None)


def test_our_own_disabling_whose_answer_was_lost_is_no_stop(desk: Desk, outsider: Client) -> None:
    desk.configure_campaign(enabled=False, version=2, sync_state="pending")
    desk.simulator.control.next_answer(kind="campaigns", method="PUT", reset="after")
    desk.cycle()
    desk.configure_campaign(enabled=True, version=3, sync_state="pending")  # the administrator thinks better of it
    desk.cycles(30)
    assert (is_on(desk, outsider), desk.campaign().hold) == (True, None)


def test_a_campaign_that_is_disabled_here_after_a_stop_is_held_no_more(desk: Desk, outsider: Client) -> None:
    stop_all(outsider)
    desk.clock.advance(DRIFT_CHECK)
    desk.cycle()
    assert desk.campaign().hold == "switched_off"
    desk.configure_campaign(enabled=False, version=2, sync_state="pending")
    desk.cycles(120)
    assert (desk.campaign().sync_state, desk.campaign().hold) == ("in_sync", None)


def test_the_brake_of_a_campaign_is_no_stop(desk: Desk, outsider: Client) -> None:
    desk.configure_campaign(hands_over=False)
    desk.cycles(DRIFT_CHECK)
    assert (is_on(desk, outsider), desk.campaign().hold) == (True, None)


def test_a_resumption_that_comes_while_the_stop_is_being_written_down_counts(desk: Desk, outsider: Client) -> None:
    stop_all(outsider)
    desk.clock.advance(DRIFT_CHECK)
    desk.cycle()

    def resume_once(_seconds: float) -> None:
        if desk.campaign().hold is not None:
            resume(desk)

    desk.guard = resume_once
    desk.renew()
    desk.clock.advance(DRIFT_CHECK)
    desk.cycle()
    desk.cycles(120)
    assert (is_on(desk, outsider), desk.campaign().hold) == (True, None)
