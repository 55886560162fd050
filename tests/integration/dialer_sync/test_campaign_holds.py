"""Campaigns in UCCE that are not ours, or that somebody switched off there, are left alone until a person decides."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture, so_far, written
from tests.integration.ucce_simulator.client import Client

DRIFT_CHECK = 301.0  # seconds, then UCCE's campaigns are compared again


def campaigns(master: MasterFixture) -> list[Any]:
    return list(master.world.rows(models.Campaign))


def add_campaign(master: MasterFixture, number: int) -> None:
    """One more campaign, with a skill of its own."""
    master.simulator.control.skill_group(7000 + number, f"Group_{number}")
    first = master.campaign()
    stamp = {"version": 1, "changed_at": master.clock.now}
    skill = master.world.add(models.Skill, name=f"Skill {number}", ucce_skill_group_id=7000 + number,
                           accepts_bookings=True, **stamp)  # fmt: skip
    like_the_first = {
        "enabled": True, "parameters": first.parameters, "dial_prefix": "9", "dial_form": "national",
        "dial_region": "US", "dial_international_prefix": "011", "max_attempts": 1, "retry_delays": {},
        "hands_over": True, "sync_state": "pending",
    }  # fmt: skip
    campaign = master.world.add(models.Campaign, name=f"Callback_{number}", **like_the_first, **stamp)
    master.world.add(models.CampaignSkill, campaign_id=campaign, skill_id=skill, dialed_number=f"88002{number:02}",
                   overflow_agents=0, records_to_cache=1)  # fmt: skip


def test_five_foreign_campaigns_on_the_stored_ids_are_neither_changed_nor_dialled_into(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    for number in range(1, 5):
        add_campaign(master, number)
    master.cycle()
    ours = campaigns(master)
    assert [row.sync_state for row in ours] == ["in_sync"] * 5
    for number, row in enumerate(ours):  # another UCCE, where these ids stand for others
        assert (
            other_ucce_client.update(row.ucce_id, f"<name>Payroll_{number}</name><enabled>false</enabled>").status_code
            == 200
        )
    before = so_far(master)
    master.renew()  # the workers are started anew, beside that UCCE
    numbers = [number for row in ours for number in master.add(2, campaign_id=row.id)]
    master.cycles(2 * DRIFT_CHECK, step=30)

    assert written(master, before) == []
    assert master.simulator.control.taken() == []
    assert set(master.statuses(numbers)) == {"scheduled"}
    for number, row in enumerate(campaigns(master)):
        assert (row.sync_state, row.hold) == ("error", "not_ours")
        assert f"is called Payroll_{number}" in row.sync_message
        assert row.hold_candidates == [{"ucceId": row.ucce_id, "name": f"Payroll_{number}"}]
        assert row.observed["name"] == ours[number].name  # what we know of ours stays


def test_a_foreign_campaign_is_noticed_before_anything_is_imported_into_it(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    other_ucce_client.update(master.campaign().ucce_id, "<name>Payroll</name>")
    before = so_far(master)
    (number,) = master.add(1)
    said = master.cycle()  # long before the next drift check
    assert "is called Payroll" in said
    assert written(master, before) == []
    assert master.callback(number).status == "scheduled"
    assert [event for event in master.events(number) if event[1] == "importing"] == []


def test_a_campaign_that_gets_its_name_back_is_ours_again(master: MasterFixture, other_ucce_client: Client) -> None:
    number = master.campaign().ucce_id
    other_ucce_client.update(number, "<name>Renamed_there</name>")
    master.add(1)
    master.cycle()
    assert master.campaign().hold == "not_ours"
    other_ucce_client.update(number, "<name>Billing_Callback</name>")
    master.cycles(120)
    assert (master.campaign().sync_state, master.campaign().hold) == ("in_sync", None)
    assert len(master.simulator.control.taken()) == 1


def test_a_campaign_of_the_desired_name_that_we_did_not_make_is_not_taken_over(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    stranger = other_ucce_client.create("<enabled>false</enabled>", name="callback_1", group=5001)
    add_campaign(master, 1)
    before = so_far(master)
    master.cycles(DRIFT_CHECK)
    row = campaigns(master)[1]
    assert (row.sync_state, row.hold, row.ucce_id) == ("error", "not_ours", None)
    assert row.hold_candidates == [{"ucceId": stranger, "name": "callback_1"}]
    assert written(master, before) == []


def test_a_foreign_campaign_and_one_of_our_name_are_both_named_to_choose_from(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    number = master.campaign().ucce_id
    other_ucce_client.update(number, "<name>Payroll</name>")
    namesake = other_ucce_client.create(name="Billing_Callback", group=5001)
    master.clock.advance(DRIFT_CHECK)
    master.cycle()
    master.cycles(60)
    assert master.campaign().hold_candidates == [
        {"ucceId": number, "name": "Payroll"}, {"ucceId": namesake, "name": "Billing_Callback"},
    ]  # fmt: skip


def test_a_rename_of_ours_whose_answer_was_lost_is_ours_by_either_name(master: MasterFixture) -> None:
    master.configure_campaign(name="Billing_Evening", version=2, sync_state="pending")
    master.simulator.control.next_answer(kind="campaigns", method="PUT", reset="after")
    master.cycle()
    (number,) = master.add(1)
    master.clock.advance(1)
    master.cycle()
    row = master.campaign()
    assert (row.sync_state, row.hold, row.observed["name"]) == ("in_sync", None, "Billing_Evening")
    assert master.callback(number).status == "imported"


def test_a_rename_of_ours_that_ucce_never_got_is_ours_by_the_old_name(master: MasterFixture) -> None:
    master.configure_campaign(name="Billing_Evening", version=2, sync_state="pending")
    master.simulator.control.next_answer(kind="campaigns", method="PUT", reset="before")
    master.cycle()
    (number,) = master.add(1)
    master.cycles(30)
    assert (master.campaign().hold, master.campaign().observed["name"]) == (None, "Billing_Evening")
    assert master.callback(number).status == "imported"


def test_a_rename_here_waits_while_somebody_renamed_it_there(master: MasterFixture, other_ucce_client: Client) -> None:
    other_ucce_client.update(master.campaign().ucce_id, "<name>Renamed_there</name>")
    master.configure_campaign(name="Renamed_here", version=2, sync_state="pending")
    before = so_far(master)
    master.cycles(60)
    assert (master.campaign().sync_state, master.campaign().hold) == ("error", "not_ours")
    assert written(master, before) == []


def test_a_name_that_ucce_spells_in_another_case_is_no_difference(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    other_ucce_client.update(master.campaign().ucce_id, "<name>BILLING_CALLBACK</name>")
    (number,) = master.add(1)
    master.cycle()
    master.clock.advance(DRIFT_CHECK)
    master.cycle()
    assert (master.campaign().sync_state, master.campaign().hold) == ("in_sync", None)
    assert master.callback(number).status == "imported"


def test_a_campaign_that_was_deleted_there_is_made_anew_and_a_namesake_is_not_taken_over(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    other_ucce_client.send("DELETE", f"/campaign/{master.campaign().ucce_id}")
    namesake = other_ucce_client.create(name="Billing_Callback", group=5001)
    before = so_far(master)
    master.add(1)
    master.cycles(60)
    assert (master.campaign().hold, master.campaign().hold_candidates[0]["ucceId"]) == ("not_ours", namesake)
    assert written(master, before) == []
    other_ucce_client.send("DELETE", f"/campaign/{namesake}")
    master.cycles(120)
    assert master.campaign().sync_state == "in_sync"
    assert len(master.simulator.control.taken()) == 1


def test_two_campaigns_of_ours_cannot_be_the_same_one_in_ucce(master: MasterFixture) -> None:
    add_campaign(master, 1)
    with pytest.raises(IntegrityError):
        master.world.configure(models.Campaign, {"ucce_id": master.campaign().ucce_id}, name="Callback_1")


def test_an_id_that_ucce_gives_anew_belongs_to_the_campaign_that_got_it(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    add_campaign(master, 1)
    master.cycle()
    old = [row.ucce_id for row in campaigns(master)]
    for number in old:  # UCCE was set up anew, and numbers its campaigns in another order
        other_ucce_client.send("DELETE", f"/campaign/{number}")
    master.world.configure(models.Campaign, {"ucce_id": max(old) + 1}, name="Callback_1")
    master.world.configure(models.Campaign, {"sync_state": "pending"})
    master.cycles(120)
    assert [(row.sync_state, row.hold) for row in campaigns(master)] == [("in_sync", None)] * 2
    assert [row.ucce_id for row in campaigns(master)] == [max(old) + 1, max(old) + 2]
