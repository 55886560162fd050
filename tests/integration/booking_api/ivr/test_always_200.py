"""Refusals as 200 with `result`: of a request, or of an API client that an administrator set up so."""

from typing import Any

import pytest

from shared.db import models
from tests.integration.booking_api.ivr.voice import PREFIX, Voice
from tests.support.admin_api import Browser
from tests.support.booking_api import code
from tests.support.until import until

REFUSED = {
    "offer": ("GET", {"skill": "Nobody", "phone": "+13125550142"}, "unknown_skill"),
    "book": ("POST", {"skill": "Billing", "phone": "123", "start": "2026-11-23T09:00"}, "invalid_phone"),
    "callback": ("GET", {"account": "123"}, "unknown_callback"),
    "decline": ("POST", {"skill": "Nobody"}, "unknown_skill"),
}


def ask(voice: Voice, call: str, query: str = "") -> Any:
    method, fields, _ = REFUSED[call]
    how: Any = (
        {"query_string": {**fields, **({"always200": query} if query else {})}} if method == "GET" else {"json": fields}
    )
    address = f"{PREFIX}/{call}" + (f"?always200={query}" if query and method == "POST" else "")
    return voice.api.request(method, address, **how)


@pytest.mark.parametrize("call", REFUSED)
def test_every_call_refuses_by_its_status_unless_it_is_asked_to_answer_200(voice: Voice, call: str) -> None:
    expected = REFUSED[call][2]
    for value in ("true", "1", "TRUE"):
        flat = ask(voice, call, value)
        assert (flat.status_code, flat.mimetype, flat.json["result"]) == (200, "application/json", expected)
        assert flat.json["message"]
        assert all(isinstance(field, str | int) for field in flat.json.values())
    for value in ("", "false", "0"):
        refused = ask(voice, call, value)
        assert refused.status_code >= 400
        assert refused.json["code"] == refused.json["result"] == expected


def test_an_api_client_can_be_set_up_so_and_a_request_may_say_otherwise(voice: Voice, administrator: Browser) -> None:
    made = administrator.post("/api-clients", {"name": "CVP", "scopes": ["ivr"], "enabled": True, "always200": True})
    assert (made.status_code, made.json["always200"]) == (201, True)
    voice.api.key = made.json["key"]
    until(lambda: ask(voice, "offer").status_code == 200, timeout=3)

    for call, (_, _, expected) in REFUSED.items():
        assert ask(voice, call).json["result"] == expected
        assert ask(voice, call, "false").status_code >= 400
    changed = {"name": "CVP", "scopes": ["ivr"], "enabled": True}
    assert administrator.put(f"/api-clients/{made.json['id']}", changed, 1).json["always200"] is False
    until(lambda: ask(voice, "offer").status_code == 404, timeout=3)
    told = [(row.action, (row.before or {}).get("always_200"), (row.after or {}).get("always_200"))
            for row in voice.api.world.rows(models.AuditLog, resource="api-clients")]  # fmt: skip
    assert told == [("create", None, True), ("update", True, False)]


def test_a_booking_that_goes_well_is_200_too(voice: Voice) -> None:
    voice.offer(callId="call-1")

    assert voice.book(slot=1, callId="call-1", query="?always200=true").status_code == 200


def test_who_is_not_known_is_not_told_so_by_a_200(voice: Voice) -> None:
    key, voice.api.key = voice.api.key, "wrong"
    for call in REFUSED:
        assert code(ask(voice, call, "true")) == (401, "unauthorized")
    voice.api.key = key
    voice.api.world.configure(models.ApiClient, {"scopes": ["ops"]}, name="test-ivr")
    until(lambda: code(ask(voice, "offer", "true")) == (403, "forbidden"), timeout=3)
