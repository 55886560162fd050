"""Booking an offered slot."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import delete

from shared.db import models
from tests.integration.booking_api.ivr.voice import PREFIX, Voice, another_node, local_times, starts
from tests.support.booking_api import Api, add_key, code
from tests.support.configured_database import NOW, phone
from tests.support.until import until


def fill(voice: Voice, start: str) -> None:
    """Take all places of a slot."""
    while voice.book(start=start, skill="Billing").status_code == 201:
        pass


def test_a_slot_is_booked_by_its_number_and_the_answer_is_flat(voice: Voice) -> None:
    number = phone()
    offer = voice.offer(phone=number, callId="call-1", language="es").json

    booked = voice.book(slot=2, phone=number, callId="call-1", data_customerId="A-77", data_note="", firstName="Ada",
                        data_attempt=2)  # fmt: skip

    assert booked.status_code == 201, booked.text
    answer = booked.json
    assert {name: value for name, value in answer.items() if not name.startswith("slot") or name[4].isupper()} == {
        "result": "ok", "message": "", "accountNumber": answer["accountNumber"], "status": "scheduled", "phone": number,
        "start": offer["slot2Start"], "date": "20261123", "time": "1200", "customerDate": "20261123",
        "customerTime": "1200", "spoken": "lunes veintitrés de noviembre, a las doce del mediodía",
        "slotStart": "2026-11-23T12:00:00-06:00", "slotEnd": "2026-11-23T12:30:00-06:00",
        "slotTimeZone": "America/Chicago", "spokenTimeZone": "America/Chicago", "timeZone": "",
        "customerTimeZone": "America/Chicago", "skill": "Billing",
        "campaign": "Billing_Callback", "firstName": "Ada", "lastName": "", "agentId": "", "agentPolicy": "",
        "agentWaitSeconds": 0, "agentOutcome": "", "source": "ivr", "createdAt": "2026-11-23T08:00:00-06:00",
        "count": 0, "offerId": "",
    }  # fmt: skip
    assert starts(answer) == []
    (row,) = voice.api.world.rows(models.Callback)
    assert (row.call_data, row.call_id) == ({"customerId": "A-77", "attempt": "2"}, "call-1")


def test_the_number_means_what_was_offered_on_any_node_also_when_it_would_be_another_slot_now(voice: Voice) -> None:
    number, soonest = phone(), "2026-11-23T08:20:00-06:00"
    taken = voice.book(start=soonest, skill="Billing").json["accountNumber"]
    fill(voice, soonest)
    offered = voice.offer(phone=number, callId="call-1").json
    assert voice.api.request("DELETE", f"/api/v1/callbacks/{taken}").status_code == 204
    assert voice.offer(callId="another call").json["slot1Start"] == soonest != offered["slot1Start"]
    with another_node(voice.api) as other:
        body = {"slot": 1, "phone": number, "callId": "call-1"}
        answer = other.post(f"{PREFIX}/book", json=body, headers={"X-API-Key": voice.api.key})

    assert answer.status_code == 201
    assert answer.get_json()["start"] == offered["slot1Start"]


def test_a_repeat_for_the_same_call_and_slot_gets_the_first_answer_and_books_once(voice: Voice) -> None:
    number = phone()
    voice.offer(phone=number, callId="call-1")

    first = voice.book(slot=1, phone=number, callId="call-1", data_seconds=10)
    again = voice.book(
        slot=1, phone=f"tel:{number}", callId="call-1", data_seconds=15
    )  # templates fill in what they know
    by_start = voice.book(start=first.json["start"], skill="billing", phone=number, callId="call-1")
    in_a_query = voice.book(slot=1, phone=number, callId="call-1", query="?always200=true")

    assert [answer.status_code for answer in (first, again, by_start, in_a_query)] == [201, 200, 200, 200]
    assert again.json == in_a_query.json == first.json
    assert by_start.json == first.json
    assert len(voice.api.world.rows(models.Callback)) == 1


def test_many_at_once_for_one_call_and_slot_book_once(voice: Voice) -> None:
    number = phone()
    voice.offer(phone=number, callId="call-1")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: voice.book(slot=1, phone=number, callId="call-1"), range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json["accountNumber"] for answer in answers}) == 1


def test_another_number_or_slot_of_the_same_call_is_another_booking(voice: Voice) -> None:
    voice.offer(callId="call-1")

    assert voice.book(slot=1, callId="call-1").status_code == 201
    assert voice.book(slot=1, callId="call-1").status_code == 201
    assert voice.book(slot=2, callId="call-1").status_code == 201
    assert len(voice.api.world.rows(models.Callback)) == 3


def test_what_was_refused_may_be_tried_again_in_the_same_call(voice: Voice) -> None:
    number = phone()
    voice.offer(phone=number, callId="call-1")
    listed = {"phone": number, "added_at": NOW}
    voice.api.world.add(models.DoNotCall, **listed)
    assert code(voice.book(slot=1, phone=number, callId="call-1")) == (422, "do_not_call")
    with voice.api.world.database.writing() as tx:
        tx.execute(delete(models.DoNotCall))
        tx.commit()

    assert voice.book(slot=1, phone=number, callId="call-1").status_code == 201


def test_with_a_key_of_its_own_a_refusal_is_repeated_too_and_the_key_is_of_one_request(voice: Voice) -> None:
    number = phone()
    offered = voice.offer(phone=number, callId="call-1").json
    fill(voice, offered["slot1Start"])
    key = {"Idempotency-Key": "call-1-book"}
    refused = voice.book(slot=1, phone=number, callId="call-1", headers=key)
    again = voice.book(slot=1, phone=number, callId="call-1", headers=key)

    assert code(refused) == code(again) == (409, "slot_full")
    assert code(voice.book(slot=2, phone=number, callId="call-1", headers=key)) == (422, "idempotency_key_reused")
    assert voice.book(slot=1, phone=number, callId="call-1", requestId="next").status_code == 201  # of the fresh slots


@pytest.mark.parametrize("always200", [False, True])
def test_a_slot_that_is_full_by_now_is_refused_with_fresh_slots_that_can_be_booked_by_their_numbers(
    voice: Voice, always200: bool
) -> None:
    number = phone()
    offered = voice.offer(phone=number, callId="call-1", max=2, language="es").json
    fill(voice, offered["slot1Start"])

    refused = voice.book(slot=1, phone=number, callId="call-1", query="?always200=true" if always200 else "")

    assert refused.status_code == (200 if always200 else 409)
    answer = refused.json
    assert answer["result"] == "slot_full"
    assert answer["message"].startswith("This slot is full.")
    assert local_times(answer) == ["23 08:30", "23 12:00"]
    assert answer["slot1Spoken"].startswith("lunes")
    if always200:
        assert (answer["accountNumber"], answer["start"], answer["status"]) == ("", "", "")
        assert not {"code", "alternatives", "type"}.intersection(answer)
    assert answer["offerId"] not in ("", offered["offerId"])
    # The first offer's numbers stay those of the first offer for who names it.
    assert code(voice.book(slot=1, phone=number, callId="call-1", offerId=offered["offerId"])) == (409, "slot_full")
    fresh = voice.book(slot=1, phone=number, offerId=answer["offerId"])
    assert fresh.json["start"] == answer["slot1Start"]


def test_an_offer_that_was_listened_to_for_too_long_is_refused_with_fresh_slots(voice: Voice) -> None:
    number = phone()
    voice.offer(phone=number, callId="call-1", max=1)
    voice.api.now = NOW + timedelta(minutes=12)
    late = voice.book(slot=1, phone=number, callId="call-1")
    voice.api.now = NOW + timedelta(minutes=25)
    too_late = voice.book(start="2026-11-23T08:20", skill="Billing", phone=number, callId="call-1")

    assert code(late) == (422, "outside_booking_window")
    assert local_times(late.json) == ["23 08:35"]
    assert code(too_late) == (422, "start_in_past")
    assert local_times(too_late.json) == ["23 08:45", "23 12:00", "24 00:00"]


def test_a_slot_that_the_schedule_lost_is_refused_and_so_is_one_that_was_never_there(voice: Voice) -> None:
    number = phone()
    voice.offer(phone=number, callId="call-1")
    voice.api.world.configure(models.DailySchedule, {"capacities": [0] * 24 + [1] * 24}, id=voice.api.world.daily_id)

    assert code(voice.book(slot=1, phone=number, callId="call-1")) == (409, "no_slot")
    assert code(voice.book(start="2026-11-23T25:00", skill="Billing")) == (422, "invalid_start")


@pytest.mark.parametrize(
    ("body", "fresh"),
    [
        ({"callId": "never offered"}, False),
        ({"callId": "never offered", "skill": "Billing"}, True),
        ({"callId": "call-1", "slot": 7}, True),
        ({"offerId": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, False),
    ],
)
def test_a_number_that_was_not_offered_is_an_unknown_offer(voice: Voice, body: dict[str, Any], fresh: bool) -> None:
    voice.offer(callId="call-1")
    answer = voice.book(**{"slot": 1, **body})

    assert code(answer) == (404, "unknown_offer")
    assert (answer.json["count"] > 0) is fresh


def test_the_offers_of_another_client_are_unknown(voice: Voice) -> None:
    offer = voice.offer(callId="call-1").json
    voice.api.key = add_key(voice.api.world, "other", "ivr")
    until(lambda: voice.offer().status_code == 200, timeout=3)  # a snapshot of the moment before knows no such key

    assert code(voice.book(slot=1, callId="call-1")) == (404, "unknown_offer")
    assert code(voice.book(slot=1, offerId=offer["offerId"])) == (404, "unknown_offer")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "slot"),
        ({"slot": "", "start": ""}, "slot"),
        ({"slot": 1, "start": "2026-11-23T09:00", "callId": "call-1"}, "slot"),
        ({"slot": 1}, "callId"),
        ({"slot": 0, "callId": "call-1"}, "slot"),
        ({"slot": 10, "callId": "call-1"}, "slot"),
        ({"slot": 1, "callId": "call-1", "skill": "Sales"}, "skill"),
        ({"slot": 1, "callId": "call-1", "campaign": "Other"}, "campaign"),
        ({"start": "2026-11-23T09:00"}, "skill"),
        ({"slot": 1, "callId": "call-1", "phone": ""}, "phone"),
        ({"slot": 1, "callId": "call-1", "colour": "red"}, "colour"),
        ({"slot": 1, "callId": "call-1", "data_" + "n" * 65: "x"}, "callData." + "n" * 65),
        ({"slot": 1, "callId": "call-1", "data_x": "x" * 1001}, "callData.x"),
        ({"slot": 1, "callId": "call-1", **{f"data_{number}": "x" for number in range(41)}}, "callData"),
        ({"slot": 1, "callId": "call-1", **{f"data_{number}": "x" * 1000 for number in range(9)}}, "callData"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_books_nothing_and_names_the_field(voice: Voice, body: dict[str, Any], field: str) -> None:
    voice.offer(callId="call-1")
    answer = voice.book(**body)
    flat = voice.book(query="?always200=true", **body)

    assert code(answer) == (422, "validation_error")
    assert list(answer.json["errors"]) == [field]
    assert (flat.status_code, flat.json["result"], flat.json["accountNumber"]) == (200, "validation_error", "")
    assert f"{field}: " in flat.json["message"]
    assert voice.api.world.rows(models.Callback) == []


def test_optional_fields_that_are_empty_count_as_absent(voice: Voice) -> None:
    number = phone()
    voice.offer(phone=number, callId="call-1", campaign="", max="", part="", from_="", language="", always200="")
    empty: Any = dict.fromkeys(
        (
            "start",
            "skill",
            "campaign",
            "offerId",
            "firstName",
            "lastName",
            "agentId",
            "requestId",
            "language",
            "data_x",
        ),
        "",
    )
    assert voice.book(slot="1", phone=number, callId="call-1", **empty).status_code == 201


def form(
    voice: Voice, body: str, content_type: str | None = "application/x-www-form-urlencoded", path: str = "book"
) -> Any:
    return voice.api.post(f"{PREFIX}/{path}", data=body, content_type=content_type)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "application/json", None])
def test_a_form_is_read_as_a_body_and_its_lost_pluses_are_understood(voice: Voice, content_type: str | None) -> None:
    voice.api.world.settings(allowed_countries=[])
    voice.offer(phone="+442079460958", callId="call-1")
    by_number = form(
        voice, "slot=1&phone=+442079460958&callId=call-1&data_reason=invoice+due&firstName=Ada", content_type
    )
    by_start = form(voice, "start=2026-11-24T15:00:00+01:00&phone=%2B13125550143&skill=Billing", content_type)

    assert (by_number.status_code, by_number.json["phone"]) == (201, "+442079460958")
    assert (by_start.status_code, by_start.json["start"]) == (201, "2026-11-24T08:00:00-06:00")
    (first,) = voice.api.world.rows(models.Callback, phone="+442079460958")
    assert first.call_data == {"reason": "invoice due"}


@pytest.mark.parametrize(
    "body", ["{", "[]", "slot=1&slot=2&callId=c", "slot=%ff", "nonsense", '{"slot": 1, "slot": 2}']
)
def test_a_body_that_is_neither_is_refused(voice: Voice, body: str) -> None:
    answer = form(voice, body)

    assert answer.status_code in (400, 422)
    assert answer.json["result"] == "validation_error"


def test_a_body_that_is_too_large_is_told_so_in_both_ways(voice: Voice) -> None:
    large = "data_x=" + quote("x" * 70_000)

    assert code(form(voice, large)) == (413, "body_too_large")
    assert form(voice, large, path="book?always200=true").json["result"] == "body_too_large"


def test_bookings_by_voice_are_counted_and_recorded_as_all_others(api: Api, voice: Voice) -> None:
    number = phone()
    voice.offer(phone=number, callId="call-1")
    voice.book(slot=1, phone=number, callId="call-1")
    voice.book(slot=9, phone=number, callId="call-1")
    form(voice, "skill=Billing&callId=call-2&slot=x")
    api.flush()

    assert [(row.call_id, row.outcome, row.skill) for row in api.world.rows(models.CallbackRequest)] == [
        ("call-1", "asked", "Billing"), ("call-1", "scheduled", "Billing"), ("call-1", "unknown_offer", "Billing"),
        ("call-2", "validation_error", "Billing"),
    ]  # fmt: skip
    assert api.world.drift() == []
