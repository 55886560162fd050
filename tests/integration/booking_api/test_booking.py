"""Booking: what a booking answers and stores."""

import pytest

from tests.support.booking_api import SLOT, START, Api
from tests.support.configured_database import phone

FIELDS = ["accountNumber", "status", "phone", "start", "slotStart", "slotEnd", "skill", "campaign", "callData",
          "firstName", "lastName", "agentId", "agentPolicy", "agentWaitSeconds", "agentOutcome", "timeZone",
          "customerTimeZone", "source", "createdAt"]  # fmt: skip


def test_a_booking_answers_with_the_callback_and_where_it_is(api: Api) -> None:
    response = api.post(
        "/api/v1/callbacks",
        json={
            "phone": "(312) 555-0142",
            "start": "2026-11-23T09:10:00-06:00",
            "skill": "Billing",
            "campaign": "Billing_Callback",
            "callId": "call-1",
            "callData": {"customerId": "A-77", "reason": "invoice"},
            "firstName": "Ada",
            "lastName": "Lovelace",
            "agentId": "1042",
        },
    )

    assert response.status_code == 201
    body = response.json
    assert response.headers["Location"] == f"/api/v1/callbacks/{body['accountNumber']}"
    assert len(body["accountNumber"]) == 26
    assert body == {
        "accountNumber": body["accountNumber"],
        "status": "scheduled",
        "phone": "+13125550142",
        "start": "2026-11-23T09:10:00-06:00",
        "slotStart": "2026-11-23T09:00:00-06:00",
        "slotEnd": "2026-11-23T09:30:00-06:00",
        "skill": "Billing",
        "campaign": "Billing_Callback",
        "callData": {"customerId": "A-77", "reason": "invoice"},
        "firstName": "Ada",
        "lastName": "Lovelace",
        "agentId": "1042",
        "agentPolicy": "agentThenSkill",
        "agentWaitSeconds": 120,
        "agentOutcome": None,
        "timeZone": None,
        "customerTimeZone": "America/Chicago",
        "source": "ivr",
        "createdAt": "2026-11-23T08:00:00-06:00",
    }


def test_the_location_leads_to_the_callback(api: Api) -> None:
    response = api.book()

    assert api.get(response.headers["Location"]).json == response.json


def test_every_field_is_always_present_and_flat(api: Api) -> None:
    body = api.book().json

    assert list(body) == FIELDS
    assert body["callData"] == {}
    assert (body["firstName"], body["lastName"], body["agentId"]) == (None, None, None)


def test_optional_fields_may_be_null(api: Api) -> None:
    optional = ("campaign", "callId", "callData", "firstName", "lastName", "agentId", "requestId")
    body = {"phone": phone(), "start": START, "skill": "Billing", **dict.fromkeys(optional)}

    response = api.post("/api/v1/callbacks", json=body)

    assert response.status_code == 201
    assert response.json["callData"] == {}


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2026-11-23T09:10:00-06:00", "2026-11-23T09:10:00-06:00"),
        ("2026-11-23T15:10:00Z", "2026-11-23T09:10:00-06:00"),
        ("2026-11-23T16:10:00+01:00", "2026-11-23T09:10:00-06:00"),
        ("2026-11-23T09:10", "2026-11-23T09:10:00-06:00"),
        ("2026-11-23T09:10:00", "2026-11-23T09:10:00-06:00"),
    ],
)
def test_a_start_may_be_local_utc_or_of_any_offset_and_is_shown_in_the_pools_zone(
    api: Api, sent: str, shown: str
) -> None:
    body = api.book(start=sent).json

    assert body["start"] == shown
    assert body["slotStart"] == SLOT


def test_the_form_of_a_body_does_not_depend_on_its_content_type(api: Api) -> None:
    text = f'{{"phone": "{phone()}", "start": "{START}", "skill": "Billing"}}'

    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        response = api.post("/api/v1/callbacks", data=text, content_type=content_type)
        assert response.status_code in (201, 409), response.text  # the second time it is a duplicate
    assert response.json["code"] == "duplicate_callback"


def test_names_and_call_data_of_every_script_come_back_as_sent(api: Api) -> None:
    call_data = {"имя": "Ольга\nвторая строка", "絵": "📞" * 1000, "\u00e9": " \u00a0\t", "": ""}
    del call_data[""]

    account_number = api.booked(callData=call_data, firstName="José", lastName="李小龙")

    found = api.get(f"/api/v1/callbacks/{account_number}").json
    assert (found["callData"], found["firstName"], found["lastName"]) == (call_data, "José", "李小龙")


def test_a_place_is_taken_and_the_next_questions_show_it(api: Api) -> None:
    before = api.availability().json["available"]

    api.booked()

    assert api.availability().json["available"] == before - 1
