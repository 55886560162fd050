"""Handing over to the simulator: what is sent, in which order, how often, and what each answer does."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from services.dialer_sync.steps.hand_over import CANARY
from services.dialer_sync.ucce import contact_list as contacts
from shared.callbacks.brakes import BrakeChange, set_brakes
from shared.db import models
from shared.db.audit import Author
from tests.integration.dialer_sync.master_fixture import Desk
from tests.support.databases import ON_SERVER


def test_what_is_due_is_imported_once_under_its_contact_key(desk: Desk) -> None:
    due = desk.add(3)
    later = desk.add(due=desk.clock.now + timedelta(minutes=1))
    assert desk.cycle() == "handed over 3"
    assert desk.statuses(due) == ["imported"] * 3
    assert desk.statuses(later) == ["scheduled"]
    assert desk.simulator.control.taken() == [f"{account_number}-01" for account_number in due]
    assert desk.cycle() == "nothing to do"
    assert len(desk.posts()) == 1


def test_the_timeline_and_the_attempt_tell_who_did_what(desk: Desk) -> None:
    (account_number,) = desk.add()
    desk.cycle()
    assert desk.events(account_number) == [("scheduled", "importing"), ("importing", "imported")]
    events = desk.world.rows(models.CallbackEvent, account_number=account_number)
    assert {event.who for event in events} == {"worker:node-a"}
    (attempt,) = desk.attempts(account_number)
    callback = desk.callback(account_number)
    assert (attempt.contact_key, attempt.number, attempt.epoch, attempt.node) == (
        f"{account_number}-01", 1, desk.context.actor.epoch, "node-a",
    )  # fmt: skip
    assert attempt.batch_id == callback.batch_id
    assert attempt.imported_at == desk.clock.now
    assert callback.attempts == 1


def listed_contact(desk: Desk) -> Any:
    """The one contact of the campaign, as UCCE lists it."""
    page = desk.context.client.get(
        "contacts", f"/unifiedconfig/config/campaign/{desk.campaign().ucce_id}/import", root="results"
    )
    (contact,) = page.iter("importContact")
    return contact


def test_the_contact_carries_digits_names_and_zone(desk: Desk) -> None:
    desk.add(phone="+442079460958", first_name="Per|Ove", last_name=None)
    desk.cycle()
    contact = listed_contact(desk)
    assert contact.findtext("phone01/number") == "9011442079460958"
    assert (contact.findtext("firstName"), contact.findtext("lastName")) == ("Per Ove", None)
    assert contact.findtext("phone01/gmtOffset") == str(1440 - 360)  # Chicago: UTC = local + 360
    assert contact.findtext("phone01/dstObserved") == "false"


@pytest.mark.parametrize(
    ("zone", "minutes_ahead"),
    [("America/Vancouver", -420), ("Africa/Casablanca", 0), ("Antarctica/Troll", 0), ("Australia/Lord_Howe", 660)],
)
def test_the_zone_of_a_contact_is_that_of_the_instant_it_is_due(desk: Desk, zone: str, minutes_ahead: int) -> None:
    # In the last week of November 2026. With the offset of another month UCCE would dial at another time than promised.
    desk.world.configure(models.Pool, {"time_zone": zone}, id=desk.world.pool_id)
    desk.world.config_cache.reload()
    desk.add()
    desk.cycle()
    contact = listed_contact(desk)
    assert contact.findtext("phone01/gmtOffset") == str(minutes_ahead % 1440)
    assert contact.findtext("phone01/dstObserved") == "false"


def test_the_longest_due_goes_first_within_and_between_batches(desk: Desk) -> None:
    desk.settings["batch_size"] = 2
    desk.renew()
    newest, oldest, middle = (desk.add(due=desk.clock.now - timedelta(minutes=m))[0] for m in (0, 9, 5))
    desk.cycle()
    assert desk.simulator.control.taken() == [f"{number}-01" for number in (oldest, middle, newest)]
    assert len(desk.posts()) == 2


def test_campaigns_take_turns_batch_by_batch(desk: Desk) -> None:
    desk.settings["batch_size"] = 2
    second = desk.world.add(
        models.Campaign, name="Second", enabled=True, parameters={}, dial_prefix="", dial_form="international",
        dial_region="US", dial_international_prefix="011", max_attempts=1, retry_delays={}, hands_over=True,
        sync_state="pending", version=1, changed_at=desk.clock.now,
    )  # fmt: skip
    skill = desk.world.add(
        models.Skill, name="Sales", ucce_skill_group_id=5005, accepts_bookings=True, version=1,
        changed_at=desk.clock.now,
    )  # fmt: skip
    desk.world.add(
        models.CampaignSkill, campaign_id=second, skill_id=skill, dialed_number="1", overflow_agents=0,
        records_to_cache=1,
    )  # fmt: skip
    desk.renew()
    desk.cycle()
    desk.add(3)
    desk.add(3, campaign_id=second)
    assert desk.cycle() == "handed over 6"
    first = desk.campaign().ucce_id
    assert [int(request["path"].split("/")[4]) - first for request in desk.posts()] == [0, 1, 0, 1]


# On a T-SQL server that is not Microsoft's, claiming 500 among 10,000 took minutes and 23 GB of the server's memory in
# two runs of five, and a fraction of a second in the others. SQL Server has not been measured: raise it there.
MANY = 1_000 if ON_SERVER else 10_000


def test_ten_thousand_due_take_twenty_requests(desk: Desk) -> None:
    desk.add(MANY)
    before = len(desk.simulator.control.received(limit=10_000))
    sentence = desk.cycle()
    assert sentence.startswith(f"handed over {MANY}")
    assert len(desk.posts()) == MANY // 500
    last_import = desk.posts()[-1]["sequence"]
    asked = [one for one in desk.simulator.control.received(limit=10_000)[before:] if one["sequence"] <= last_import]
    look_and_import = [("GET", "campaign"), ("POST", "import")]  # is the campaign still ours, and not switched off?
    assert [(one["method"], one["kind"]) for one in asked] == look_and_import * (MANY // 500)
    assert len(set(desk.simulator.control.taken())) == MANY


# brakes and paces


def test_a_campaign_hands_over_no_more_than_its_pace_in_an_interval(desk: Desk) -> None:
    desk.configure_campaign(max_hand_overs_per_cycle=4)
    desk.settings["batch_size"] = 3
    desk.renew()
    desk.add(10)
    assert desk.cycle() == "handed over 4"
    assert desk.cycle() == "nothing to do"
    desk.clock.advance(60)
    assert desk.cycle() == "handed over 4"


def test_the_brakes_hold_callbacks_back_until_they_are_released(desk: Desk) -> None:
    due = desk.add(2)
    desk.world.settings(hand_over=False)
    desk.world.config_cache.reload()
    assert desk.cycle() == "handing over is switched off"
    desk.world.settings(hand_over=True)
    desk.world.config_cache.reload()
    desk.configure_campaign(hands_over=False)
    assert desk.cycle() == "nothing to do"
    assert desk.statuses(due) == ["scheduled"] * 2
    desk.configure_campaign(hands_over=True)
    assert desk.cycle() == "handed over 2"


@pytest.mark.parametrize("campaign", [None, "Billing_Callback"])
def test_a_brake_set_while_a_cycle_hands_over_lets_no_further_batch_begin(desk: Desk, campaign: str | None) -> None:
    desk.settings["batch_size"] = 2
    desk.renew()
    due = desk.add(5)

    def braking(point: str) -> None:
        if point == "claimed":
            change = BrakeChange(hand_over=False, campaign=campaign)
            set_brakes(desk.world.database, change, now=desk.clock.now, by=Author("client:ops"))

    desk.context.checkpoint = braking
    assert desk.cycle() == "handed over 2"
    assert desk.statuses(due) == ["imported"] * 2 + ["scheduled"] * 3


def test_a_disabled_campaign_gets_nothing(desk: Desk) -> None:
    due = desk.add()
    desk.configure_campaign(enabled=False, version=2)
    assert desk.cycle() == "1 campaigns in sync"
    assert desk.statuses(due) == ["scheduled"]


def test_a_number_put_on_the_do_not_call_list_is_cancelled_and_its_place_given_back(desk: Desk) -> None:
    slot_start = desk.clock.now
    with desk.world.database.writing() as tx:
        tx.execute(insert(models.Slot).values(pool_id=desk.world.pool_id, start_at=slot_start, capacity=3, booked=3))
        tx.execute(insert(models.DoNotCall).values(phone="+13125550001", added_at=slot_start))
        tx.commit()
    listed = desk.add(phone="+13125550001")
    others = desk.add(2)
    assert desk.cycle() == "cancelled 1 on the do-not-call list; handed over 2"
    callback = desk.callback(listed[0])
    assert (callback.status, callback.reason, callback.open_rank) == ("cancelled", "do_not_call", None)
    assert desk.statuses(others) == ["imported"] * 2
    assert desk.world.drift() == []


def test_what_was_not_handed_over_within_its_window_expires_with_its_reason(desk: Desk) -> None:
    (account_number,) = desk.add()
    desk.simulator.control.next_answer(kind="import", method="POST", status=503, message="Full.", times=0)
    desk.cycle()
    desk.clock.advance(89 * 60)
    desk.cycle()
    assert desk.callback(account_number).status == "scheduled"
    desk.clock.advance(2 * 60)
    assert desk.cycle().startswith("expired 1")
    callback = desk.callback(account_number)
    assert (callback.status, callback.open_rank) == ("expired", None)
    assert callback.reason == "not handed over within its window: UCCE answers 503: Full."
    desk.simulator.control.clear_next_answers()


# what UCCE cannot take now


@pytest.mark.parametrize("status", [401, 403, 503])
def test_a_batch_that_ucce_did_not_take_goes_back_under_the_same_key(desk: Desk, status: int) -> None:
    (account_number,) = desk.add()
    desk.simulator.control.next_answer(kind="import", method="POST", status=status, message="Not now.")
    assert "Not now." in desk.cycle()
    callback = desk.callback(account_number)
    assert (callback.status, callback.attempts, callback.batch_id) == ("scheduled", 0, None)
    assert desk.attempts(account_number) == []
    assert desk.errors[0].status == status
    desk.clock.advance(5)
    assert desk.cycle() == "handed over 1"
    assert desk.attempts(account_number)[0].contact_key == f"{account_number}-01"
    assert desk.simulator.control.duplicates() == []


def test_while_ucce_takes_nothing_it_is_asked_less_and_less_with_few_contacts(desk: Desk) -> None:
    desk.add(100)
    desk.simulator.control.next_answer(kind="import", method="POST", status=503, times=0)
    for _ in range(120):
        desk.cycle()
        desk.clock.advance(1)
    assert 6 <= len(desk.posts()) <= 9
    claims = [event for event in desk.world.rows(models.CallbackEvent) if event.to_status == "importing"]
    assert len(claims) == 100 + CANARY * (len(desk.posts()) - 1)
    desk.simulator.control.clear_next_answers()
    desk.clock.advance(60)
    assert desk.cycle() == "handed over 100"
    assert len(desk.posts()[-2]["accountNumbers"]) == CANARY
    assert len(desk.posts()[-1]["accountNumbers"]) == 100 - CANARY


def test_a_ucce_that_is_down_costs_one_try_a_cycle_and_no_attempt(desk: Desk) -> None:
    due = desk.add(3)
    desk.simulator.kill()
    try:
        assert "UCCE cannot be reached" in desk.cycle()
        assert desk.statuses(due) == ["scheduled"] * 3
        assert len(desk.errors) == 1
    finally:
        desk.simulator.start()
    desk.clock.advance(60)
    assert desk.cycle() == "handed over 3"


def test_a_campaign_that_is_gone_is_made_anew_and_gets_what_is_due(desk: Desk) -> None:
    due = desk.add(2)
    ucce_id = desk.campaign().ucce_id
    desk.context.client._call("DELETE", f"/unifiedconfig/config/campaign/{ucce_id}")
    desk.cycle()
    assert desk.statuses(due) == ["scheduled"] * 2
    desk.clock.advance(5)
    assert desk.cycle() == "1 campaigns in sync; handed over 2"
    assert desk.campaign().ucce_id != ucce_id


def test_the_list_of_contacts_is_read_only_where_something_is_open(desk: Desk) -> None:
    def lists() -> list[Any]:
        return [one for one in desk.simulator.control.received(limit=10_000) if one["kind"] == "import"]

    for _ in range(3):
        desk.cycle()
        desk.clock.advance(60)
    assert lists() == []
    assert contacts.find(desk.context.client, desk.campaign().ucce_id, ["x"]).absent == {"x"}
    assert len(lists()) == 1
