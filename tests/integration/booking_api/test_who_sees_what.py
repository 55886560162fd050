"""API clients see every callback; an agent of the gadget those of the number on the line, as Finesse says it, and those
they booked: on every route of the booking API, and when an answer is given again.
"""

from datetime import timedelta
from typing import Any

import pytest

from deploy.sandbox.finesse.handle import FinesseFake
from shared.callbacks.lookup import plain_account_number
from shared.db import models
from tests.support.booking_api import AgentDesk, Api, add_key, code
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


@pytest.fixture
def desk(gadget_api: Api, finesse: FinesseFake) -> AgentDesk:
    return AgentDesk(gadget_api, finesse, "1042")


@pytest.fixture
def other_desk(gadget_api: Api, finesse: FinesseFake) -> AgentDesk:
    return AgentDesk(gadget_api, finesse, "1043")


def booked(by: Api | AgentDesk, route: tuple[str, str]) -> str:
    """A callback of PHONE of which `route` can be asked: one that was dialed, to report its end."""
    number = by.booked(phone=PHONE, agentId="1042")
    if route[1].endswith("agent-outcome"):
        world = by.world if isinstance(by, Api) else by.api.world
        world.configure(models.Callback, {"status": "imported", "attempts": 1}, account_number=number)
    return number


def found(desk: AgentDesk, number: str = PHONE) -> list[str]:
    listed = desk.request("GET", "/api/v1/callbacks", query_string={"phone": number, "status": "all"}).json
    assert listed["total"] == len(listed["callbacks"])
    return sorted(one["accountNumber"] for one in listed["callbacks"])


def test_the_table_has_every_route_with_an_account_number(gadget_api: Api) -> None:
    documented = {
        (method.upper(), path)
        for path, item in gadget_api.contract.document["paths"].items()
        for method in item
        if "account" in path and method != "parameters"
    }
    assert documented == set(BY_NUMBER)


@pytest.mark.parametrize("route", BY_NUMBER)
@pytest.mark.parametrize("keyed", [False, True])
@pytest.mark.parametrize("suffix", ["", "-01"])
def test_an_agent_reaches_the_callbacks_they_booked_alone(
    gadget_api: Api, desk: AgentDesk, other_desk: AgentDesk, route: tuple[str, str], keyed: bool, suffix: str
) -> None:
    method, path = route
    number = booked(desk, route)
    (before,) = gadget_api.world.rows(models.Callback)
    headers = {"Idempotency-Key": "key-1"} if keyed else {}

    def ask(by: AgentDesk) -> Any:
        return by.request(method, path.format(account_number=number + suffix), json=BY_NUMBER[route], headers=headers)

    assert [code(ask(other_desk)) for _ in range(2)] == [(404, "unknown_callback")] * 2
    assert gadget_api.world.rows(models.Callback) == [before]
    assert ask(desk).status_code in (200, 204)


@pytest.mark.parametrize("route", BY_NUMBER)
def test_an_agent_reaches_the_callbacks_of_the_number_on_the_line_until_the_call_is_over(
    gadget_api: Api, desk: AgentDesk, route: tuple[str, str]
) -> None:
    method, path = route
    number = booked(gadget_api, route)

    def ask() -> Any:
        return desk.request(method, path.format(account_number=number), json=BY_NUMBER[route])

    desk.call_in("3125550143")
    assert code(ask()) == (404, "unknown_callback")
    desk.call_in("3125550142")
    assert found(desk) == [number]
    assert ask().status_code in (200, 204)
    assert desk.request("DELETE", "/api/v1/gadget/session/call").status_code == 204
    assert code(ask()) == (404, "unknown_callback")
    assert found(desk) == []


def test_what_is_on_the_line_is_believed_for_an_hour(gadget_api: Api, desk: AgentDesk) -> None:
    number = gadget_api.booked(phone=PHONE)
    desk.call_in("3125550142")
    for minutes, expected in ((14, [number]), (14, [number]), (14, [number]), (14, [number]), (5, [])):
        gadget_api.now += timedelta(minutes=minutes)
        assert found(desk) == expected


@pytest.mark.parametrize("route", BY_NUMBER)
def test_any_ivr_reaches_every_callback(gadget_api: Api, desk: AgentDesk, route: tuple[str, str]) -> None:
    method, path = route
    another = add_key(gadget_api.world, "ivr-2", "ivr")
    number = booked(desk, route)
    answer = gadget_api.request(method, path.format(account_number=number), key=another, json=BY_NUMBER[route])
    assert answer.status_code in (200, 204)


def test_an_agent_finds_of_a_number_that_is_not_on_the_line_their_own_alone(
    gadget_api: Api, desk: AgentDesk, other_desk: AgentDesk
) -> None:
    gadget_api.world.settings(open_callbacks_per_number=3)
    booked = [desk.booked(phone=PHONE), other_desk.booked(phone=PHONE), gadget_api.booked(phone=PHONE)]
    assert (found(desk), found(other_desk)) == (booked[:1], booked[1:2])
    desk.call_in("3125550142")
    assert (found(desk), found(other_desk)) == (sorted(booked), booked[1:2])


@pytest.mark.parametrize("keyed", [False, True])
def test_a_refusal_tells_the_open_callback_of_a_number_to_who_sees_it(
    gadget_api: Api, desk: AgentDesk, other_desk: AgentDesk, keyed: bool
) -> None:
    number = desk.booked(phone=PHONE)
    headers = {"Idempotency-Key": "key-1"} if keyed else {}
    for by, told in ((other_desk, None), (desk, number), (gadget_api, number)):
        for _ in range(2):
            refused = by.book(phone=PHONE, headers=headers)
            assert (code(refused), refused.json.get("accountNumber")) == ((409, "duplicate_callback"), told)
            assert told is not None or number not in refused.text
    other_desk.call_in("3125550142")
    assert other_desk.book(phone=PHONE).json["accountNumber"] == number


def test_the_first_answer_is_not_given_again_to_who_sees_the_callback_no_more(gadget_api: Api, desk: AgentDesk) -> None:
    number = gadget_api.booked(phone=PHONE)
    desk.call_in("3125550142")

    def move() -> Any:
        return desk.request("POST", f"/api/v1/callbacks/{number}/reschedule", json={"start": START},
                            headers={"Idempotency-Key": "key-1"})  # fmt: skip

    assert [move().status_code for _ in range(2)] == [200, 200]
    desk.request("DELETE", "/api/v1/gadget/session/call")
    assert code(move()) == (404, "unknown_callback")
    assert PHONE not in move().text


def test_an_account_number_that_was_never_given_is_answered_alike(gadget_api: Api, desk: AgentDesk) -> None:
    """Whether a callback exists is not told to who may not see it."""
    number = gadget_api.booked(phone=phone())
    bodies = []
    for asked in (number, plain_account_number("0" * 26)):
        answer = desk.request("GET", f"/api/v1/callbacks/{asked}").json
        bodies.append({name: value for name, value in answer.items() if name != "requestId"})
    assert bodies[0] == bodies[1]
