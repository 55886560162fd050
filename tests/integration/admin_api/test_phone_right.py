"""The rights to see whole phone numbers and to export files."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest

from services.admin_api.identity.scope import Scoped
from shared.db import models
from tests.integration.admin_api.test_scope import address, filled, operations, questions
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, World
from tests.support.lines_of_business import Line, add_line

LISTED = "+13125557701"


@pytest.fixture
def line(world: World) -> Line:
    """A line of business whose numbers stand in every free text that a person can write."""
    world.add(models.DoNotCall, phone=LISTED, note="also (312) 555-7702", added_at=NOW, added_by="user:x")
    return add_line(world, "Blue", 11)


def person(admin: Admin, role: str, **rights: bool) -> Browser:
    admin.add_user("ann", role, **rights)
    browser = admin.browser()
    browser.log_in("ann")
    return browser


def numbers_in(text: str) -> set[str]:
    """The tests' numbers that a text contains, in any notation."""
    return set(re.findall(r"31255511\d\d|31255577\d\d", re.sub(r"[\s().\-]", "", text)))


def answers(admin: Admin, browser: Browser, line: Line, job: int) -> Iterator[tuple[str, str]]:
    """(operation, text) of the answers to every read; those about a job are about `job`."""
    for name, path, query in questions(admin):
        if not {"phone", "q"} & query.keys():  # the question itself names a number
            yield name, browser.get(address(path, {**line.ids, "job": job}), **filled(query, line.ids)).text


def cancelled_by(browser: Browser, chosen: dict[str, Any]) -> str:
    """The file of a bulk cancel of one callback."""
    job = browser.job(browser.post("/callbacks/bulk-cancel", {**chosen, "count": 1}))
    return browser.get(f"/jobs/{job['id']}/result").text.removeprefix("\ufeff")


def test_no_answer_holds_a_whole_number_for_who_may_not_see_them(admin: Admin, line: Line, supervisor: Browser) -> None:
    file = "phone\n(312) 555-7705 ext. 9, or +13125557706\n"
    imported = supervisor.request("POST", "/do-not-call/import", data=file, content_type="text/csv")
    job = supervisor.job(imported)["id"]
    masked = person(admin, "supervisor", sees_phones=False)
    shown = {name for name, text in answers(admin, supervisor, line, job) if numbers_in(text)}
    assert {
        "searchCallbacks",
        "getCallback",
        "listDoNotCall",
        "exportDoNotCall",
        "getMadeReport",
        "getJobResult",
    } <= shown
    found = {name: numbers for name, text in answers(admin, masked, line, job) if (numbers := numbers_in(text))}
    assert found == {}
    detail = masked.get(f"/callbacks/{line.account_numbers['completed']}").json
    assert (detail["phone"], detail["callData"]["ani"], detail["reason"]) == ("…03", "…03", "Blue: call …03")
    assert detail["callId"] == "Blue-3"


def test_what_a_write_answers_is_masked_too(admin: Admin, line: Line) -> None:
    masked = person(admin, "operator", sees_phones=False)
    number = line.account_numbers["scheduled"]
    chosen = {"phone": line.phones["scheduled"]}
    assert masked.post("/callbacks/bulk-cancel/preview", chosen).json["count"] == 1
    moved = masked.post(f"/callbacks/{number}/dispatch-now")
    assert (moved.status_code, numbers_in(moved.text)) == (200, set())
    (row,) = csv.DictReader(io.StringIO(cancelled_by(masked, chosen)))
    assert (row["accountNumber"], row["phone"], row["lastName"]) == (number, "…00", "or …00")
    added = masked.post("/do-not-call", {"phone": "+13125557703", "note": "her brother: 312.555.7704"})
    assert (added.json["phone"], added.json["note"]) == ("…03", "her brother: …04")


def test_who_sees_no_numbers_finds_a_callback_by_the_whole_number_of_the_caller(admin: Admin, line: Line) -> None:
    masked = person(admin, "operator", sees_phones=False)
    for query in ({"phone": line.phones["completed"]}, {"q": "(312) 555-1103"}):
        (item,) = masked.get("/callbacks", **query).json["items"]
        assert (item["accountNumber"], item["phone"]) == (line.account_numbers["completed"], "…03")


def test_the_do_not_call_list_gives_no_number_away_digit_by_digit(admin: Admin, line: Line, viewer: Browser) -> None:
    masked = person(admin, "operator", sees_phones=False)
    assert viewer.get("/do-not-call", q="5557701").json["total"] == 1
    for part in ("5557701", "+1312555770", "01"):
        assert masked.get("/do-not-call", q=part).json["total"] == 0
    assert masked.get("/do-not-call", q="(312) 555-7701").json["total"] == 1
    assert masked.get("/do-not-call", q="also").json["total"] == 1
    for path in ("/do-not-call", "/reports/realtime", "/reports/made"):
        refused = masked.get(path, sort="-phone")
        assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
        assert viewer.get(path, sort="-phone").status_code == 200
    assert masked.post("/do-not-call/removals", {"phones": ["312 555 7701"]}).json == {"removed": 1}


def test_no_file_is_given_to_who_may_not_export(admin: Admin, line: Line) -> None:
    person_without = person(admin, "supervisor", may_export=False)
    files = [(path, query) for name, path, query in questions(admin) if "format" in query or name == "exportDoNotCall"]
    assert len(files) == 6
    for path, query in files:
        refused = person_without.get(path, **query)
        assert (refused.status_code, refused.json["code"]) == (403, "forbidden"), path
    by_header = person_without.request("GET", "/reports/made", headers={"Accept": "text/csv"})
    assert by_header.status_code == 403
    assert admin.world.rows(models.AuditLog, action="export") == []
    assert person_without.get("/reports/made").json["total"] > 0
    assert cancelled_by(person_without, {"skillId": str(line.skill)}).splitlines() == [
        '"accountNumber","result"', f'"{line.account_numbers["scheduled"]}","cancelled"',
    ]  # fmt: skip


def test_every_operation_that_gives_a_file_asks_for_the_right(admin: Admin) -> None:
    """Every operation that answers with CSV requires the right to export."""
    files: dict[str, Any] = {
        operation["operationId"]: operation["x-scope"]
        for _, _, operation in operations(admin)
        if any("text/csv" in one.get("content", {}) for one in operation["responses"].values())
    }
    asked = {"exportDoNotCall", "getJobResult"} | {name for name in files if name.endswith("Report")}
    assert files.keys() == asked, "let a test above ask for the file as somebody without the right"
    assert Scoped.WHOLE not in files.values()
