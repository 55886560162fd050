"""Malformed bodies: refused by field, with nothing booked and never a 500."""

import json
from itertools import product
from typing import Any

import pytest

from shared.db import models
from tests.support.booking_api import START, Api
from tests.support.configured_database import phone

BOOK = "/api/v1/callbacks"


def booking_body(**changes: Any) -> dict[str, Any]:
    return {"phone": phone(), "start": START, "skill": "Billing", **changes}


def errors(response: Any) -> list[str]:
    assert (response.status_code, response.json["code"]) == (422, "validation_error"), response.text
    return sorted(response.json["errors"])


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[1,",
        b"callback please",
        b'{"phone": "1",}',
        b"{'phone': '1'}",
        b'{"phone": NaN}',
        b'{"phone": Infinity}',
        b'{"phone": "1", "phone": "2"}',
        b'{"callData": {"a": "1", "a": "2"}}',
        b'{"phone": "\xff\xfe"}',
        b'\xff{"phone": "1"}',
        b'{"phone": "a\x00b"}',
        b"[" * 60_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"1" * 10_000,
        b'{"phone": ' + b"9" * 20_000 + b"}",
        b'{"phone": "1"} trailing',
    ],
)  # fmt: skip
def test_malformed_json_is_400(api: Api, raw: bytes) -> None:
    response = api.post(BOOK, data=raw, content_type="application/json")

    assert (response.status_code, response.json["code"]) == (400, "validation_error")
    assert response.json["errors"] == {"body": ["The body is not valid JSON."]}


@pytest.mark.parametrize("raw", [b"[]", b"null", b'"x"', b"1", b"1e999", b"true", b"[{}]"])
def test_json_that_is_not_an_object_is_422(api: Api, raw: bytes) -> None:
    assert errors(api.post(BOOK, data=raw, content_type="application/json")) == ["body"]


@pytest.mark.parametrize("raw", [b"", b"{}"])
def test_an_empty_body_names_what_is_needed(api: Api, raw: bytes) -> None:
    assert errors(api.post(BOOK, data=raw)) == ["phone", "skill", "start"]


@pytest.mark.parametrize("field", ["phone", "start", "skill"])
@pytest.mark.parametrize(
    "wrong", [None, "", "   ", 1, 1.5, True, [], {}, ["x"], "x" * 65, "a\x00b", "a\ud800b", "\x7f"]
)
def test_required_fields_of_a_wrong_form_are_named(api: Api, field: str, wrong: Any) -> None:
    response = api.post(BOOK, data=json.dumps(booking_body(**{field: wrong})))

    assert errors(response) == [field]
    assert api.world.rows(models.Callback) == []


NAMES, KEYS = ["firstName", "lastName"], ["callId", "agentId", "requestId"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        *product(["campaign", *NAMES, *KEYS], [1, 1e308, False, [], {}]),
        *product(["campaign", *KEYS], ["x" * 129, "📞" * 65]),
        *product(["campaign", *KEYS], ["\x1b[31m", "\ud800", "\u0000"]),
        *product(KEYS, ["a\nb", "a\u202eb"]),
    ],
)
def test_optional_fields_of_a_wrong_form_are_named(api: Api, field: str, wrong: Any) -> None:
    assert errors(api.post(BOOK, data=json.dumps(booking_body(**{field: wrong})))) == [field]


