"""Calling hours at the called party's place: what is booked, moved to, counted and offered."""

from datetime import datetime
from typing import Any

import pytest

from shared.db import models
from tests.support.booking_api import Api

CHICAGO, DENVER, HONOLULU, TOLL_FREE = "+13125550142", "+13035550142", "+18085550142", "+18005550142"
IDAHO = "+12083205550"  # may lie in Boise or, an hour behind it, on Pacific time


@pytest.fixture
def by_day(api: Api) -> Api:
    api.world.configure(models.Campaign, {"calling_hours_start": "08:00", "calling_hours_end": "21:00"})
    return api


def code(answer: Any) -> str:
    return "booked" if answer.status_code == 201 else str(answer.json["code"])


@pytest.mark.parametrize(
    ("phone", "stated", "first", "last"),
    [
        (CHICAGO, None, "08:00", "20:59"),
        (DENVER, None, "09:00", "21:59"),
        (HONOLULU, None, "12:00", "00:59"),
        (IDAHO, None, "10:00", "21:59"),
        (CHICAGO, "America/New_York", "08:00", "19:59"),
        (CHICAGO, "america/denver", "09:00", "20:59"),
        (TOLL_FREE, None, "08:00", "20:59"),
        (TOLL_FREE, "America/Denver", "09:00", "21:59"),
    ],
)
def test_a_booking_is_taken_from_the_first_to_the_last_minute_of_the_hours_at_the_place(
    by_day: Api, phone: str, stated: str | None, first: str, last: str
) -> None:
    fields: dict[str, Any] = {"phone": phone, **({"timeZone": stated} if stated else {})}
    opens, ends = (f"2026-11-{'25' if time < '01:00' else '24'}T{time}" for time in (first, last))
    beside = [shifted(opens, -1), shifted(ends, 1)]

    assert [code(by_day.book(start=start, **fields)) for start in beside] == ["outside_calling_hours"] * 2
    for start in (opens, ends):
        booked = by_day.book(start=start, **fields)
        assert booked.status_code == 201, booked.text
        by_day.request("DELETE", f"/api/v1/callbacks/{booked.json['accountNumber']}")


def shifted(start: str, minutes: int) -> str:
    at = datetime.fromisoformat(start)
    total = at.hour * 60 + at.minute + minutes
    return at.replace(hour=total // 60 % 24, minute=total % 60).isoformat()


def test_the_refusal_says_what_time_it_is_there_and_offers_what_can_be_booked(by_day: Api) -> None:
    refused = by_day.book(phone=HONOLULU, start="2026-11-24T09:10")

    assert (refused.status_code, refused.json["code"]) == (409, "outside_calling_hours")
    assert "05:10 then in Pacific/Honolulu" in refused.json["detail"]
    assert "from 08:00 until 21:00" in refused.json["detail"]
    offered = [slot["start"] for slot in refused.json["alternatives"]]
    assert [start[11:16] for start in offered] == ["12:00", "12:30", "13:00"]
    assert by_day.book(phone=HONOLULU, start=offered[0]).status_code == 201


def test_a_move_keeps_the_stated_zone_and_is_held_to_it(by_day: Api) -> None:
    booked = by_day.book(phone=CHICAGO, start="2026-11-24T12:00", timeZone="America/Los_Angeles").json
    assert (booked["timeZone"], booked["customerTimeZone"]) == ("America/Los_Angeles", "America/Los_Angeles")
    path = f"/api/v1/callbacks/{booked['accountNumber']}/reschedule"

    assert code(by_day.post(path, json={"start": "2026-11-24T09:30"})) == "outside_calling_hours"

    moved = by_day.post(path, json={"start": "2026-11-24T10:00"}).json
    assert (moved["start"][:16], moved["timeZone"]) == ("2026-11-24T10:00", "America/Los_Angeles")


def test_an_empty_zone_is_absent_and_an_unknown_one_is_refused_with_a_word(by_day: Api) -> None:
    booked = by_day.book(phone=CHICAGO, start="2026-11-24T09:10", timeZone="")
    assert booked.json["timeZone"] is None
    assert by_day.availability(timeZone="", phone="").json["customerTimeZone"] is None

    for answer in (by_day.book(timeZone="Chicago/Illinois"), by_day.availability(timeZone="Central Standard Time")):
        assert (answer.status_code, answer.json["code"]) == (422, "validation_error")
        (message,) = answer.json["errors"]["timeZone"]
        assert "America/Chicago" in message


def test_availability_counts_what_the_number_can_book_and_all_without_one(by_day: Api) -> None:
    def count(**query: str) -> tuple[int, str | None]:
        answer = by_day.availability(date="2026-11-24", **query).json
        return answer["available"], answer["customerTimeZone"]

    assert count() == (48 * 3, None)
    assert count(phone=CHICAGO) == (26 * 3, "America/Chicago")
    assert count(phone=HONOLULU) == (26 * 3, "Pacific/Honolulu")  # from 00:00 until 01:00 and from 12:00 on
    assert count(timeZone="Asia/Tokyo") == (26 * 3, "Asia/Tokyo")
    assert count(phone=CHICAGO, timeZone="America/Los_Angeles") == (22 * 3, "America/Los_Angeles")
    assert count(phone=IDAHO) == (24 * 3, "America/Boise")


@pytest.mark.parametrize(
    ("phone", "refusal"), [("555", "invalid_phone"), ("+19002345678", "phone_not_allowed"), (DENVER, "do_not_call")]
)
def test_availability_refuses_a_number_that_is_not_called(by_day: Api, phone: str, refusal: str) -> None:
    by_day.world.add(models.DoNotCall, phone=DENVER, added_at=by_day.now)

    assert by_day.availability(phone=phone).json["code"] == refusal


def test_an_open_callback_of_the_number_does_not_matter_to_availability(by_day: Api) -> None:
    by_day.booked(phone=CHICAGO, start="2026-11-24T09:10")

    assert by_day.availability(date="2026-11-24", phone=CHICAGO).json["available"] == 26 * 3 - 1


def test_the_calling_hours_come_after_the_open_callback_and_before_the_slot(by_day: Api) -> None:
    by_day.world.configure(models.DailySchedule, {"capacities": [0] * 18 + [3] * 30}, id=by_day.world.daily_id)
    by_day.booked(phone=DENVER, start="2026-11-24T09:10")

    assert code(by_day.book(phone=DENVER, start="2026-11-24T03:00")) == "duplicate_callback"
    assert code(by_day.book(phone=HONOLULU, start="2026-11-24T03:00")) == "outside_calling_hours"
    assert code(by_day.book(phone=CHICAGO, start="2026-11-24T08:10")) == "no_slot"
