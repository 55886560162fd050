"""Clients of the IVR see every callback, those of another channel their own: on every route of the booking API."""

from typing import Any

import pytest

from shared.callbacks.lookup import plain_account_number
from shared.db import models
from tests.support.booking_api import Api, add_key, code
from tests.support.configured_database import phone

PHONE = "+13125550142"
START = "2026-11-23T12:00"
ONE = "/api/v1/callbacks/{account_number}"
# Every way to one callback; a route that this table lacks fails the first test.
BY_NUMBER: dict[tuple[str, str], Any] = {
    ("GET", ONE): None,
    ("PATCH", ONE): {"start": START},
    ("DELETE", ONE): None,
    ("POST", f"{ONE}/reschedule"): {"start": START},
    ("POST", f"{ONE}/cancel"): None,
    ("POST", f"{ONE}/agent-outcome"): {"outcome": "skill"},
}


@pytest.fixture(autouse=True)
def gadget_on(api: Api) -> None:
    api.app.config["GADGET_ENABLED"] = True


def booked(api: Api, route: tuple[str, str], **body: Any) -> str:
    """A callback of which `route` can be asked: one that was dialed, to report its end."""
    number = api.booked(agentId="1042", **body)
    if route[1].endswith("agent-outcome"):
        api.world.configure(models.Callback, {"status": "imported", "attempts": 1}, account_number=number)
    return number


def test_the_table_has_every_route_with_an_account_number(api: Api) -> None:
    documented = {
        (method.upper(), path)
        for path, item in api.contract.document["paths"].items()
        for method in item
        if "account" in path and method != "parameters"
    }
    assert documented == set(BY_NUMBER)


@pytest.mark.parametrize("route", BY_NUMBER)
@pytest.mark.parametrize("keyed", [False, True])
@pytest.mark.parametrize("suffix", ["", "-01"])
def test_a_channel_reaches_its_own_callback_alone(api: Api, route: tuple[str, str], keyed: bool, suffix: str) -> None:
    method, path = route
    desk, other = add_key(api.world, "desk", "gadget"), add_key(api.world, "other-desk", "gadget")
    number = booked(api, route, key=desk, phone=PHONE)
    (before,) = api.world.rows(models.Callback)

    def ask(key: str) -> Any:
        headers = {"Idempotency-Key": "key-1"} if keyed else {}
        return api.request(method, path.format(account_number=number + suffix), key=key, json=BY_NUMBER[route],
                           headers=headers)  # fmt: skip

    assert [code(ask(other)) for _ in range(2)] == [(404, "unknown_callback")] * 2
    assert api.world.rows(models.Callback) == [before]
    assert ask(desk).status_code in (200, 204)


@pytest.mark.parametrize("route", BY_NUMBER)
def test_any_ivr_reaches_every_callback(api: Api, route: tuple[str, str]) -> None:
    method, path = route
    desk, another = add_key(api.world, "desk", "gadget"), add_key(api.world, "ivr-2", "ivr", "gadget")
    number = booked(api, route, key=desk)
    answer = api.request(method, path.format(account_number=number), key=another, json=BY_NUMBER[route])
    assert answer.status_code in (200, 204)


def test_a_channel_finds_its_own_callbacks_of_a_number_alone(api: Api) -> None:
    api.world.settings(open_callbacks_per_number=3)
    desk, other = add_key(api.world, "desk", "gadget"), add_key(api.world, "other-desk", "gadget")
    booked = [api.booked(key=key, phone=PHONE) for key in (desk, other, api.key)]

    def found(key: str) -> list[str]:
        listed = api.get("/api/v1/callbacks", key=key, query_string={"phone": PHONE, "status": "all"}).json
        assert listed["total"] == len(listed["callbacks"])
        return sorted(one["accountNumber"] for one in listed["callbacks"])

    assert (found(desk), found(other), found(api.key)) == (booked[:1], booked[1:2], sorted(booked))


@pytest.mark.parametrize("keyed", [False, True])
def test_a_refusal_tells_the_open_callback_of_a_number_to_who_sees_it(api: Api, keyed: bool) -> None:
    desk, other = add_key(api.world, "desk", "gadget"), add_key(api.world, "other-desk", "gadget")
    number = api.booked(key=desk, phone=PHONE)
    for key, told in ((other, None), (desk, number), (api.key, number)):
        headers = {"Idempotency-Key": "key-1"} if keyed else {}
        for _ in range(2):
            refused = api.book(key=key, phone=PHONE, headers=headers)
            assert (code(refused), refused.json.get("accountNumber")) == ((409, "duplicate_callback"), told)
            assert told is not None or number not in refused.text


def test_the_first_answer_is_not_given_again_to_who_sees_the_callback_no_more(api: Api) -> None:
    """An IVR's key that moved a callback of another client, and is made one of the gadget."""
    desk, changing = add_key(api.world, "desk", "gadget"), add_key(api.world, "changing", "ivr")
    number = api.booked(key=desk, phone=PHONE)

    def move() -> Any:
        return api.post(f"/api/v1/callbacks/{number}/reschedule", key=changing, json={"start": START},
                        headers={"Idempotency-Key": "key-1"})  # fmt: skip

    assert [move().status_code for _ in range(2)] == [200, 200]
    api.world.configure(models.ApiClient, {"scopes": ["gadget"]}, name="changing")
    api.world.settings(default_region="US")  # another version: the snapshot is read anew
    refused = api.get(f"/api/v1/callbacks/{number}", key=changing)
    while refused.status_code == 200:  # by a snapshot of at most a second ago
        refused = api.get(f"/api/v1/callbacks/{number}", key=changing)
    assert code(refused) == code(move()) == (404, "unknown_callback")
    assert PHONE not in move().text


def test_an_account_number_that_was_never_given_is_answered_alike(api: Api) -> None:
    """Whether a callback exists is not told to who may not see it."""
    other = add_key(api.world, "other-desk", "gadget")
    number = api.booked(phone=phone())
    bodies = []
    for asked in (number, plain_account_number("0" * 26)):
        answer = api.get(f"/api/v1/callbacks/{asked}", key=other).json
        bodies.append({name: value for name, value in answer.items() if name != "requestId"})
    assert bodies[0] == bodies[1]
