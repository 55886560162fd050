"""Which slots a caller is offered."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.booking_api.ivr.schemas import MAX_SLOTS
from shared.db import models
from tests.integration.booking_api.ivr.voice import PREFIX, Voice, local_times, starts
from tests.support.booking_api import Api, add_key, code
from tests.support.configured_database import NOW, phone

OFFICE_HOURS = [0] * 17 + [3] * 17 + [0] * 14  # 8:30 to 17:00


@pytest.fixture
def office(voice: Voice) -> Voice:
    """Slots from 8:30 to 17:00 only."""
    voice.api.world.configure(models.DailySchedule, {"capacities": OFFICE_HOURS}, id=voice.api.world.daily_id)
    return voice


def test_an_offer_is_flat_with_the_soonest_slot_and_then_one_of_each_half_day(office: Voice) -> None:
    offer = office.offer(phone="(312) 555-0142", callId="call-1").json

    general = {name: value for name, value in offer.items() if not name.startswith("slot") or name == "slotTimeZone"}
    assert general == {
        "result": "ok", "message": "", "count": 3, "offerId": offer["offerId"], "skill": "Billing",
        "campaign": "Billing_Callback", "phone": "+13125550142", "slotTimeZone": "America/Chicago",
        "spokenTimeZone": "America/Chicago", "nextFrom": "2026-11-24T12:00:00-06:00", "accountNumber": "",
    }  # fmt: skip
    assert {name: value for name, value in offer.items() if name.startswith("slot1")} == {
        "slot1Start": "2026-11-23T08:30:00-06:00", "slot1Date": "20261123", "slot1Time": "0830",
        "slot1CustomerDate": "20261123", "slot1CustomerTime": "0830",
        "slot1Spoken": "Monday, November twenty-third, at eight thirty A M", "slot1Free": 3,
    }  # fmt: skip
    assert local_times(offer) == ["23 08:30", "23 12:00", "24 08:30"]
    assert len(offer["offerId"]) == 26
    assert all(isinstance(value, str | int) for value in offer.values())


def test_the_next_half_days_are_offered_where_the_offer_before_ended(office: Voice) -> None:
    first = office.offer().json
    second = office.offer(from_=first["nextFrom"]).json

    assert local_times(second) == ["24 12:00", "25 08:30", "25 12:00"]
    assert second["nextFrom"] == "2026-11-26T08:30:00-06:00"


@pytest.mark.parametrize(
    "written",
    ["2026-11-25", "20261125", "2026-11-25T08:00", "20261125T0800", "2026-11-25T08:00:00-06:00",
     "2026-11-25T15:00:00+01:00", "2026-11-25 14:00Z"],
)  # fmt: skip
def test_where_to_go_on_can_be_written_in_many_ways(office: Voice, written: str) -> None:
    assert local_times(office.offer(from_=written).json) == ["25 08:30", "25 12:00", "26 08:30"]


def test_a_plus_that_was_lost_in_the_query_is_understood(office: Voice) -> None:
    query = "skill=Billing&phone=+13125550142&from=2026-11-25T15:00+01:00&max=1"
    offer = office.api.get(f"{PREFIX}/offer?{query}").json

    assert (offer["phone"], local_times(offer)) == ("+13125550142", ["25 08:30"])


@pytest.mark.parametrize(
    ("part", "expected"),
    [("morning", ["23 08:30", "24 08:30", "25 08:30"]), ("afternoon", ["23 12:00", "24 12:00", "25 12:00"]),
     ("", ["23 08:30", "23 12:00", "24 08:30"])],
)  # fmt: skip
def test_a_part_of_the_day_can_be_chosen(office: Voice, part: str, expected: list[str]) -> None:
    assert local_times(office.offer(part=part).json) == expected


def test_where_half_days_are_few_their_further_slots_are_offered_an_hour_apart(voice: Voice) -> None:
    world = voice.api.world
    world.configure(models.DailySchedule, {"capacities": [0] * 20 + [1] * 6 + [0] * 22}, id=world.daily_id)
    world.settings(booking_horizon_days=1)

    # From 10:00 to 13:00 today, and the horizon ends at eight tomorrow.
    assert local_times(voice.offer(max=1).json) == ["23 10:00"]
    assert local_times(voice.offer(max=3).json) == ["23 10:00", "23 11:00", "23 12:00"]
    assert local_times(voice.offer(max=9).json) == [
        "23 10:00", "23 10:30", "23 11:00", "23 11:30", "23 12:00", "23 12:30"
    ]  # fmt: skip


def test_the_running_slot_is_offered_at_a_round_minute_that_leaves_time_to_choose(voice: Voice) -> None:
    voice.api.world.settings(minimum_notice_minutes=0)
    voice.api.now = NOW + timedelta(minutes=3, seconds=20)
    assert local_times(voice.offer(max=1).json) == ["23 08:10"]

    voice.api.now = NOW + timedelta(minutes=23)
    assert local_times(voice.offer(max=1).json) == ["23 08:30"]


def test_a_full_slot_is_not_offered_and_the_places_left_are_told(office: Voice) -> None:
    office.book(start="2026-11-23T08:30", skill="Billing")
    assert office.offer().json["slot1Free"] == 2
    for _ in range(2):
        office.book(start="2026-11-23T08:45", skill="Billing")

    assert local_times(office.offer().json)[0] == "23 09:00"


def test_nothing_to_offer_is_no_refusal(voice: Voice) -> None:
    voice.api.world.configure(models.DailySchedule, {"capacities": [0] * 48}, id=voice.api.world.daily_id)
    offer = voice.offer(callId="c").json

    assert (offer["result"], offer["count"], starts(offer), offer["nextFrom"]) == ("ok", 0, [], "")


def test_words_in_spanish(office: Voice) -> None:
    for language in ("es", "ES", "es-MX", "es_ES"):
        assert office.offer(language=language).json["slot1Spoken"] == (
            "lunes veintitrés de noviembre, a las ocho y media de la mañana"
        )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"phone": ""}, "phone"), ({"phone": None}, "phone"), ({"skill": None}, "skill"), ({"max": 0}, "max"),
        ({"max": 10}, "max"), ({"max": "three"}, "max"), ({"language": "fr"}, "language"), ({"part": "noon"}, "part"),
        ({"from_": "tomorrow"}, "from"), ({"from_": "2026-02-30"}, "from"), ({"callId": "x" * 65}, "callId"),
        ({"slots": 3}, "slots"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_problem_that_names_the_field(voice: Voice, query: dict[str, Any], field: str) -> None:
    answer = voice.offer(**query)

    assert code(answer) == (422, "validation_error")
    assert answer.json["result"] == "validation_error"
    assert list(answer.json["errors"]) == [field]
    assert f"{field}: " in answer.json["message"]


def refusals(voice: Voice) -> dict[str, dict[str, Any]]:
    """What must be so that an offer is refused, by code."""
    world = voice.api.world
    listed, known = phone(), phone()
    world.add(models.DoNotCall, phone=listed, added_at=NOW)
    assert voice.book(phone=known, start="2026-11-24T09:00", skill="Billing").status_code == 201
    world.another_campaign("Closed", enabled=False)
    return {
        "unknown_skill": {"skill": "Nobody"},
        "unknown_campaign": {"campaign": "Nobody"},
        "campaign_not_available": {"campaign": "Closed"},
        "invalid_phone": {"phone": "123"},
        "phone_not_allowed": {"phone": "+19005550123"},
        "do_not_call": {"phone": listed},
        "duplicate_callback": {"phone": known},
    }


def test_what_a_booking_would_be_refused_for_at_any_start_refuses_the_offer(voice: Voice) -> None:
    for expected, query in refusals(voice).items():
        answer = voice.offer(callId="c", **query)
        assert answer.json["code"] == answer.json["result"] == expected
        booked = voice.book(**{"start": "2026-11-24T10:00", "skill": "Billing", **query})
        assert code(booked) == code(answer)
    voice.api.world.configure(models.Skill, {"accepts_bookings": False}, name="Billing")
    assert code(voice.offer()) == (409, "booking_closed")


def test_a_refused_offer_names_the_open_callback_only_to_who_may_see_it(voice: Voice) -> None:
    known = phone()
    number = voice.book(phone=known, start="2026-11-24T09:00", skill="Billing").json["accountNumber"]

    assert voice.offer(phone=known).json["accountNumber"] == number
    assert voice.offer(phone=known, always200="true").json["accountNumber"] == number


def test_offers_and_refusals_stand_in_the_report_of_requests(office: Voice) -> None:
    office.offer(callId="offered")
    office.offer(callId="refused", phone="123")
    office.offer(callId="malformed", max=99)
    office.offer(callId="full", from_="2027-01-01")
    office.offer()
    office.api.flush()

    rows = office.api.world.rows(models.CallbackRequest)
    assert sorted((row.call_id or "", row.outcome, row.slots_offered) for row in rows) == [
        ("", "asked", 3), ("full", "no_slots", 0), ("malformed", "validation_error", None), ("offered", "asked", 3),
        ("refused", "invalid_phone", None),
    ]  # fmt: skip
    assert {row.skill for row in rows} == {"Billing"}
    assert "5550" not in str(rows)


def test_only_ivr_keys_may_call(api: Api, voice: Voice) -> None:
    operator = add_key(api.world, "operator", "ops")
    for method, path in (("GET", "offer"), ("POST", "book"), ("GET", "callback"), ("POST", "decline")):
        assert code(api.request(method, f"{PREFIX}/{path}", key=operator)) == (403, "forbidden")
        assert code(api.request(method, f"{PREFIX}/{path}?always200=true", key="")) == (401, "unauthorized")


def test_offers_reach_to_the_horizon(office: Voice) -> None:
    offer = office.offer(max=MAX_SLOTS, part="morning").json
    days = [date.fromisoformat(start[:10]) for start in starts(offer)]
    assert days == [date(2026, 11, 23) + timedelta(days=number) for number in range(9)]
    far = office.offer(max=MAX_SLOTS, part="morning", from_=offer["nextFrom"]).json
    assert starts(far)[-1][:10] == "2026-12-06"  # the horizon ends at eight on the seventh
    assert far["nextFrom"] == ""


@pytest.fixture
def by_day(voice: Voice) -> Voice:
    """Calls are made from 8 until 21."""
    hours = {"calling_hours_start": "08:00", "calling_hours_end": "21:00"}
    voice.api.world.configure(models.Campaign, hours, id=voice.api.world.campaign_id)
    return voice


def test_only_starts_within_the_calling_hours_of_the_number_and_of_the_stated_zone_are_offered(by_day: Voice) -> None:
    voice = by_day
    voice.api.now = NOW + timedelta(hours=11)  # 19:00 in Chicago, 20:00 in New York, 17:00 in Los Angeles
    chicago, new_york = voice.offer(phone="+13125550142", max=9).json, voice.offer(phone="+12125550142", max=9).json
    stated = voice.offer(phone="+13125550142", timeZone="america/los_angeles", callId="call-1").json

    assert local_times(chicago)[:2] == ["23 19:20", "24 08:00"]
    assert local_times(new_york)[:2] == ["23 19:20", "24 07:00"]
    assert (stated["slotTimeZone"], stated["spokenTimeZone"]) == ("America/Chicago", "America/Los_Angeles")
    assert (stated["slot1Time"], stated["slot1CustomerTime"]) == ("1920", "1720")
    assert stated["slot1Spoken"].endswith("at five twenty P M")
    assert local_times(stated)[1] == "24 10:00"  # eight in Los Angeles

    booked = voice.book(slot=2, phone="+13125550142", callId="call-1").json
    assert (booked["timeZone"], booked["customerTime"], booked["time"]) == ("America/Los_Angeles", "0800", "1000")
    fetched = voice.callback(booked["accountNumber"]).json
    assert fetched["spoken"] == booked["spoken"] == stated["slot2Spoken"]


def test_a_start_outside_the_calling_hours_is_refused_with_fresh_slots(by_day: Voice) -> None:
    refused = by_day.book(start="2026-11-24T07:30", skill="Billing", phone="+13125550142")

    assert code(refused) == (409, "outside_calling_hours")
    assert local_times(refused.json)[0] == "23 08:20"
