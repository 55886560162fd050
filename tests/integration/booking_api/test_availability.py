"""Availability as an IVR asks for it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.db import models
from tests.support.booking_api import Api
from tests.support.configured_database import NOW


def days(response: Any) -> dict[str, int]:
    return {day["date"]: day["available"] for day in response.json["days"]}


def test_the_next_three_business_days_are_counted_from_today_on(api: Api) -> None:
    response = api.get("/api/v1/skills/Billing/availability")

    assert response.status_code == 200
    assert response.mimetype == "application/json"
    # From 08:15 on (15 minutes' notice) the half hours from 08:00 are left today: 32 of 48, 3 places each.
    assert response.json == {
        "skill": "Billing",
        "campaign": "Billing_Callback",
        "timeZone": "America/Chicago",
        "customerTimeZone": None,
        "available": 96 + 144 + 144,
        "days": [
            {"date": "2026-11-23", "available": 96},
            {"date": "2026-11-24", "available": 144},
            {"date": "2026-11-25", "available": 144},
        ],
    }


def test_the_skill_may_be_a_parameter(api: Api) -> None:
    by_path = api.get("/api/v1/skills/Billing/availability?detail=slots&days=1")
    by_query = api.get("/api/v1/availability?skill=Billing&detail=slots&days=1")

    assert by_query.json == by_path.json


def test_slots_are_shown_when_asked_for_with_their_local_offset(api: Api) -> None:
    api.booked(start="2026-11-23T09:10:00-06:00")

    slots = api.availability(detail="slots", days=1).json["days"][0]["slots"]

    assert slots[0] == {
        "start": "2026-11-23T08:15:00-06:00",  # the first minute of its slot that can still be booked
        "end": "2026-11-23T08:30:00-06:00",
        "available": 3,
    }
    assert slots[2] == {
        "start": "2026-11-23T09:00:00-06:00",
        "end": "2026-11-23T09:30:00-06:00",
        "available": 2,
    }
    assert len(slots) == 32


def test_a_slot_shows_the_offset_of_its_own_day_across_a_clock_change(api: Api) -> None:
    api.now = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)

    answer = api.availability(detail="slots", date="2026-11-01").json

    starts = [slot["start"] for slot in answer["days"][0]["slots"]]
    assert starts[0] == "2026-11-01T00:00:00-05:00"
    assert starts[-1] == "2026-11-01T23:30:00-06:00"
    assert len(starts) == len(set(starts)) == 48  # 01:00 and 01:30 happen twice and are slots once


@pytest.mark.parametrize("count", [1, 2, 14])
def test_days_says_how_many_business_days(api: Api, count: int) -> None:
    assert len(days(api.availability(days=count))) == count


@pytest.mark.parametrize("wrong", ["0", "15", "-1", "x", " ", "3.5", "9" * 5000, "1e3", "NaN"])
def test_days_outside_1_to_14_are_refused(api: Api, wrong: str) -> None:
    response = api.availability(days=wrong)

    assert (response.status_code, response.json["code"]) == (422, "validation_error")
    assert list(response.json["errors"]) == ["days"]


def test_up_to_three_dates_may_be_asked_for_and_are_answered_in_the_order_asked(api: Api) -> None:
    response = api.get("/api/v1/availability?skill=Billing&date=2026-11-27&date=2026-11-24&date=2026-11-27")

    assert days(response) == {"2026-11-27": 144, "2026-11-24": 144}
    assert response.json["available"] == 288


def test_four_dates_are_refused(api: Api) -> None:
    query = "&".join(f"date=2026-11-{day}" for day in (23, 24, 25, 26))

    response = api.get(f"/api/v1/availability?skill=Billing&{query}")

    assert (response.status_code, response.json["code"]) == (422, "validation_error")
    assert list(response.json["errors"]) == ["date"]


@pytest.mark.parametrize(
    "wrong",
    ["tomorrow", " ", "2026-13-01", "2026-02-30", "20261123", "2026-W48-1", "2026-11-23T09:00", "23.11.2026",
     "2026-1-1", "２０２６-11-23", "0000-01-01", "10000-01-01", "2026-11-23\x00"],
)  # fmt: skip
def test_a_malformed_date_is_refused(api: Api, wrong: str) -> None:
    response = api.availability(date=wrong)

    assert (response.status_code, response.json["code"]) == (422, "validation_error")
    assert list(response.json["errors"]) == ["date.0"]


@pytest.mark.parametrize("outside", ["2026-11-22", "2026-12-08", "1970-01-01", "0001-01-01", "9999-12-31"])
def test_a_date_outside_the_horizon_is_a_day_with_zero(api: Api, outside: str) -> None:
    response = api.availability(date=outside, detail="slots")

    assert response.status_code == 200
    assert response.json["days"] == [{"date": outside, "available": 0, "slots": []}]
    assert response.json["available"] == 0


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_dates_at_the_end_of_time_are_zero_in_every_zone(api: Api, zone: str) -> None:
    api.world.configure(models.Pool, {"time_zone": zone}, id=api.world.pool_id)

    response = api.get("/api/v1/availability?skill=Billing&date=0001-01-01&date=9999-12-31")

    assert days(response) == {"0001-01-01": 0, "9999-12-31": 0}


def test_a_slot_counts_only_while_it_can_still_be_booked(api: Api) -> None:
    api.world.settings(minimum_notice_minutes=60, booking_horizon_days=1)

    answer = api.availability(detail="slots", date=["2026-11-23", "2026-11-24"]).json

    assert answer["days"][0]["slots"][0]["start"] == "2026-11-23T09:00:00-06:00"
    assert answer["days"][1]["slots"][-1]["start"] == "2026-11-24T08:00:00-06:00"


def test_a_full_slot_is_shown_with_zero(api: Api) -> None:
    for _ in range(3):
        api.booked()

    slots = {slot["start"]: slot["available"] for slot in api.availability(detail="slots").json["days"][0]["slots"]}

    assert slots["2026-11-23T09:00:00-06:00"] == 0


def test_a_skill_without_a_schedule_has_zeros(api: Api) -> None:
    api.world.another_skill("Sales")

    by_days = api.availability(skill="Sales")
    by_date = api.availability(skill="Sales", date="2026-11-24")

    assert by_days.status_code == by_date.status_code == 200
    assert by_days.json["available"] == 0
    assert by_days.json["timeZone"] == "America/Chicago"
    assert days(by_date) == {"2026-11-24": 0}


def test_a_skill_that_is_closed_by_the_operator_has_zeros(api: Api) -> None:
    api.world.configure(models.Skill, {"accepts_bookings": False}, id=api.world.skill_id)

    response = api.availability(detail="slots")

    assert response.status_code == 200
    assert response.json["available"] == 0
    assert len(response.json["days"]) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/skills/Nobody/availability",
        "/api/v1/availability?skill=Nobody",
        "/api/v1/skills/Bill/availability",
        "/api/v1/skills/%00/availability",
        f"/api/v1/skills/{'x' * 3000}/availability",
        "/api/v1/skills/%F0%9F%93%9E/availability",
        "/api/v1/skills/%FF/availability",
    ],
)
def test_an_unknown_skill_is_404(api: Api, path: str) -> None:
    response = api.get(path)

    assert (response.status_code, response.json["code"]) == (404, "unknown_skill")


def test_an_unknown_campaign_is_404_and_one_that_does_not_serve_the_skill_409(api: Api) -> None:
    api.world.another_campaign("Other_Callback", enabled=False)

    unknown = api.availability(campaign="Nobody")
    disabled = api.availability(campaign="Other_Callback")

    assert (unknown.status_code, unknown.json["code"]) == (404, "unknown_campaign")
    assert (disabled.status_code, disabled.json["code"]) == (409, "campaign_not_available")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("detail=all", "detail"),
        ("campaign=a%00b", "campaign"),
        ("campaign=" + "x" * 65, "campaign"),
        ("callId=a%00b", "callId"),
        ("callId=" + "%F0%9F%93%9E" * 33, "callId"),
        ("horizon=3", "horizon"),
        ("call_id=3", "call_id"),
    ],
)
def test_malformed_and_unknown_parameters_are_refused_by_name(api: Api, query: str, field: str) -> None:
    response = api.get(f"/api/v1/availability?skill=Billing&{query}")

    assert (response.status_code, response.json["code"]) == (422, "validation_error")
    assert list(response.json["errors"]) == [field]


def test_the_skill_is_needed(api: Api) -> None:
    response = api.get("/api/v1/availability")

    assert response.status_code == 422
    assert response.json["errors"] == {"skill": ["Missing data for required field."]}


def test_a_very_long_query_is_refused_without_harm(api: Api) -> None:
    response = api.get(f"/api/v1/availability?skill=Billing&callId={'x' * 100_000}")

    assert (response.status_code, response.json["code"]) == (422, "validation_error")


def test_every_question_leaves_a_record_with_its_call_and_its_client(api: Api) -> None:
    api.get("/api/v1/skills/Billing/availability?callId=call-1&campaign=Billing_Callback")
    api.get("/api/v1/skills/Nobody/availability?callId=call-2")
    api.get("/api/v1/availability?skill=Billing&date=1999-01-01&callId=call-3")
    api.get("/api/v1/availability?skill=Billing&days=99&callId=call-4")
    api.flush()

    rows = api.world.rows(models.CallbackRequest)

    assert [(row.call_id, row.outcome, row.skill, row.campaign, row.slots_offered) for row in rows] == [
        ("call-1", "asked", "Billing", "Billing_Callback", 384),
        ("call-2", "unknown_skill", "Nobody", None, None),
        ("call-3", "no_slots", "Billing", None, 0),
        ("call-4", "validation_error", "Billing", None, None),
    ]
    assert {row.source for row in rows} == {"ivr"}
    assert {row.at for row in rows} == {NOW}


def test_a_change_of_the_schedule_is_seen_by_the_next_question(api: Api) -> None:
    before = api.availability(date="2026-11-24").json["available"]

    api.world.configure(models.DailySchedule, {"capacities": [7] * 48}, id=api.world.daily_id)

    assert (before, api.availability(date="2026-11-24").json["available"]) == (144, 336)


def test_a_day_is_a_local_date_not_a_utc_one(api: Api) -> None:
    api.now = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # still 23:00 of the 23rd in Chicago

    first = date.fromisoformat(api.availability().json["days"][0]["date"])

    assert first == date(2026, 11, 23)
    api.now += timedelta(hours=1)
    assert api.availability().json["days"][0]["date"] == "2026-11-24"
