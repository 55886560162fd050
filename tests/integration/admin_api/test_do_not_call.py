"""Do not call: one by one, from a file and into one, losing nothing."""

import tracemalloc
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from services.admin_api.app import PREFIX
from services.admin_api.do_not_call import entries
from shared.callbacks.booking import book
from shared.db.models import AuditLog, Callback, CallbackEvent, DoNotCall, PortalUserSkill
from shared.errors import Code, DomainError
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, World


def send(operator: Browser, text: str | bytes, **query: str) -> Any:
    return operator.request("POST", "/do-not-call/import", data=text, content_type="text/csv", query_string=query)


def read_in(operator: Browser, text: str | bytes, **query: str) -> Any:
    """The job of an import, when it is done."""
    job = operator.job(send(operator, text, **query))
    assert job["status"] == "done"
    return job


def test_a_number_on_the_list_is_not_booked_any_more(world: World, operator: Browser) -> None:
    made = operator.post("/do-not-call", {"phone": "(312) 555-0142", "note": "asked us"})
    assert (made.status_code, made.json["phone"], made.json["addedBy"]) == (201, "+13125550142", "user:operator")
    with pytest.raises(DomainError) as refused:
        book(world.database, world.config_cache, world.request(phone="+13125550142"), world.caller, NOW)
    assert refused.value.code == Code.DO_NOT_CALL


def test_a_number_stands_there_once_and_must_be_one(operator: Browser) -> None:
    operator.post("/do-not-call", {"phone": "+13125550142"})
    assert operator.post("/do-not-call", {"phone": "312 555 0142"}).json["code"] == "already_exists"
    assert operator.post("/do-not-call", {"phone": "12"}).json["code"] == "invalid_phone"


def test_numbers_are_listed_and_looked_up(operator: Browser) -> None:
    for last in (142, 143):
        operator.post("/do-not-call", {"phone": f"+13125550{last}", "note": f"note {last}"})
    assert operator.get("/do-not-call", q="0143").json["items"][0]["phone"] == "+13125550143"
    assert operator.get("/do-not-call", q="NOTE").json["total"] == 2


def test_numbers_are_taken_off_again(operator: Browser, world: World) -> None:
    operator.post("/do-not-call", {"phone": "+13125550142"})
    assert operator.post("/do-not-call/removals", {"phones": ["(312) 555-0142", "+13125550199"]}).json == {"removed": 1}
    assert world.rows(DoNotCall) == []


def test_no_whole_number_is_audited(operator: Browser, world: World) -> None:
    operator.post("/do-not-call", {"phone": "+13125550142"})
    operator.post("/do-not-call/removals", {"phones": ["+13125550142"]})
    rows = world.rows(AuditLog, resource="do-not-call")
    assert [row.label for row in rows] == ["…42", "…42"]
    assert not any("5550142" in str(tuple(row)) for row in rows)


def test_a_file_is_taken_line_by_line_and_each_bad_one_is_told(operator: Browser, world: World) -> None:
    file = "phone,note\n312-555-0142,first\nrubbish,x\n\n,empty\n+13125550143,second\n312-555-0142,again\n"
    told = read_in(operator, file)
    assert told["counts"] == {"added": 2, "updated": 0, "unchanged": 1, "failed": 2}
    assert (told["total"], told["done"]) == (5, 5)
    assert [error["line"] for error in told["lines"]] == [3, 5]
    result = operator.get(f"/jobs/{told['id']}/result").text
    assert result.splitlines()[2] == '5,"There is no phone number on this line.",",empty"'
    assert {row.phone: row.note for row in world.rows(DoNotCall)} == {"+13125550142": "again", "+13125550143": "second"}


def test_a_second_import_updates_notes_and_loses_none(operator: Browser, world: World) -> None:
    read_in(operator, "phone,note\n+13125550142,old\n+13125550143,kept\n")
    told = read_in(operator, "phone,note\n+13125550142,new\n+13125550143\n")
    assert told["counts"] == {"added": 0, "updated": 1, "unchanged": 1, "failed": 0}
    assert {row.note for row in world.rows(DoNotCall)} == {"new", "kept"}


@pytest.mark.parametrize(
    "file",
    [
        "3125550142;by semicolon\n", "note\tphone\nby tab\t3125550142\n", "\ufeffPhone,Note\r\n3125550142,bom\r\n",
        '"3125550142","quoted, with comma"\n', "3125550142\n",
    ],
)  # fmt: skip
def test_files_as_spreadsheets_write_them_are_understood(operator: Browser, world: World, file: str) -> None:
    assert read_in(operator, file)["counts"]["added"] == 1
    assert world.rows(DoNotCall)[0].phone == "+13125550142"


def test_a_dry_run_tells_and_takes_nothing(operator: Browser, world: World) -> None:
    told = read_in(operator, "3125550142\n", dryRun="true")
    assert (told["counts"]["added"], told["dryRun"], world.rows(DoNotCall)) == (1, True, [])


