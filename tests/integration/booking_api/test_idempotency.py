"""A repeat with the same key gets the first answer again, and nothing is booked twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.db import models
from tests.support.booking_api import Api, add_key, code
from tests.support.configured_database import phone


@pytest.mark.parametrize("by", ["header", "body", "both"])
def test_a_repeat_gets_the_first_answer_with_200(api: Api, by: str) -> None:
    how: dict[str, Any] = {"phone": phone(), "callData": {"a": "1", "b": "2"}, "firstName": "Ada"}
    if by != "body":
        how["headers"] = {"Idempotency-Key": "key-1"}
    if by != "header":
        how["requestId"] = "key-1"

    first, second = api.book(**how), api.book(**how)

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json == first.json
    assert second.headers["Location"] == first.headers["Location"]
    assert len(api.world.rows(models.Callback)) == 1
    assert api.world.drift() == []


def test_header_and_body_are_two_ways_to_send_one_key(api: Api) -> None:
    number = phone()
    first = api.book(phone=number, headers={"Idempotency-Key": "key-1"})

    assert api.book(phone=number, requestId="key-1").json == first.json


def test_a_repeat_shows_the_callback_as_it_was_booked_even_after_it_moved(api: Api) -> None:
    body: dict[str, Any] = {"phone": phone(), "requestId": "key-1"}
    first = api.book(**body).json
    api.post(f"/api/v1/callbacks/{first['accountNumber']}/reschedule", json={"start": "2026-11-24T10:40"})

    assert api.book(**body).json == first


def test_a_repeat_after_a_cancellation_books_nothing(api: Api) -> None:
    body: dict[str, Any] = {"phone": phone(), "requestId": "key-1"}
    first = api.book(**body).json
    api.request("DELETE", f"/api/v1/callbacks/{first['accountNumber']}")

    again = api.book(**body)

    assert (again.status_code, again.json) == (200, first)
    assert api.get(f"/api/v1/callbacks/{first['accountNumber']}").json["status"] == "cancelled"


@pytest.mark.parametrize(
    "change",
    [{"start": "2026-11-23T09:11:00-06:00"}, {"phone": "+13125550143"}, {"callData": {"a": "2"}}, {"firstName": "Eve"},
     {"callId": "call-2"}, {"agentId": "1"}, {"campaign": "Billing_Callback"}, {"skill": "Nobody"}],
)  # fmt: skip
def test_the_same_key_with_another_body_is_refused(api: Api, change: dict[str, Any]) -> None:
    body: dict[str, Any] = {"phone": "+13125550142", "callData": {"a": "1"}, "requestId": "key-1"}
    first = api.book(**body)

    assert code(api.book(**{**body, **change})) == (422, "idempotency_key_reused")
    assert len(api.world.rows(models.Callback)) == 1
    assert api.book(**body).json == first.json


def test_the_order_of_names_in_a_body_makes_no_other_body(api: Api) -> None:
    number = phone()
    first = api.book(phone=number, requestId="key-1", callData={"a": "1", "b": "2"})

    again = api.post(
        "/api/v1/callbacks",
        json={
            "callData": {"b": "2", "a": "1"},
            "requestId": "key-1",
            "skill": "Billing",
            "start": "2026-11-23T09:10:00-06:00",
            "phone": number,
        },
    )

    assert (again.status_code, again.json) == (200, first.json)


def test_a_refusal_is_repeated_too(api: Api) -> None:
    booked = [api.booked() for _ in range(3)]
    body: dict[str, Any] = {"phone": phone(), "requestId": "key-1"}
    first = api.book(**body)
    api.request("DELETE", f"/api/v1/callbacks/{booked[0]}")

    again = api.book(**body)

    assert code(first) == code(again) == (409, "slot_full")
    assert again.json["alternatives"] == first.json["alternatives"]
    assert api.book(**{**body, "requestId": "key-2"}).status_code == 201


def test_what_the_operator_refused_may_succeed_later_with_the_same_key(api: Api) -> None:
    body: dict[str, Any] = {"phone": phone(), "requestId": "key-1"}
    api.world.settings(accept_bookings=False)
    closed = api.book(**body)
    api.world.settings(accept_bookings=True)

    assert code(closed) == (409, "booking_closed")
    assert api.book(**body).status_code == 201


def test_a_malformed_request_uses_no_key_up(api: Api) -> None:
    body: dict[str, Any] = {"phone": phone(), "requestId": "key-1"}

    assert code(api.book(**body, colour="red")) == (422, "validation_error")
    assert api.book(**body).status_code == 201


def test_a_key_belongs_to_its_client(api: Api) -> None:
    other = add_key(api.world, "other-ivr", "ivr")

    first = api.book(requestId="key-1")
    second = api.book(requestId="key-1", key=other)

    assert (first.status_code, second.status_code) == (201, 201)


@pytest.mark.parametrize("key", ["k" * 129, "a\tb", "caf\u0085"])
def test_a_key_is_up_to_128_printable_characters(api: Api, key: str) -> None:
    refused = api.book(headers={"Idempotency-Key": key})

    assert code(refused) == (422, "validation_error")
    assert list(refused.json["errors"]) == ["Idempotency-Key"]
    assert api.book(headers={"Idempotency-Key": "é" * 128}).status_code == 201


def test_an_empty_key_is_no_key(api: Api) -> None:
    assert api.book(headers={"Idempotency-Key": ""}).status_code == 201
    assert api.book(headers={"Idempotency-Key": ""}).status_code == 201


def test_repeats_at_the_same_moment_book_once(api: Api) -> None:
    body: dict[str, Any] = {"phone": phone(), "requestId": "key-1"}

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.book(**body), range(16)))

    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert len(api.world.rows(models.Callback)) == 1
    assert api.world.drift() == []


def test_an_offer_that_is_told_twice_is_recorded_once(api: Api) -> None:
    offer = {"skill": "Billing", "callId": "call-1", "outcome": "declined"}
    keyed = {"Idempotency-Key": "key-1"}

    answers = [api.post("/api/v1/callback-requests", json=offer, headers=keyed) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [204] * 3
    assert len(api.world.rows(models.CallbackRequest)) == 1


def test_a_key_is_of_one_request_whatever_its_kind(api: Api) -> None:
    offer = {"skill": "Billing", "callId": "call-1", "outcome": "declined"}
    keyed = {"Idempotency-Key": "key-1"}
    api.post("/api/v1/callback-requests", json=offer, headers=keyed)

    other = api.post("/api/v1/callback-requests", json={**offer, "outcome": "abandoned"}, headers=keyed)
    booking = api.book(requestId="key-1")

    assert code(other) == code(booking) == (422, "idempotency_key_reused")


def test_offers_without_a_key_are_each_recorded(api: Api) -> None:
    for _ in range(2):
        api.post("/api/v1/callback-requests", json={"skill": "Billing", "outcome": "declined"})

    assert len(api.world.rows(models.CallbackRequest)) == 2
