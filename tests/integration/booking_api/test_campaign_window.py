"""A campaign's own window in UCCE bounds its slots: what UCCE would not dial in time is neither offered nor booked."""

from typing import Any

import pytest

from shared.db import models
from tests.support.booking_api import Api, code
from tests.support.configured_database import phone


def window(api: Api, campaign_id: int | None = None, **parameters: str) -> None:
    api.world.configure(
        models.Campaign,
        {"parameters": {"timeZone": "Central Standard Time", **parameters}},
        id=campaign_id or api.world.campaign_id,
    )


def day(api: Api, date: str = "2026-11-24", **query: Any) -> list[str]:
    """What availability shows of a day: `start-end`."""
    (found,) = api.availability(detail="slots", date=date, **query).json["days"]
    assert found["available"] == 3 * len(found["slots"])
    return [f"{slot['start'][11:16]}-{slot['end'][11:16]}" for slot in found["slots"]]


@pytest.mark.parametrize("minute", ["08:59", "10:00", "11:25"])
def test_a_start_outside_of_the_window_is_no_slot_and_those_inside_are_offered(api: Api, minute: str) -> None:
    window(api, startTime="09:00", endTime="10:00")

    refused = api.book(start=f"2026-11-24T{minute}:00-06:00")

    assert code(refused) == (409, "no_slot")
    offered = [slot["start"][11:16] for slot in refused.json["alternatives"] if "11-24" in slot["start"]]
    assert offered == ["09:00", "09:30"]
    assert day(api) == ["09:00-09:30", "09:30-10:00"]
    assert api.world.rows(models.Callback) == []


def test_a_callback_cannot_be_moved_out_of_the_window(api: Api) -> None:
    window(api, startTime="09:00", endTime="10:00")
    number = api.booked(start="2026-11-24T09:10:00-06:00")

    refused = api.post(f"/api/v1/callbacks/{number}/reschedule", json={"start": "2026-11-24T11:25:00-06:00"})

    assert code(refused) == (409, "no_slot")
    assert api.get(f"/api/v1/callbacks/{number}").json["start"] == "2026-11-24T09:10:00-06:00"


def test_a_slot_that_lies_partly_in_the_window_counts_by_its_minutes(api: Api) -> None:
    window(api, startTime="09:10", endTime="10:05")

    assert day(api) == ["09:10-09:30", "09:30-10:00", "10:00-10:05"]
    codes = {
        minute: api.book(start=f"2026-11-24T{minute}:00-06:00", phone=phone()).status_code
        for minute in ("09:09", "09:10", "10:04", "10:05")
    }
    assert codes == {"09:09": 409, "09:10": 201, "10:04": 201, "10:05": 409}


def test_days_before_the_first_and_after_the_last_are_no_business_days(api: Api) -> None:
    window(api, startDate="2026-11-25", endDate="2026-11-26")

    answer = api.availability(days=5).json

    assert {one["date"]: one["available"] for one in answer["days"]} == {"2026-11-25": 144, "2026-11-26": 144}
    assert code(api.book(start="2026-11-24T09:10:00-06:00")) == (409, "no_slot")
    assert api.book(start="2026-11-26T23:50:00-06:00").status_code == 201


def test_a_window_that_ended_leaves_zeros(api: Api) -> None:
    window(api, endDate="2026-11-20")

    assert api.availability().json["available"] == 0
    refused = api.book()
    assert (code(refused), refused.json["alternatives"]) == ((409, "no_slot"), [])


def test_on_the_day_the_clocks_change_the_hours_are_still_the_customers(api: Api) -> None:
    window(api, startTime="09:00", endTime="10:00")
    api.now = api.now.replace(month=3, day=7)  # the night after, the clocks go forward

    assert day(api, "2026-03-08") == day(api, "2026-03-09") == ["09:00-09:30", "09:30-10:00"]
    assert api.book(start="2026-03-08T09:10:00-05:00").status_code == 201


def test_each_campaign_of_a_shared_schedule_has_its_own_window(api: Api) -> None:
    evening = api.world.another_campaign("Evening")
    window(api, startTime="09:00", endTime="10:00")
    window(api, evening, startTime="18:00", endTime="18:30")

    assert day(api) == ["09:00-09:30", "09:30-10:00"]
    assert day(api, campaign="Evening") == ["18:00-18:30"]
    assert api.book(start="2026-11-24T18:10:00-06:00", campaign="Evening").status_code == 201
    assert code(api.book(start="2026-11-24T18:10:00-06:00")) == (409, "no_slot")


def test_a_window_that_another_node_has_just_closed_holds_at_once(api: Api) -> None:
    api.availability()
    other = api.world.on(api.world.database)
    other.configure(models.Campaign, {"parameters": {"startTime": "18:00", "endTime": "20:00"}})

    assert code(api.book()) == (409, "no_slot")
