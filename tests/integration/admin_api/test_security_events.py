"""Security events: each leaves a row of the audit log, a log line for a SIEM and a count."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.admin_api.identity.authorization import operations
from shared.db.models import AuditLog, DoNotCall
from shared.web.dependencies import security_log_of
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, phone
from tests.support.contract import documented_path

WRONG = "not the password"


def events(admin: Admin, action: str) -> Sequence[Any]:
    return admin.world.rows(AuditLog, action=action)


def counted(admin: Admin, kind: str) -> float:
    text = admin.browser().client.get("/metrics").text
    found = re.search(rf'^cm_security_events_total\{{kind="{kind}"\}} (\S+)$', text, re.MULTILINE)
    assert found
    return float(found[1])


def test_what_a_role_may_not_do_is_told_with_who_tried_and_where(admin: Admin, viewer: Browser) -> None:
    before = counted(admin, "forbidden")
    with capture_logs() as lines:
        refused = viewer.get("/users", q="+13125550147")
    assert refused.status_code == 403
    (row,) = events(admin, "forbidden")
    assert (row.who, row.address, row.resource, row.label, row.after) == (
        "user:viewer", "127.0.0.1", "users", "GET /admin/api/v1/users", {"code": "forbidden"},
    )  # fmt: skip
    assert row.request_id == refused.headers["X-Request-ID"]
    (line,) = lines
    assert (line["event"], line["kind"], line["who"], line["log_level"]) == (
        "security_event", "forbidden", "user:viewer", "warning",
    )  # fmt: skip
    assert "5550147" not in str(line) + str(tuple(row))
    assert counted(admin, "forbidden") == before + 1


def test_a_write_without_the_csrf_token_and_a_login_from_another_site_are_told(admin: Admin, operator: Browser) -> None:
    operator.csrf = "guessed"
    operator.post("/auth/logout")
    admin.browser().log_in("viewer", headers={"Sec-Fetch-Site": "cross-site"})
    assert [(row.who, row.resource) for row in events(admin, "csrf_failed")] == [
        ("user:operator", "auth"), ("unknown", "login"),
    ]  # fmt: skip


def test_a_flood_of_failures_is_summed_up(admin: Admin) -> None:
    before = counted(admin, "login_failed")
    for number in range(40):
        admin.browser().log_in(f"nobody-{number}", WRONG)
    admin.browser().log_in("viewer", WRONG)  # not written either: the time that takes would tell that she exists
    assert len(events(admin, "login_failed")) == 5
    security_log_of(admin.app).close()  # as at the window's end, or the process's
    rows = events(admin, "login_failed")
    assert [row.after.get("times", 1) for row in rows] == [1] * 5 + [36]
    assert {row.who for row in rows} == {"unknown"}
    assert counted(admin, "login_failed") == before + 41


def test_reading_lists_with_phone_numbers_is_told_once_for_each_list(admin: Admin, viewer: Browser) -> None:
    number = admin.world.book().callback.account_number
    admin.world.add(DoNotCall, phone=phone(), added_at=NOW)
    paths = ("/callbacks", f"/callbacks/{number}", "/do-not-call", "/reports/realtime", "/reports/requests", "/skills")
    with capture_logs() as lines:
        for path in (*paths, "/callbacks"):
            assert viewer.get(path).status_code == 200
    assert viewer.get("/callbacks/01HZZZZZZZZZZZZZZZZZZZZZZZ").status_code == 404
    assert [(row.who, row.resource, row.label) for row in events(admin, "phones_read")] == [
        ("user:viewer", "callbacks", "GET /admin/api/v1/callbacks"),
        ("user:viewer", "callbacks", "GET /admin/api/v1/callbacks/<string:account_number>"),
        ("user:viewer", "do-not-call", "GET /admin/api/v1/do-not-call"),
        ("user:viewer", "reports", "GET /admin/api/v1/reports/realtime"),
    ]
    assert [(line["kind"], line["log_level"]) for line in lines] == [("phones_read", "info")] * 4
    security_log_of(admin.app).close()
    assert [row.label for row in events(admin, "phones_read")[4:]] == ["GET /admin/api/v1/callbacks"]  # the second time


@pytest.mark.parametrize("address", ["2001:db8:0:1::5", "2001:db8:0:1:ffff::6"])
def test_one_customers_ipv6_network_is_one_source(admin: Admin, address: str) -> None:
    for number in range(10):
        headers = {"X-Forwarded-For": "2001:db8:0:1::7" if number % 2 else address}
        admin.browser().log_in(f"nobody-{number}", WRONG, headers=headers)
    assert len(events(admin, "login_failed")) == 5


def test_whatever_shows_phone_numbers_says_so(admin: Admin) -> None:
    """Every GET whose answer has a field `phone`, or is a file."""
    document = admin.contract.document
    for (method, rule), operation in operations(admin.app).items():
        if method != "GET" or not rule.startswith("/admin/api/v1/"):
            continue
        contents = document["paths"][documented_path(rule)]["get"]["responses"].get("200", {}).get("content", {})
        is_file = any(kind.startswith("text/csv") for kind in contents)
        shows = is_file or any("phone" in _fields(document, content["schema"]) for content in contents.values())
        has_phones = (shows and "/reports/" not in rule) or rule.endswith(("/realtime", "/made"))
        assert operation is not None
        assert operation.shows_phones is has_phones, rule


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    """The names of all fields of a schema and of what is in it."""
    if "$ref" in schema:
        return _fields(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    inner = [*schema.get("properties", {}).values(), *schema.get("allOf", ())]
    inner += [schema["items"]] if "items" in schema else []
    return set(schema.get("properties", {})).union(*(_fields(document, one) for one in inner))
