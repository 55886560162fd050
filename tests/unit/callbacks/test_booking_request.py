"""Two requests are the same request when everything the client sent is the same."""

from dataclasses import fields, replace
from typing import Any

import pytest

from shared.callbacks.booking_request import ApiCaller, BookingRequest

ORDER = BookingRequest(phone="312-555-0142", start="2026-11-23T09:10", skill="Billing", call_data={"a": "1", "b": "2"})


def test_the_same_request_has_the_same_fingerprint_whatever_the_order_of_its_call_data() -> None:
    again = replace(ORDER, call_data={"b": "2", "a": "1"})
    assert again.fingerprint() == ORDER.fingerprint()
    assert len(ORDER.fingerprint()) == 64


@pytest.mark.parametrize("name", [field.name for field in fields(BookingRequest)])
def test_any_other_field_makes_it_another_request(name: str) -> None:
    changes: dict[str, Any] = {name: {"a": "other"} if name == "call_data" else "other"}
    assert replace(ORDER, **changes).fingerprint() != ORDER.fingerprint()


def test_text_that_no_database_would_take_still_has_a_fingerprint() -> None:
    assert replace(ORDER, first_name="\ud800\x00").fingerprint() != ORDER.fingerprint()


def test_a_caller_stands_in_the_timeline_by_its_name() -> None:
    assert ApiCaller(1, "ivr-chicago", "ivr").who == "client:ivr-chicago"
