"""Texts as long as their column, of characters with two UTF-16 units, are stored; longer ones are refused beforehand.

SQLite stores any length; on SQL Server, which counts UTF-16 units, the statement fails.
"""

from typing import Any

import pytest
from sqlalchemy import Unicode

from shared.db import models
from shared.db.columns import truncate_utf16
from tests.support.admin_api import Browser
from tests.support.booking_api import START, Api
from tests.support.configured_database import World

UNICORN = "🦄"  # two UTF-16 units
BOOKED = [("agentId", "agent_id"), ("callId", "call_id")]
NAMES = [("firstName", "first_name"), ("lastName", "last_name")]  # cut, and no reason to refuse a booking


def places(model: Any, column: str) -> int:
    """How many UTF-16 units the column holds."""
    kind = model.__table__.c[column].type
    assert isinstance(kind, Unicode)
    assert kind.length
    return kind.length


@pytest.mark.parametrize(("field", "column"), BOOKED)
def test_a_booking_takes_what_its_column_holds_and_no_more(api: Api, world: World, field: str, column: str) -> None:
    most = places(models.Callback, column) // 2
    body: dict[str, Any] = {field: UNICORN * most}
    booked = api.book(**body)
    assert booked.status_code == 201, booked.text
    (row,) = world.rows(models.Callback)
    assert getattr(row, column) == UNICORN * most
    body[field] += "x"
    refused = api.book(**body)
    assert (refused.status_code, refused.json["code"]) == (422, "validation_error")
    assert list(refused.json["errors"]) == [field]
    assert len(world.rows(models.Callback)) == 1


@pytest.mark.parametrize(("field", "column"), NAMES)
def test_a_persons_name_is_cut_to_what_its_column_holds(api: Api, world: World, field: str, column: str) -> None:
    most = places(models.Callback, column) // 2
    body: dict[str, Any] = {field: UNICORN * (most + 1)}
    assert api.book(**body).json[field] == UNICORN * most
    (row,) = world.rows(models.Callback)
    assert getattr(row, column) == UNICORN * most


@pytest.mark.parametrize("field", ["skill", "campaign"])
@pytest.mark.parametrize("count", [32, 33, 64])
def test_an_unknown_name_of_such_characters_is_recorded_or_refused(api: Api, field: str, count: int) -> None:
    name: dict[str, Any] = {field: UNICORN * count}
    answer = api.book(**name)
    assert answer.status_code == (404 if count == 32 else 422)
    asked = api.availability(**name)
    assert asked.status_code == (404 if count == 32 else 422)
    api.flush()


def test_a_request_id_is_held_to_its_column_too(api: Api) -> None:
    most = places(models.CallbackRequest, "request_key") // 2
    body: dict[str, Any] = {"start": START, "requestId": UNICORN * most}
    first = api.book(phone="+13125550111", **body)
    assert first.status_code == 201
    assert api.book(phone="+13125550111", **body).json == first.json
    assert api.book(requestId=UNICORN * most + "x").status_code == 422


@pytest.mark.parametrize(
    ("path", "body", "field", "column"),
    [
        ("/skills", {"name": "A"}, "name", (models.Skill, "name")),
        ("/skills", {"name": "A"}, "description", (models.Skill, "description")),
        ("/daily-schedules", {"name": "A", "capacities": [0] * 48}, "name", (models.DailySchedule, "name")),
        ("/do-not-call", {"phone": "+13125550199"}, "note", (models.DoNotCall, "note")),
        ("/api-clients", {"name": "A", "scopes": ["ivr"], "enabled": True}, "name", (models.ApiClient, "name")),
        ("/users", {"name": "anna", "displayName": "A", "role": "viewer", "enabled": True,
                    "password": "correct horse battery"}, "displayName", (models.PortalUser, "display_name")),
    ],
)  # fmt: skip
def test_the_admin_api_takes_what_a_column_holds_and_no_more(
    administrator: Browser, path: str, body: dict[str, Any], field: str, column: tuple[Any, str]
) -> None:
    most = places(*column) // 2
    refused = administrator.post(path, {**body, field: UNICORN * (most + 1)})
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
    taken = administrator.post(path, {**body, field: UNICORN * most})
    assert taken.status_code == 201, taken.text
    assert taken.json[field] == UNICORN * most


@pytest.mark.parametrize("length", [0, 1, 2, 3, 9, 10, 11])
def test_what_is_cut_to_fit_is_never_longer_than_its_column_and_never_half_a_character(length: int) -> None:
    cut = truncate_utf16("ab" + UNICORN * 8, length)
    assert len(cut.encode("utf-16-le")) // 2 in (length, length - 1)
    assert ("ab" + UNICORN * 8).startswith(cut)
