"""A booked callback: found by its account number or its number, moved, cancelled."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from shared.db import models
from tests.support.booking_api import SLOT, Api, code
from tests.support.configured_database import phone

LATER = "2026-11-24T10:40:00-06:00"
NOBODY = "01HZZZZZZZZZZZZZZZZZZZZZZZ"


def leave_scheduled(api: Api, account_number: str, status: str) -> None:
    """Set the state as the worker does when it claims a callback and when UCCE has a result."""
    values: dict[str, Any] = {"status": status}
    if status in ("completed", "failed", "expired", "cancelled"):
        values["open_rank"] = None
    with api.world.database.writing() as tx:
        tx.execute(update(models.Callback).filter_by(account_number=account_number).values(**values))
        tx.commit()


def reschedule(api: Api, account_number: str, start: str = LATER, method: str = "POST") -> Any:
    path = f"/api/v1/callbacks/{account_number}"
    return api.request(method, path if method == "PATCH" else f"{path}/reschedule", json={"start": start})


def cancel(api: Api, account_number: str, method: str = "POST") -> Any:
    path = f"/api/v1/callbacks/{account_number}"
    return api.request(method, path if method == "DELETE" else f"{path}/cancel")


ROUTES: dict[str, Callable[[Api, str], Any]] = {
    "GET": lambda api, number: api.get(f"/api/v1/callbacks/{number}"),
    "PATCH": lambda api, number: reschedule(api, number, method="PATCH"),
    "POST reschedule": reschedule,
    "DELETE": lambda api, number: cancel(api, number, method="DELETE"),
    "POST cancel": cancel,
}


# --- finding -------------------------------------------------------------------------------------------------


def test_a_callback_is_found_by_its_account_number_with_the_fields_of_the_booking(api: Api) -> None:
    booked = api.book(callData={"customerId": "A-77"}, firstName="Ada").json

    assert api.get(f"/api/v1/callbacks/{booked['accountNumber']}").json == booked


@pytest.mark.parametrize("status", ["importing", "imported", "completed", "failed", "cancelled", "expired"])
def test_a_callback_is_found_whatever_became_of_it(api: Api, status: str) -> None:
    account_number = api.booked(callData={"customerId": "A-77"})
    leave_scheduled(api, account_number, status)

    found = api.get(f"/api/v1/callbacks/{account_number}").json

    assert (found["status"], found["callData"]) == (status, {"customerId": "A-77"})


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("form", ["{}-01", "{}-99", "{}"])
def test_an_account_number_may_carry_an_attempt_on_every_route(api: Api, route: str, form: str) -> None:
    account_number = api.booked()

    assert ROUTES[route](api, form.format(account_number)).status_code in (200, 204)


def test_an_account_number_is_read_in_either_case(api: Api) -> None:
    account_number = api.booked()

    assert api.get(f"/api/v1/callbacks/{account_number.lower()}").json["accountNumber"] == account_number


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "wrong",
    [NOBODY, f"{NOBODY}-01", "1", "x" * 5000, f"{NOBODY}-1", f"{NOBODY}-001", f"{NOBODY}-0١", f"{NOBODY}%00",
     "%F0%9F%93%9E", "%FF", "+13125550142", "' OR 1=1 --"],
)  # fmt: skip
def test_an_account_number_that_nobody_has_is_404(api: Api, route: str, wrong: str) -> None:
    assert code(ROUTES[route](api, wrong)) == (404, "unknown_callback")


def test_the_open_callbacks_of_a_number_are_listed_newest_first(api: Api) -> None:
    api.world.settings(open_callbacks_per_number=3)
    number = phone()
    booked = []
    for hour in (9, 10, 11):
        booked.append(api.booked(phone=number, start=f"2026-11-23T{hour:02d}:10:00-06:00"))
        api.now += timedelta(seconds=1)
    api.booked()  # somebody else
    leave_scheduled(api, booked[1], "completed")

    listed = api.get("/api/v1/callbacks", query_string={"phone": number})

    assert [callback["accountNumber"] for callback in listed.json["callbacks"]] == [booked[2], booked[0]]
    assert listed.json["total"] == 2
    assert listed.json["callbacks"][1] == api.get(f"/api/v1/callbacks/{booked[0]}").json


@pytest.mark.parametrize(
    ("status", "found"),
    [("open", 1), ("all", 2), ("imported", 1), ("completed", 1), ("scheduled", 0), ("cancelled", 0)],
)
def test_the_callbacks_of_a_number_can_be_listed_by_status(api: Api, status: str, found: int) -> None:
    number = phone()
    leave_scheduled(api, api.booked(phone=number), "completed")
    leave_scheduled(api, api.booked(phone=number), "imported")

    listed = api.get("/api/v1/callbacks", query_string={"phone": number, "status": status}).json

    assert listed["total"] == len(listed["callbacks"]) == found


@pytest.mark.parametrize(
    "written", ["+13125550142", " 13125550142", "(312) 555-0142", "312.555.0142", "1 312 555 0142"]
)
def test_a_number_may_be_written_in_any_way_the_plus_unescaped_too(api: Api, written: str) -> None:
    api.booked(phone="+13125550142")

    assert api.get("/api/v1/callbacks", query_string={"phone": written}).json["total"] == 1
    assert api.get(f"/api/v1/callbacks?phone={written.replace(' ', '%20')}").json["total"] == 1


def test_a_number_of_a_country_that_is_not_called_can_be_looked_up(api: Api) -> None:
    assert api.get("/api/v1/callbacks?phone=+442079460958").json == {"callbacks": [], "total": 0}


@pytest.mark.parametrize("wrong", ["x", "123", "📞", "%2B"])
def test_a_lookup_by_what_is_no_number_is_refused(api: Api, wrong: str) -> None:
    assert code(api.get("/api/v1/callbacks", query_string={"phone": wrong})) == (422, "invalid_phone")


@pytest.mark.parametrize(
    ("query", "field"),
    [("", "phone"), ("phone=", "phone"), ("phone=" + "1" * 65, "phone"), ("phone=%00", "phone"),
     ("phone=3125550142&status=lost", "status"), ("phone=3125550142&page=2", "page")],
)  # fmt: skip
def test_a_malformed_lookup_names_its_field(api: Api, query: str, field: str) -> None:
    response = api.get(f"/api/v1/callbacks?{query}")

    assert code(response) == (422, "validation_error")
    assert list(response.json["errors"]) == [field]


# --- moving --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_callback_can_be_moved_to_another_slot(api: Api, method: str) -> None:
    booked = api.book().json

    moved = reschedule(api, booked["accountNumber"], method=method)

    assert moved.status_code == 200
    assert moved.json == {
        **booked,
        "start": LATER,
        "slotStart": "2026-11-24T10:30:00-06:00",
        "slotEnd": "2026-11-24T11:00:00-06:00",
    }
    assert api.get(f"/api/v1/callbacks/{booked['accountNumber']}").json == moved.json
    assert api.world.drift() == []
    slots = {row.start_at.isoformat(): row.booked for row in api.world.rows(models.Slot)}
    assert slots == {"2026-11-23T15:00:00+00:00": 0, "2026-11-24T16:30:00+00:00": 1}


def test_a_move_within_its_slot_takes_no_second_place(api: Api) -> None:
    for _ in range(2):
        api.booked()
    account_number = api.booked()  # the slot is full now

    moved = reschedule(api, account_number, "2026-11-23T09:25")

    assert (moved.status_code, moved.json["start"], moved.json["slotStart"]) == (200, "2026-11-23T09:25:00-06:00", SLOT)
    assert api.world.drift() == []


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("soon", (422, "invalid_start")),
        ("2026-11-22T09:00", (422, "start_in_past")),
        ("2026-11-23T08:05", (422, "outside_booking_window")),
        ("2027-11-23T09:00", (422, "outside_booking_window")),
        ("2026-11-23T09:40", (409, "slot_full")),
    ],
)
def test_a_move_follows_the_rules_of_a_booking(api: Api, start: str, expected: tuple[int, str]) -> None:
    for _ in range(3):
        api.booked(start="2026-11-23T09:40:00-06:00")
    booked = api.book().json

    refused = reschedule(api, booked["accountNumber"], start)

    assert code(refused) == expected
    if expected[1] == "slot_full":
        assert len(refused.json["alternatives"]) == 3
    assert api.get(f"/api/v1/callbacks/{booked['accountNumber']}").json == booked
    assert api.world.drift() == []


def test_a_move_to_where_no_slot_is_offers_the_nearest(api: Api) -> None:
    account_number = api.booked()
    capacities = [3] * 48
    capacities[24] = 0
    api.world.configure(models.DailySchedule, {"capacities": capacities}, id=api.world.daily_id)

    refused = reschedule(api, account_number, "2026-11-23T12:00")

    assert code(refused) == (409, "no_slot")
    assert "2026-11-23T11:30:00-06:00" in [slot["start"] for slot in refused.json["alternatives"]]


@pytest.mark.parametrize("status", ["importing", "imported", "completed", "failed", "cancelled", "expired"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_left_scheduled_cannot_be_moved(api: Api, status: str, method: str) -> None:
    account_number = api.booked()
    leave_scheduled(api, account_number, status)

    assert code(reschedule(api, account_number, method=method)) == (409, "not_reschedulable")


def test_a_move_is_in_the_timeline(api: Api) -> None:
    account_number = api.booked()
    reschedule(api, account_number)

    events = api.world.rows(models.CallbackEvent, account_number=account_number)

    assert [(event.from_status, event.to_status, event.who) for event in events] == [
        (None, "scheduled", "client:test-ivr"),
        ("scheduled", "scheduled", "client:test-ivr"),
    ]


# --- cancelling ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_cancellation_frees_the_place_once(api: Api, method: str) -> None:
    account_number = api.booked()
    api.booked()

    first = cancel(api, account_number, method)
    again = cancel(api, account_number, method)

    for response in (first, again):
        assert (response.status_code, response.data) == (204, b"")
        assert "Content-Type" not in response.headers
    (slot,) = api.world.rows(models.Slot)
    assert slot.booked == 1
    assert api.world.drift() == []
    assert api.get(f"/api/v1/callbacks/{account_number}").json["status"] == "cancelled"
    assert len(api.world.rows(models.CallbackEvent, account_number=account_number)) == 2


@pytest.mark.parametrize("status", ["importing", "imported", "completed", "failed", "expired"])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_what_left_scheduled_cannot_be_cancelled(api: Api, status: str, method: str) -> None:
    account_number = api.booked()
    leave_scheduled(api, account_number, status)

    assert code(cancel(api, account_number, method)) == (409, "not_cancellable")