@pytest.mark.parametrize(
    ("field", "limit"),
    [("campaign", 64), ("callId", 64), ("agentId", 32), ("requestId", 128)],
)
def test_a_text_may_be_as_long_as_its_column_counted_in_utf_16(api: Api, field: str, limit: int) -> None:
    def tried(text: str) -> Any:
        body: dict[str, Any] = {field: text}
        return api.book(**body)

    assert tried("x" * limit).status_code in (201, 404)
    assert tried("📞" * (limit // 2)).status_code in (201, 404)
    assert errors(tried("x" * (limit + 1))) == [field]
    assert errors(tried("📞" * (limit // 2) + "x")) == [field]


@pytest.mark.parametrize("extra", ["customerId", "call_id", "CallId", "phoneNumber", "accountNumber", "status", ""])
def test_unknown_fields_are_refused_by_name(api: Api, extra: str) -> None:
    body: dict[str, Any] = {extra: "x"}
    response = api.book(**body)

    assert response.status_code == 422
    assert response.json["errors"] == {extra or "body": ["Unknown field."]}


def test_several_mistakes_are_told_at_once(api: Api) -> None:
    response = api.post(BOOK, json={"phone": 1, "skill": "", "colour": "red", "callData": {"a": 1}})

    assert errors(response) == ["callData.a", "colour", "phone", "skill", "start"]


# --- call data -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call_data",
    [
        {f"name-{i}": "v" for i in range(40)},
        {"n" * 64: "v"},
        {"📞" * 64: ""},
        {"n": "v" * 1000},
        {"n": "é" * 1000},
        {f"{i}": "v" * 999 for i in range(8)} | {"rest": "v" * 188},
    ],
)
def test_call_data_at_its_limits_is_taken(api: Api, call_data: dict[str, str]) -> None:
    assert api.book(callData=call_data).json["callData"] == call_data


@pytest.mark.parametrize(
    ("call_data", "field"),
    [
        ({f"name-{i}": "v" for i in range(41)}, "callData"),
        ({f"{i}": "v" * 999 for i in range(8)} | {"rest": "v" * 189}, "callData"),
        ({f"{i}": "é" * 999 for i in range(5)}, "callData"),
        ({"n" * 65: "v"}, "callData." + "n" * 65),
        ({"": "v"}, "callData"),
        ({"n": "v" * 1001}, "callData.n"),
        ({"n": 77}, "callData.n"),
        ({"value": 77}, "callData.value"),
        ({"key": 77}, "callData.key"),
        ({"n": None}, "callData.n"),
        ({"n": {"deep": "x"}}, "callData.n"),
        ({"n": "a\x00b"}, "callData.n"),
        ({"n": "a\ud800b"}, "callData.n"),
        ({"a\nb": "v"}, "callData.a\nb"),
        ("text", "callData"),
        ([], "callData"),
        ([["a", "b"]], "callData"),
        (7, "callData"),
    ],
)
def test_call_data_beyond_its_limits_is_refused(api: Api, call_data: Any, field: str) -> None:
    assert errors(api.post(BOOK, data=json.dumps(booking_body(callData=call_data)))) == [field]


# --- size ----------------------------------------------------------------------------------------------------


def test_a_body_of_64_kib_is_read_and_one_byte_more_is_413(api: Api) -> None:
    fits = json.dumps(booking_body()).encode().ljust(64 * 1024)

    assert api.post(BOOK, data=fits).status_code == 201
    refused = api.post(BOOK, data=json.dumps(booking_body()).encode().ljust(64 * 1024 + 1))

    assert (refused.status_code, refused.json["code"]) == (413, "body_too_large")
    assert "64 KiB" in refused.json["detail"]


@pytest.mark.parametrize("length", ["-1", "abc", "99999999999999999999"])
def test_a_wrong_content_length_is_no_crash(api: Api, length: str) -> None:
    response = api.post(BOOK, data=b"{}", headers={"Content-Length": length})

    assert response.status_code in (400, 413, 422)


# --- the other bodies ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [b"{", b"[" * 60_000, b'{"start": NaN}', b'{"start": "1", "start": "1"}'])
def test_malformed_json_is_400_for_a_reschedule_and_a_request_too(api: Api, raw: bytes) -> None:
    account_number = api.booked()

    for method, path in (
        ("POST", f"{BOOK}/{account_number}/reschedule"),
        ("PATCH", f"{BOOK}/{account_number}"),
        ("POST", "/api/v1/callback-requests"),
    ):
        response = api.request(method, path, data=raw)
        assert (response.status_code, response.json["code"]) == (400, "validation_error")


@pytest.mark.parametrize("body", [{}, {"start": None}, {"start": 5}, {"start": START, "phone": "x"}, {"start": "\n"}])
def test_a_reschedule_takes_a_start_and_nothing_else(api: Api, body: dict[str, Any]) -> None:
    account_number = api.booked()

    assert errors(api.post(f"{BOOK}/{account_number}/reschedule", json=body)) in (["start"], ["phone"])


def test_a_cancellation_needs_no_body_and_reads_none(api: Api) -> None:
    account_number = api.booked()

    assert api.post(f"{BOOK}/{account_number}/cancel", data=b"[" * 1000).status_code == 204
