"""The rules of a booking with their codes, in their order."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from shared.db import models
from tests.support.booking_api import Api, code, utc
from tests.support.configured_database import NOW, phone

# --- rule 2: skill and campaign ------------------------------------------------------------------------------


def test_rule_2_refuses_an_unknown_skill(api: Api) -> None:
    assert code(api.book(skill="Nobody")) == (404, "unknown_skill")


def test_rule_2_refuses_an_unknown_campaign(api: Api) -> None:
    assert code(api.book(campaign="Nobody")) == (404, "unknown_campaign")


def test_rule_2_refuses_a_disabled_campaign(api: Api) -> None:
    api.world.another_campaign("Other_Callback", enabled=False)

    assert code(api.book(campaign="Other_Callback")) == (409, "campaign_not_available")


def test_rule_2_refuses_a_campaign_that_does_not_serve_the_skill(api: Api) -> None:
    key = api.world.another_campaign("Other_Callback")
    with api.world.database.writing() as tx:
        tx.execute(delete(models.CampaignSkill).where(models.CampaignSkill.campaign_id == key))
        tx.commit()
    api.world.configure(models.Campaign, {"enabled": True}, id=key)

    assert code(api.book(campaign="Other_Callback")) == (409, "campaign_not_available")


def test_without_a_campaign_the_skills_default_one_is_taken(api: Api) -> None:
    assert api.book().json["campaign"] == "Billing_Callback"
    api.world.configure(models.Skill, {"default_campaign_id": None}, id=api.world.skill_id)
    assert code(api.book()) == (409, "campaign_not_available")


@pytest.mark.parametrize("who", ["skill", "everybody"])
def test_an_operator_can_close_bookings(api: Api, who: str) -> None:
    if who == "skill":
        api.world.configure(models.Skill, {"accepts_bookings": False}, id=api.world.skill_id)
    else:
        api.world.settings(accept_bookings=False)

    assert code(api.book()) == (409, "booking_closed")


# --- rule 3: the number --------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["12345", "call me", "+1 312 555", "+999 123456789", "5550142", "📞", "+", "1" * 64])
def test_rule_3_refuses_what_is_no_number(api: Api, wrong: str) -> None:
    assert code(api.book(phone=wrong)) == (422, "invalid_phone")


@pytest.mark.parametrize("wrong", ["911", "+1 900 555 0142", "+44 20 7946 0958", "+49 30 901820"])
def test_rule_3_refuses_a_number_that_is_never_called(api: Api, wrong: str) -> None:
    assert code(api.book(phone=wrong)) == (422, "phone_not_allowed")


def test_rule_3_refuses_a_number_on_the_do_not_call_list(api: Api) -> None:
    number = phone()
    api.world.add(models.DoNotCall, phone=number, added_at=NOW)

    assert code(api.book(phone=number)) == (422, "do_not_call")


# --- rule 4: the time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    ["tomorrow", "2026-11-23", "2026-11-23T25:00:00", "2026-02-30T09:00", "1795424400", "2026-11-23T09:00:00+99:00",
     "0000-11-23T09:00:00"],
)  # fmt: skip
def test_rule_4_refuses_what_is_no_instant(api: Api, wrong: str) -> None:
    assert code(api.book(start=wrong)) == (422, "invalid_start")


def test_rule_4_refuses_a_local_time_that_the_clocks_skip(api: Api) -> None:
    api.now = datetime.fromisoformat("2027-03-13T12:00:00-06:00")

    assert code(api.book(start="2027-03-14T02:30")) == (422, "invalid_start")


def test_rule_4_refuses_the_past(api: Api) -> None:
    assert code(api.book(start="2026-11-23T07:59:00-06:00")) == (422, "start_in_past")
    assert code(api.book(start="0001-01-01T00:00:00Z")) == (422, "start_in_past")


@pytest.mark.parametrize("start", ["2026-11-23T08:14:00-06:00", "2026-12-07T08:01:00-06:00", "9999-12-31T23:59:59Z"])
def test_rule_4_refuses_a_start_outside_of_notice_and_horizon(api: Api, start: str) -> None:
    assert code(api.book(start=start)) == (422, "outside_booking_window")


# --- rule 5: one open callback per number --------------------------------------------------------------------


def test_rule_5_refuses_a_second_open_callback_and_names_the_first(api: Api) -> None:
    number = phone()
    first = api.booked(phone=number)

    second = api.book(phone=number, start="2026-11-24T09:00:00-06:00")

    assert code(second) == (409, "duplicate_callback")
    assert second.json["accountNumber"] == first


def test_a_number_may_book_again_once_its_callback_is_cancelled(api: Api) -> None:
    number = phone()
    api.request("DELETE", f"/api/v1/callbacks/{api.booked(phone=number)}")

    assert api.book(phone=number).status_code == 201


# --- rule 6: the place ---------------------------------------------------------------------------------------


def test_rule_6_refuses_a_start_without_a_slot_and_offers_the_nearest(api: Api) -> None:
    capacities = [0] * 48
    capacities[20] = capacities[22] = capacities[30] = capacities[40] = 3
    api.world.configure(models.DailySchedule, {"capacities": capacities}, id=api.world.daily_id)

    response = api.book(start="2026-11-23T12:10:00-06:00")

    assert code(response) == (409, "no_slot")
    assert response.json["alternatives"] == [
        {"start": "2026-11-23T10:00:00-06:00", "end": "2026-11-23T10:30:00-06:00", "available": 3},
        {"start": "2026-11-23T11:00:00-06:00", "end": "2026-11-23T11:30:00-06:00", "available": 3},
        {"start": "2026-11-23T15:00:00-06:00", "end": "2026-11-23T15:30:00-06:00", "available": 3},
    ]


def test_rule_6_refuses_a_full_slot_and_offers_the_three_nearest_free_ones(api: Api) -> None:
    for _ in range(3):
        api.booked()

    response = api.book()

    assert code(response) == (409, "slot_full")
    assert [alternative["start"] for alternative in response.json["alternatives"]] == [
        "2026-11-23T08:30:00-06:00",
        "2026-11-23T09:30:00-06:00",
        "2026-11-23T10:00:00-06:00",
    ]


def test_an_alternative_can_be_booked(api: Api) -> None:
    for _ in range(3):
        api.booked()

    offered = api.book().json["alternatives"][1]["start"]

    assert api.book(start=offered).json["slotStart"] == offered


def test_rule_6_refuses_a_skill_without_a_schedule(api: Api) -> None:
    api.world.another_skill("Sales")

    response = api.book(skill="Sales")

    assert code(response) == (409, "no_slot")
    assert response.json["alternatives"] == []


# --- the rules in their order --------------------------------------------------------------------------------


def test_the_first_rule_that_refuses_gives_the_code(api: Api) -> None:
    """Each request breaks its rule and all later ones."""
    listed = phone()
    api.world.add(models.DoNotCall, phone=listed, added_at=NOW)
    taken = phone()
    api.booked(phone=taken)
    for _ in range(2):
        api.booked()

    assert [
        code(api.book(skill="Nobody", phone="x", start="x", campaign="Nobody", agentId="\x1b"))[1],
        code(api.book(skill="Nobody", phone="x", start="x", campaign="Nobody"))[1],
        code(api.book(campaign="Nobody", phone="x", start="x"))[1],
        code(api.book(phone="x", start="x"))[1],
        code(api.book(phone="911", start="x"))[1],
        code(api.book(phone=listed, start="x"))[1],
        code(api.book(phone=taken, start="x"))[1],
        code(api.book(phone=taken, start="2026-11-22T09:00:00-06:00"))[1],
        code(api.book(phone=taken, start="2026-11-23T08:01:00-06:00"))[1],
        code(api.book(phone=taken))[1],
        code(api.book())[1],
    ] == [
        "validation_error",
        "unknown_skill",
        "unknown_campaign",
        "invalid_phone",
        "phone_not_allowed",
        "do_not_call",
        "invalid_start",
        "start_in_past",
        "outside_booking_window",
        "duplicate_callback",
        "slot_full",
    ]


def test_every_request_leaves_a_row_whatever_its_outcome(api: Api) -> None:
    booked = api.booked(callId="call-1")
    api.book(skill="Nobody", callId="call-2")
    api.book(phone="x", callId="call-3")
    api.book(callId="call-4", colour="red")
    api.post("/api/v1/callbacks", data="{")
    api.book(callId="call-5", headers={"Idempotency-Key": "k" * 129})
    api.flush()

    rows = api.world.rows(models.CallbackRequest)

    assert [(row.outcome, row.call_id, row.skill, row.account_number) for row in rows] == [
        ("scheduled", "call-1", "Billing", booked),
        ("unknown_skill", "call-2", "Nobody", None),
        ("invalid_phone", "call-3", "Billing", None),
        ("validation_error", "call-4", "Billing", None),
        ("validation_error", None, None, None),
        ("validation_error", "call-5", "Billing", None),
    ]


def test_the_booking_is_in_the_timeline_with_the_client_as_its_author(api: Api) -> None:
    account_number = api.booked()

    (event,) = api.world.rows(models.CallbackEvent, account_number=account_number)

    assert (event.from_status, event.to_status, event.who) == (None, "scheduled", "client:test-ivr")
    assert event.at == NOW


def test_a_callback_is_due_at_its_own_minute_within_the_slot(api: Api) -> None:
    account_number = api.booked(start="2026-11-23T09:29:00-06:00")

    (row,) = api.world.rows(models.Callback, account_number=account_number)

    assert row.due_at == row.start_at == utc("2026-11-23T09:29:00-06:00")
    assert row.slot_start == row.start_at - timedelta(minutes=29)
    assert api.world.drift() == []
