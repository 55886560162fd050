"""Odd input gets a refusal or an empty result, never a 5xx."""

from typing import Any

import pytest

from tests.support.admin_api import Browser

HALF = "\ud83d"  # a lone surrogate, which no database stores
ODD = ["", " ", "\x00", HALF, "x" * 5000, "'; DROP TABLE callback --", "٣", "-1", "1e99", "../..", "%00", "🦄" * 40]


@pytest.mark.parametrize(
    ("path", "name"),
    [("/callbacks", "q"), ("/callbacks", "phone"), ("/callbacks", "accountNumber"), ("/callbacks", "from"),
     ("/callbacks", "skillId"), ("/audit-log", "who"), ("/audit-log", "q"), ("/reports/made", "skill"),
     ("/reports/made", "to"), ("/skills", "q"), ("/skill-schedules/preview", "from")],
)  # fmt: skip
def test_odd_parameters_are_no_server_error(supervisor: Browser, path: str, name: str) -> None:
    more = {"skillId": "1"} if path.endswith("preview") else {}
    for text in ODD:
        assert supervisor.get(path, **{**more, name: text.replace(HALF, "\ufffd")}).status_code < 500


@pytest.mark.parametrize("text", ODD)
def test_odd_bodies_are_no_server_error(administrator: Browser, text: str) -> None:
    for path, body in (
        ("/auth/login", {"name": text, "password": text}),
        ("/auth/password", {"currentPassword": text, "newPassword": text}),
        ("/skills", {"name": text}),
        ("/users", {"name": text, "displayName": text, "role": "viewer", "enabled": True, "password": text}),
        ("/api-clients", {"name": text, "scopes": ["ivr"], "enabled": True}),
        ("/do-not-call", {"phone": text, "note": text}),
        ("/do-not-call/removals", {"phones": [text]}),
        ("/callbacks/bulk-cancel/preview", {"phone": text}),
        ("/callbacks/01JZ8Q4T7M2V9K3C5D6E8F0G1H/cancel", {"reason": text}),
        ("/callbacks/01JZ8Q4T7M2V9K3C5D6E8F0G1H/reschedule", {"start": text}),
    ):
        assert administrator.post(path, body).status_code < 500


@pytest.mark.parametrize("year", ["0001", "1969", "2201", "9999"])
def test_dates_outside_of_the_supported_years_are_refused(supervisor: Browser, year: str) -> None:
    for path, name in (("/callbacks", "to"), ("/callbacks", "from"), ("/reports/made", "from"), ("/audit-log", "to")):
        assert supervisor.get(path, **{name: f"{year}-12-31"}).status_code == 422
    assert supervisor.get("/skill-schedules/preview", skillId="1", **{"from": f"{year}-12-31"}).status_code == 422


def test_a_line_break_at_the_end_of_a_name_is_refused(supervisor: Browser, administrator: Browser) -> None:
    made = administrator.post("/users", {"name": "anna\n", "displayName": "A", "role": "viewer", "enabled": True,
                                         "password": "correct horse battery"})  # fmt: skip
    assert list(made.json["errors"]) == ["name"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'"x"', b"{", b'{"name": NaN}', b'{"name": 1, "name": 2}', b"\xff"]
)
def test_bodies_that_are_no_object_are_a_validation_error(supervisor: Browser, body: bytes) -> None:
    refused = supervisor.request("POST", "/skills", data=body)
    assert (refused.status_code in (400, 422), refused.json["code"]) == (True, "validation_error")


@pytest.mark.parametrize("tag", ["", "1", 'W/"1"', '"1", "2"', "*", '"x"', "\x01"])
def test_an_odd_version_deletes_nothing(supervisor: Browser, world: Any, tag: str) -> None:
    response = supervisor.request("DELETE", f"/skills/{world.skill_id}", headers={"If-Match": tag})
    assert response.status_code in (409, 412, 428)


def test_a_file_that_no_spreadsheet_wrote_is_no_server_error(supervisor: Browser) -> None:
    for raw in (b'"' + b"x" * 200_000 + b'"\n', b"\x00\x01\n", b"a,b\n" * 3):
        response = supervisor.request("POST", "/do-not-call/import", data=raw, content_type="text/csv")
        assert response.status_code in (202, 422)


@pytest.mark.parametrize("key", ["00000000015365036620124752630182", "99999999999", "2147483648"])
def test_an_id_that_no_row_can_have_is_refused(supervisor: Browser, key: str) -> None:
    others = {f"{day}Id": None for day in ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
    assert supervisor.post("/weekly-schedules", {"name": "Odd", "mondayId": key, **others}).status_code == 422
    assert supervisor.get("/callbacks", skillId=key).status_code == 422
    assert supervisor.get(f"/weekly-schedules/{key}").status_code == 404
