"""The number of statements and transactions of each request, so that it cannot grow unnoticed."""

from typing import Any

import pytest

from tests.support.booking_api import Api
from tests.support.statements import watched


@pytest.fixture
def warm_api(api: Api) -> Api:
    """The API with the configuration snapshot in memory and the slot's row in the database."""
    api.booked()
    api.availability()
    api.flush()  # so that no batch of request rows is written in between
    return api


def test_an_availability_question_reads_once(warm_api: Api) -> None:
    with watched(warm_api.world.database) as seen:
        assert warm_api.availability().status_code == 200

    assert seen.kinds == ["SELECT"]
    assert (seen.begun, seen.committed) == (1, 0)


def test_a_booking_asks_nothing_and_writes_its_four_rows_in_one_transaction(warm_api: Api) -> None:
    with watched(warm_api.world.database) as seen:
        assert warm_api.book(requestId="key-1").status_code == 201

    assert seen.kinds == [
        "INSERT callback",
        "INSERT callback_event",
        "INSERT callback_request",
        "UPDATE slot",  # last: it locks the hot row
    ]
    assert (seen.begun, seen.committed) == (1, 1)


def test_the_first_booking_of_a_slot_makes_its_row_in_the_same_transaction(warm_api: Api) -> None:
    with watched(warm_api.world.database) as seen:
        assert warm_api.book(start="2026-11-23T10:10:00-06:00").status_code == 201

    assert seen.kinds == [
        "INSERT callback",
        "INSERT callback_event",
        "INSERT callback_request",
        "UPDATE slot",
        "INSERT slot",
        "UPDATE slot",
    ]
    assert (seen.begun, seen.committed) == (1, 1)


def test_a_fetch_by_account_number_reads_once(warm_api: Api) -> None:
    account_number = warm_api.booked()

    with watched(warm_api.world.database) as seen:
        assert warm_api.get(f"/api/v1/callbacks/{account_number}-01").status_code == 200

    assert seen.kinds == ["SELECT"]


def test_a_repeat_of_a_booking_tries_once_in_vain_and_leaves_nothing_written(warm_api: Api) -> None:
    booking_body: dict[str, Any] = {"phone": "+13125550142", "requestId": "key-1"}
    warm_api.book(**booking_body)

    with watched(warm_api.world.database) as seen:
        assert warm_api.book(**booking_body).status_code == 200

    assert seen.kinds == ["INSERT callback", "SELECT", "SELECT"]
    assert seen.committed == 0


def test_a_request_without_a_valid_key_asks_nothing_while_the_snapshot_is_fresh(warm_api: Api) -> None:
    with watched(warm_api.world.database) as seen:
        assert warm_api.get("/api/v1/availability?skill=Billing", key="").status_code == 401

    assert seen.kinds == []


def test_a_malformed_request_asks_nothing(warm_api: Api) -> None:
    with watched(warm_api.world.database) as seen:
        assert warm_api.book(colour="red").status_code == 422

    assert seen.kinds == []
