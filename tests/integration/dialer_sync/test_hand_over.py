"""Handing over to the simulator: what is sent, in which order, how often, and what each answer does."""

from datetime import timedelta
from typing import Any

import pytest

from services.dialer_sync.steps.hand_over import CANARY
from services.dialer_sync.ucce import contact_list as contacts
from shared.callbacks.brakes import BrakeChange, set_brakes
from shared.db import models
from shared.db.audit import Author
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.support.databases import ON_SERVER


def test_what_is_due_is_imported_once_under_its_contact_key(master: MasterFixture) -> None:
    due = master.add(3)
    later = master.add(due=master.clock.now + timedelta(minutes=1))
    assert master.cycle() == "handed over 3"
    assert master.statuses(due) == ["imported"] * 3
    assert master.statuses(later) == ["scheduled"]
    assert master.simulator.control.taken() == [f"{account_number}-01" for account_number in due]
    assert master.cycle() == "nothing to do"
    assert len(master.posts()) == 1


def test_the_timeline_and_the_attempt_tell_who_did_what(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.cycle()
    assert master.events(account_number) == [("scheduled", "importing"), ("importing", "imported")]
    events = master.world.rows(models.CallbackEvent, account_number=account_number)
    assert {event.who for event in events} == {"worker:node-a"}
    (attempt,) = master.attempts(account_number)
    callback = master.callback(account_number)
    assert (attempt.contact_key, attempt.number, attempt.epoch, attempt.node) == (
        f"{account_number}-01", 1, master.context.actor.epoch, "node-a",
    )  # fmt: skip
    assert attempt.batch_id == callback.batch_id
    assert attempt.imported_at == master.clock.now
    assert callback.attempts == 1


def listed_contact(master: MasterFixture) -> Any:
    """The one contact of the campaign, as UCCE lists it."""
    page = master.context.client.get(
        "contacts", f"/unifiedconfig/config/campaign/{master.campaign().ucce_id}/import", root="results"
    )
    (contact,) = page.iter("importContact")
    return contact


def test_the_contact_carries_digits_names_and_zone(master: MasterFixture) -> None:
    master.add(phone="+442079460958", first_name="Per|Ove", last_name=None)
    master.cycle()
    contact = listed_contact(master)
    assert contact.findtext("phone01/number") == "9011442079460958"
    assert (contact.findtext("firstName"), contact.findtext("lastName")) == ("Per Ove", None)
    assert contact.findtext("phone01/gmtOffset") == str(1440 - 360)  # Chicago: UTC = local + 360
    assert contact.findtext("phone01/dstObserved") == "false"


@pytest.mark.parametrize(
    ("zone", "minutes_ahead"),
    [("America/Vancouver", -420), ("Africa/Casablanca", 0), ("Antarctica/Troll", 0), ("Australia/Lord_Howe", 660)],
)
def test_the_zone_of_a_contact_is_that_of_the_instant_it_is_due(
    master: MasterFixture, zone: str, minutes_ahead: int
) -> None:
    # In the last week of November 2026. With the offset of another month UCCE would dial at another time than promised.
    master.world.configure(models.Pool, {"time_zone": zone}, id=master.world.pool_id)
    master.world.config_cache.reload()
    master.add()
    master.cycle()
    contact = listed_contact(master)
    assert contact.findtext("phone01/gmtOffset") == str(minutes_ahead % 1440)
    assert contact.findtext("phone01/dstObserved") == "false"


def test_the_longest_due_goes_first_within_and_between_batches(master: MasterFixture) -> None:
    master.settings["batch_size"] = 2
    master.renew()
    newest, oldest, middle = (master.add(due=master.clock.now - timedelta(minutes=m))[0] for m in (0, 9, 5))
    master.cycle()
    assert master.simulator.control.taken() == [f"{number}-01" for number in (oldest, middle, newest)]
    assert len(master.posts()) == 2


def test_campaigns_take_turns_batch_by_batch(master: MasterFixture) -> None:
    master.settings["batch_size"] = 2
    second = master.world.add(
        models.Campaign, name="Second", enabled=True, parameters={}, dial_prefix="", dial_form="international",
        dial_region="US", dial_international_prefix="011", max_attempts=1, retry_delays={}, hands_over=True,
        sync_state="pending", version=1, changed_at=master.clock.now,
    )  # fmt: skip
    skill = master.world.add(
        models.Skill, name="Sales", ucce_skill_group_id=5005, accepts_bookings=True, version=1,
        changed_at=master.clock.now,
    )  # fmt: skip
    master.world.add(
        models.CampaignSkill, campaign_id=second, skill_id=skill, dialed_number="1", overflow_agents=0,
        records_to_cache=1,
    )  # fmt: skip
    master.renew()
    master.cycle()
    master.add(3)
    master.add(3, campaign_id=second)
    assert master.cycle() == "handed over 6"
    first = master.campaign().ucce_id
    assert [int(request["path"].split("/")[4]) - first for request in master.posts()] == [0, 1, 0, 1]


# On a T-SQL server that is not Microsoft's, claiming 500 among 10,000 took minutes and 23 GB of the server's memory in
# two runs of five, and a fraction of a second in the others. SQL Server has not been measured: raise it there.
MANY = 1_000 if ON_SERVER else 10_000


def test_ten_thousand_due_take_twenty_requests(master: MasterFixture) -> None:
    master.add(MANY)
    before = len(master.simulator.control.received(limit=10_000))
    sentence = master.cycle()
    assert sentence.startswith(f"handed over {MANY}")
    assert len(master.posts()) == MANY // 500
    last_import = master.posts()[-1]["sequence"]
    asked = [one for one in master.simulator.control.received(limit=10_000)[before:] if one["sequence"] <= last_import]
    look_and_import = [("GET", "campaign"), ("POST", "import")]  # is the campaign still ours, and not switched off?
    assert [(one["method"], one["kind"]) for one in asked] == look_and_import * (MANY // 500)
    assert len(set(master.simulator.control.taken())) == MANY


# brakes and the pace of a campaign


def test_a_campaign_hands_over_no_more_than_its_pace_in_an_interval(master: MasterFixture) -> None:
    master.configure_campaign(max_hand_overs_per_cycle=4)
    master.settings["batch_size"] = 3
    master.renew()
    master.add(10)
    assert master.cycle() == "handed over 4"
    assert master.cycle() == "nothing to do"
    master.clock.advance(60)
    assert master.cycle() == "handed over 4"


def test_the_brakes_hold_callbacks_back_until_they_are_released(master: MasterFixture) -> None:
    due = master.add(2)
    master.world.settings(hand_over=False)
    master.world.config_cache.reload()
    assert master.cycle() == "handing over is switched off"
    master.world.settings(hand_over=True)
    master.world.config_cache.reload()
    master.configure_campaign(hands_over=False)
    assert master.cycle() == "nothing to do"
    assert master.statuses(due) == ["scheduled"] * 2
    master.configure_campaign(hands_over=True)
    assert master.cycle() == "handed over 2"


@pytest.mark.parametrize("campaign", [None, "Billing_Callback"])
def test_a_brake_set_while_a_cycle_hands_over_lets_no_further_batch_begin(
    master: MasterFixture, campaign: str | None
) -> None:
    master.settings["batch_size"] = 2
    master.renew()
    due = master.add(5)

    def braking(point: str) -> None:
        if point == "claimed":
            change = BrakeChange(hand_over=False, campaign=campaign)
            set_brakes(master.world.database, change, now=master.clock.now, by=Author("client:ops"))

    master.context.checkpoint = braking
    stopped = [] if campaign else ["handed over 2; handing over is switched off"]  # a cycle of over a second reads it
    assert master.cycle() in ["handed over 2", *stopped]
    assert master.statuses(due) == ["imported"] * 2 + ["scheduled"] * 3


def test_a_disabled_campaign_gets_nothing(master: MasterFixture) -> None:
    due = master.add()
    master.configure_campaign(enabled=False, version=2)
    assert master.cycle() == "1 campaigns in sync"
    assert master.statuses(due) == ["scheduled"]


def test_a_number_put_on_the_do_not_call_list_is_cancelled_and_its_place_given_back(master: MasterFixture) -> None:
    master.world.add(models.DoNotCall, phone="+13125550001", added_at=master.clock.now)
    listed = master.add(phone="+13125550001")
    others = master.add(2)
    assert master.cycle() == "cancelled 1 on the do-not-call list; handed over 2"
    callback = master.callback(listed[0])
    assert (callback.status, callback.reason, callback.open_rank) == ("cancelled", "do_not_call", None)
    assert master.statuses(others) == ["imported"] * 2
    assert master.world.drift() == []


def test_what_was_not_handed_over_within_its_window_expires_with_its_reason(master: MasterFixture) -> None:
    (account_number,) = master.add()
    master.simulator.control.next_answer(kind="import", method="POST", status=503, message="Full.", times=0)
    master.cycle()
    master.clock.advance(89 * 60)
    master.cycle()
    assert master.callback(account_number).status == "scheduled"
    master.clock.advance(2 * 60)
    assert master.cycle().startswith("expired 1")
    callback = master.callback(account_number)
    assert (callback.status, callback.open_rank) == ("expired", None)
    assert callback.reason == "not handed over within its window: UCCE answers 503: Full."
    master.simulator.control.clear_next_answers()


# an import that UCCE does not take


@pytest.mark.parametrize("status", [401, 403, 503])
def test_a_batch_that_ucce_did_not_take_goes_back_under_the_same_key(master: MasterFixture, status: int) -> None:
    (account_number,) = master.add()
    master.simulator.control.next_answer(kind="import", method="POST", status=status, message="Not now.")
    assert "Not now." in master.cycle()
    callback = master.callback(account_number)
    assert (callback.status, callback.attempts, callback.batch_id) == ("scheduled", 0, None)
    assert master.attempts(account_number) == []
    assert master.errors[0].status == status
    master.clock.advance(5)
    assert master.cycle() == "handed over 1"
    assert master.attempts(account_number)[0].contact_key == f"{account_number}-01"
    assert master.simulator.control.duplicates() == []


def test_while_ucce_takes_nothing_it_is_asked_less_and_less_with_few_contacts(master: MasterFixture) -> None:
    master.add(100)
    master.simulator.control.next_answer(kind="import", method="POST", status=503, times=0)
    for _ in range(120):
        master.cycle()
        master.clock.advance(1)
    assert 6 <= len(master.posts()) <= 9
    claims = [event for event in master.world.rows(models.CallbackEvent) if event.to_status == "importing"]
    assert len(claims) == 100 + CANARY * (len(master.posts()) - 1)
    master.simulator.control.clear_next_answers()
    master.clock.advance(60)
    assert master.cycle() == "handed over 100"
    assert len(master.posts()[-2]["accountNumbers"]) == CANARY
    assert len(master.posts()[-1]["accountNumbers"]) == 100 - CANARY


def test_a_ucce_that_is_down_costs_one_try_a_cycle_and_no_attempt(master: MasterFixture) -> None:
    due = master.add(3)
    master.simulator.kill()
    try:
        assert "UCCE cannot be reached" in master.cycle()
        assert master.statuses(due) == ["scheduled"] * 3
        assert len(master.errors) == 1
    finally:
        master.simulator.start()
    master.clock.advance(60)
    assert master.cycle() == "handed over 3"


def test_a_campaign_that_is_gone_is_made_anew_and_gets_what_is_due(master: MasterFixture) -> None:
    due = master.add(2)
    ucce_id = master.campaign().ucce_id
    master.context.client._call("DELETE", f"/unifiedconfig/config/campaign/{ucce_id}")
    master.cycle()
    assert master.statuses(due) == ["scheduled"] * 2
    master.clock.advance(5)
    assert master.cycle() == "1 campaigns in sync; handed over 2"
    assert master.campaign().ucce_id != ucce_id


def test_the_list_of_contacts_is_read_only_where_something_is_open(master: MasterFixture) -> None:
    def lists() -> list[Any]:
        return [one for one in master.simulator.control.received(limit=10_000) if one["kind"] == "import"]

    for _ in range(3):
        master.cycle()
        master.clock.advance(60)
    assert lists() == []
    assert contacts.find(master.context.client, master.campaign().ucce_id, ["x"]).absent == {"x"}
    assert len(lists()) == 1
