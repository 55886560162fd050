"""Which numbers are called back: the same answer wherever a number comes in, and as the settings say at once."""

from typing import Any

import pytest

from shared.db.models import Callback, DoNotCall
from tests.support.admin_api import Browser
from tests.support.booking_api import Api, code

BLOCKED = ["312-976-1234", "312-555-1212", "500-234-5678", "533-234-5678", "622-234-5678"]
NO_NUMBERS = ["737-874-2833", "8628245225", "1-800-555-01a42", "312-555-014b", "679-234-5678"]


def put(supervisor: Browser, name: str, value: Any) -> Any:
    version = supervisor.get(f"/settings/{name}").json["version"]
    return supervisor.put(f"/settings/{name}", {"value": value}, version)


@pytest.mark.parametrize("number", BLOCKED)
def test_a_blocked_number_is_not_booked_but_can_be_looked_for_and_kept_on_the_list(
    api: Api, operator: Browser, number: str
) -> None:
    assert code(api.book(phone=number)) == (422, "phone_not_allowed")
    assert api.world.rows(Callback) == []
    assert api.get("/api/v1/callbacks", query_string={"phone": number}).json["total"] == 0
    assert operator.get("/callbacks", phone=number).json["total"] == 0
    assert operator.post("/do-not-call", {"phone": number}).status_code == 201


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_what_is_no_number_is_refused_wherever_it_comes_in(api: Api, operator: Browser, number: str) -> None:
    assert code(api.book(phone=number)) == (422, "invalid_phone")
    assert code(api.get("/api/v1/callbacks", query_string={"phone": number})) == (422, "invalid_phone")
    assert code(operator.get("/callbacks", phone=number)) == (422, "invalid_phone")
    assert code(operator.post("/do-not-call", {"phone": number})) == (422, "invalid_phone")
    imported = operator.request("POST", "/do-not-call/import", data=f"{number}\n", content_type="text/csv")
    counts = operator.job(imported)["counts"]
    assert (counts["added"], counts["failed"]) == (0, 1)
    assert api.world.rows(DoNotCall) == []


def test_a_number_of_demonstrations_is_booked(api: Api) -> None:
    assert [api.book(phone=f"312-555-01{last}").status_code for last in ("00", "42", "99")] == [201, 201, 201]


def test_a_prefix_that_is_blocked_counts_from_the_next_booking_on(api: Api, supervisor: Browser) -> None:
    usual = supervisor.get("/settings/blocked_prefixes").json
    assert (usual["kind"], usual["isDefault"], "+1...976" in usual["value"]) == ("prefixes", True, True)
    assert api.book(phone="312-976-1234").status_code == 422

    assert put(supervisor, "blocked_prefixes", ["+1312555014."]).status_code == 200

    assert code(api.book(phone="312-555-0142")) == (422, "phone_not_allowed")
    assert api.book(phone="312-555-0152").status_code == 201
    assert api.book(phone="312-976-1234").status_code == 201


def test_a_callback_is_not_moved_once_its_number_is_blocked(api: Api, operator: Browser) -> None:
    account_number = api.booked(phone="312-555-0142")
    api.world.settings(blocked_prefixes=["+1312555"])
    start = {"start": "2026-11-24T09:10:00-06:00"}

    assert code(api.post(f"/api/v1/callbacks/{account_number}/reschedule", json=start)) == (422, "phone_not_allowed")
    assert code(operator.post(f"/callbacks/{account_number}/reschedule", start)) == (422, "phone_not_allowed")
    assert [row.start_at.day for row in api.world.rows(Callback)] == [23]


@pytest.mark.parametrize("area", ["679", "861", "621"])
def test_a_new_area_code_is_called_once_an_administrator_allows_it(
    api: Api, supervisor: Browser, operator: Browser, area: str
) -> None:
    number = f"({area}) 234-5678"
    assert code(api.book(phone=number)) == (422, "invalid_phone")

    assert put(supervisor, "allowed_prefixes", [f"+1{area}"]).status_code == 200

    assert api.book(phone=number).json["phone"] == f"+1{area}2345678"
    assert operator.get("/callbacks", phone=number).json["total"] == 1
    assert operator.post("/do-not-call", {"phone": number}).json["phone"] == f"+1{area}2345678"
    assert code(api.book(phone=f"{area}-234-567")) == (422, "invalid_phone")


@pytest.mark.parametrize(
    "value",
    [None, "+1900", ["1900"], ["+"], ["+0"], ["+1 900"], ["+1*976"], ["+1900", "+1900"], ["+1900\n"], ["+１900"],
     ["+1234567890123456"], [1], [["+1"]], {"+1900": True}, [f"+1{n}" for n in range(501)]],
)  # fmt: skip
@pytest.mark.parametrize("name", ["blocked_prefixes", "allowed_prefixes"])
def test_what_is_no_list_of_prefixes_is_refused(supervisor: Browser, name: str, value: Any) -> None:
    refused = put(supervisor, name, value)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["value"])


def test_the_refusal_names_the_prefix_and_the_help_tells_the_form(supervisor: Browser) -> None:
    refused = put(supervisor, "blocked_prefixes", ["+1900", "976"])
    assert "'976'" in refused.json["errors"]["value"][0]
    assert "+1...976" in supervisor.get("/settings/blocked_prefixes").json["help"]


def test_no_prefixes_at_all_are_a_choice(api: Api, supervisor: Browser) -> None:
    assert put(supervisor, "blocked_prefixes", []).json["value"] == []
    assert api.book(phone="312-976-1234").status_code == 201