def test_what_is_no_text_is_refused(operator: Browser) -> None:
    assert send(operator, b"\xff\xfe3\x001\x00").status_code == 422
    assert send(operator, "3125550142\n".encode("utf-16-le")).status_code == 422


def test_a_file_larger_than_other_bodies_is_taken_but_not_any_size(operator: Browser) -> None:
    lines = "".join(f"+1312555{n:04},{'x' * 60}\n" for n in range(1000, 3000))
    assert len(lines) > 64 * 1024
    assert read_in(operator, lines)["counts"]["added"] == 2000
    assert send(operator, "x" * (4 * 1024 * 1024 + 1)).status_code == 413


def test_what_is_exported_comes_back_whole(operator: Browser, world: World) -> None:
    notes = {"+13125550142": "=SUM(A1)", "+13125550143": 'a "quoted", note; with\ttab'.replace("\t", " "),
             "+447911123456": "Grüße", "+13125550144": None}  # fmt: skip
    for number, note in notes.items():
        assert operator.post("/do-not-call", {"phone": number, "note": note}).status_code == 201
    file = operator.get("/do-not-call/export")
    assert "'=SUM(A1)" in file.text
    operator.post("/do-not-call/removals", {"phones": list(notes)})
    assert read_in(operator, file.data)["counts"]["failed"] == 0
    assert {row.phone: row.note for row in world.rows(DoNotCall)} == notes


def test_a_long_list_is_exported_in_bounded_memory(operator: Browser, world: World) -> None:
    with world.database.writing() as tx:
        rows = [{"phone": f"+1312{2_000_000 + n}", "note": "x" * 200, "added_at": NOW} for n in range(8_000)]
        tx.execute(insert(DoNotCall), rows)
        tx.commit()
    del rows
    tracemalloc.start()
    try:
        with FlaskClient.open(operator.client, f"{PREFIX}/do-not-call/export", buffered=False) as file:
            lines = sum(block.count(b"\n") for block in file.iter_encoded())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (file.status_code, lines) == (200, 8_001)
    assert peak < 3 * 1024 * 1024


def test_a_list_that_is_too_long_is_refused_and_no_export_is_audited(
    operator: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MAX_LIST_ROWS", 1)
    for last in (142, 143):
        operator.post("/do-not-call", {"phone": f"+13125550{last}"})
    assert operator.get("/do-not-call/export").status_code == 422
    assert world.rows(AuditLog, action="export") == []


def waiting(world: World, **where: Any) -> set[str]:
    return {row.account_number for row in world.rows(Callback, status="scheduled", **where)}


def test_what_waits_for_a_number_is_cancelled_when_it_is_listed(world: World, operator: Browser) -> None:
    world.settings(open_callbacks_per_number=3)
    wanted, kept = world.book(phone="+13125550142").callback, world.book().callback
    at_ucce = world.book(phone="+13125550142", start="2026-11-24T10:00").callback.account_number
    world.configure(Callback, {"status": "imported"}, account_number=at_ucce)
    added = operator.post("/do-not-call", {"phone": "312 555 0142"}).json
    assert (added["cancelled"], added["atUcce"]) == (1, 1)
    assert waiting(world) == {kept.account_number}
    (row,) = world.rows(Callback, account_number=wanted.account_number)
    assert (row.status, row.reason, row.open_rank) == ("cancelled", "do_not_call", None)
    assert world.rows(CallbackEvent, account_number=wanted.account_number)[-1].who == "user:operator"
    (audited,) = world.rows(AuditLog, action="do_not_call")
    assert audited.after == {"accountNumbers": [wanted.account_number]}
    assert world.drift() == []


def test_an_import_cancels_what_waits_and_its_check_tells_how_many(world: World, operator: Browser) -> None:
    for last in (142, 143):
        world.book(phone=f"+13125550{last}")
    kept = world.book().callback.account_number
    file = "3125550142\n3125550143\n3125550142\n3125550144\n"
    checked = operator.job(operator.request("POST", "/do-not-call/import", data=file, content_type="text/csv",
                                            query_string={"dryRun": "true"}))  # fmt: skip
    assert (checked["counts"]["callbacksCancelled"], len(waiting(world))) == (2, 3)
    done = operator.job(operator.request("POST", "/do-not-call/import", data=file, content_type="text/csv"))
    assert done["counts"] == checked["counts"]
    assert waiting(world) == {kept}
    assert world.drift() == []


def test_who_is_limited_is_told_of_their_own_callbacks_alone(world: World, admin: Admin) -> None:
    other = world.another_skill("Sales")
    number = world.book(phone="+13125550142").callback.account_number
    world.configure(Callback, {"skill_id": other}, account_number=number)
    user = admin.add_user("limited", "operator", all_skills=False)
    world.add(PortalUserSkill, user_id=user, skill_id=world.skill_id)
    added = admin.as_role("limited").post("/do-not-call", {"phone": "+13125550142"}).json
    assert (added["cancelled"], added["atUcce"], waiting(world)) == (0, 0, set())  # nobody calls it, whosever it is
