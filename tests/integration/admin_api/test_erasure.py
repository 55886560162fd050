"""Erasing a person by number: no data of theirs are left in the database, and every report counts the same."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from services.admin_api.identity.roles import Role
from shared.callbacks.request_log import insert_request_now, request_values
from shared.db import models
from shared.db.models.base import Base
from shared.redis_client import RedisClient
from shared.reports.definitions import REPORTS
from tests.support.admin_api import Admin, Browser
from tests.support.booking_api import NO_REDIS, Api, code
from tests.support.configured_database import NOW, World
from tests.support.until import until

KEY = "a-key-of-the-tests-0123456789abcdef"
PHONE, OTHERS = "+13125550142", "+13125550199"
WORDS = (
    "Ada",
    "Lovelace",
    "555-0142",
    "A-77",
    "call-of-ada",
    "says-her-son",
    "asked-by-letter",
    "request-of-ada",
    "55501",
)


@pytest.fixture
def admin(world: World) -> Iterator[Admin]:
    """The admin API with a key for hashes."""
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Admin(world, cache, phone_hash_key=KEY)) as running:
        yield running


@pytest.fixture
def api(world: World) -> Iterator[Api]:
    """The booking API with the same key."""
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Api(world, cache, phone_hash_key=KEY)) as running:
        yield running


def everything(world: World) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with world.database.reading() as connection:
        return {
            name: [str(tuple(row)) for row in connection.execute(select(*table.columns))]
            for name, table in Base.metadata.tables.items()
        }


def traces(world: World, *words: str) -> list[str]:
    return [
        f"{table}: {row}" for table, rows in everything(world).items() for row in rows for word in words if word in row
    ]


def reports(browser: Browser) -> dict[str, Any]:
    """The rows of every report without their personal columns."""
    personal = {"phone", "firstName", "lastName", "message"}
    return {
        report.name: [{k: v for k, v in row.items() if k not in personal} for row in
                      browser.get(f"/reports/{report.name}", **{"from": "2026-11-01"}).json["items"]]
        for report in REPORTS
    }  # fmt: skip


def ada(api: Api, start: str = "2026-11-23T09:10", **more: Any) -> str:
    """A callback of the person who will be erased."""
    api.availability(callId="call-of-ada")
    return api.booked(phone=PHONE, start=start, firstName="Ada", lastName="Lovelace", callId="call-of-ada",
                      callData={"customerId": "A-77"}, requestId=f"request-of-ada-{start}", **more)  # fmt: skip


def erase(browser: Browser, phone: str = "(312) 555-0142") -> Any:
    answer = browser.post("/erasures", {"phone": phone})
    assert answer.status_code == 200, answer.text
    return answer.json


def run_jobs_about_ada(world: World, operator: Browser) -> None:
    """A bulk action by number, an import of which a line failed, and one that failed as a whole and keeps its file."""
    body = {"phone": "(312) 555-0142", "count": 0, "reason": "says-her-son"}
    assert operator.job(operator.post("/callbacks/bulk-cancel", body))["status"] == "done"
    file = f"phone,note\n312-555-0142 ext 9,Lovelace\n{OTHERS},a friend"
    for status in ("done", "failed"):
        accepted = operator.request("POST", "/do-not-call/import", data=file, content_type="text/csv")
        if status == "done":
            assert operator.job(accepted)["counts"]["failed"] == 1
        else:
            world.configure(models.Job, {"status": "failed", "finished_at": NOW}, id=int(accepted.json["id"]))
    operator.post("/do-not-call/removals", {"phones": [OTHERS]})


def test_nothing_of_the_person_stands_anywhere_and_every_report_is_the_same(
    world: World, api: Api, administrator: Browser, operator: Browser
) -> None:
    gone = ada(api)
    operator.post(f"/callbacks/{gone}/cancel", {"reason": "says-her-son"})
    done = ada(api, "2026-11-23T10:10")
    event = {"at": NOW, "to_status": "failed", "who": "worker:n1", "why": f"UCCE refused {PHONE}"}
    world.add(models.CallbackEvent, account_number=done, from_status="imported", **event)
    world.add(models.Attempt, contact_key=f"{done}-01", account_number=done, number=1, campaign_id=world.campaign_id,
              batch_id="b", epoch=1, node="n1", claimed_at=NOW, imported_at=NOW, finished_at=NOW, outcome="refused",
              message=f"bad phone {PHONE}")  # fmt: skip
    world.configure(models.Callback, {"status": "failed", "open_rank": None, "outcome": "refused", "reason": PHONE},
                    account_number=done)  # fmt: skip
    run_jobs_about_ada(world, operator)
    assert (
        code(api.book(phone=PHONE, start="2026-11-23T03:00", callId="call-of-ada", requestId="request-of-ada-9"))[0]
        > 400
    )
    operator.post("/do-not-call", {"phone": PHONE, "note": "asked-by-letter"})
    stranger = api.booked(phone=OTHERS, start="2026-11-23T11:10", firstName="Grace")
    api.flush()
    assert len(traces(world, *WORDS)) > 5
    before, counts = reports(administrator), {name: len(rows) for name, rows in everything(world).items()}

    answer = erase(administrator)

    assert [trace for trace in traces(world, *WORDS) if OTHERS not in trace] == []
    assert reports(administrator) == before
    after = {name: len(rows) for name, rows in everything(world).items()}
    assert {name: after[name] - counts[name] for name in after if after[name] != counts[name]} == {
        "audit_log": 2, "do_not_call": -1, "erased_do_not_call": 1, "erasure": 1, "job_part": -1,
    }  # fmt: skip
    assert (answer["callbacks"], answer["left"], answer["leftCallbacks"], answer["doNotCall"]) == (2, 0, [], True)
    assert answer["finishedAt"] is not None
    (kept,) = world.rows(models.Callback, account_number=stranger)
    assert (kept.phone, kept.first_name, kept.status) == (OTHERS, "Grace", "scheduled")


def test_a_scheduled_callback_is_cancelled_first_and_its_place_is_free(
    world: World, api: Api, administrator: Browser
) -> None:
    number = ada(api)
    assert administrator.post("/erasures/preview", {"phone": PHONE}).json == {
        "callbacks": 1, "scheduled": 1, "atDialer": 0, "doNotCall": False,
    }  # fmt: skip
    assert world.rows(models.Slot)[0].booked == 1
    erase(administrator)
    (row,) = world.rows(models.Callback, account_number=number)
    assert (row.status, row.phone, row.open_rank) == ("cancelled", "removed", None)
    assert world.rows(models.Slot)[0].booked == 0
    assert [(one.to_status, one.who) for one in world.rows(models.CallbackEvent)] == [
        ("scheduled", "client:test-ivr"), ("cancelled", "user:administrator"),
    ]  # fmt: skip
    assert api.get(f"/api/v1/callbacks/{number}").json["phone"] == "removed"
    assert api.get("/api/v1/callbacks", query_string={"phone": PHONE, "status": "all"}).json["total"] == 0


@pytest.mark.parametrize("status", ["importing", "imported"])
def test_what_ucce_has_is_named_and_keeps_its_data_until_it_is_closed(
    world: World, api: Api, administrator: Browser, status: str
) -> None:
    closed, number = ada(api, "2026-11-23T10:10"), ""
    world.configure(models.Callback, {"status": "completed", "open_rank": None}, account_number=closed)
    number = ada(api)
    world.configure(models.Callback, {"status": status}, account_number=number)
    api.flush()
    answer = erase(administrator)
    (left,) = answer["leftCallbacks"]
    assert (answer["callbacks"], answer["left"], answer["finishedAt"]) == (2, 1, None)
    assert (left["accountNumber"], left["status"], left["start"]) == (number, status, "2026-11-23T09:10:00-06:00")
    (row,) = world.rows(models.Callback, account_number=number)
    assert (row.phone, row.first_name, row.status) == (PHONE, "Ada", status)
    assert world.rows(models.Callback, account_number=closed)[0].phone == "removed"

    world.configure(models.Callback, {"status": "completed", "open_rank": None}, account_number=number)
    again = erase(administrator)  # the master does the same, with every cycle
    assert (again["id"], again["callbacks"], again["left"]) == (answer["id"], 2, 0)
    assert traces(world, *WORDS) == []


def test_a_do_not_call_wish_outlives_the_erasure_until_it_is_taken_back(
    world: World, api: Api, administrator: Browser, operator: Browser
) -> None:
    operator.post("/do-not-call", {"phone": PHONE, "note": "asked-by-letter"})
    assert code(api.book(phone=PHONE)) == (422, "do_not_call")
    assert erase(administrator)["doNotCall"] is True
    assert operator.get("/do-not-call").json["items"] == []
    assert operator.get("/do-not-call", q="555-0142").json["items"] == []
    (found,) = operator.get("/do-not-call", q="(312) 555-0142").json["items"]
    assert (found["phone"], found["note"], found["addedBy"]) == (PHONE, "Wish of a person whose data was erased", None)
    assert operator.get("/do-not-call", q=OTHERS).json["items"] == []
    assert code(api.book(phone=PHONE)) == (422, "do_not_call")
    assert administrator.post("/erasures/preview", {"phone": PHONE}).json["doNotCall"] is True
    assert erase(administrator)["doNotCall"] is True  # nothing to erase any more, and the wish stays
    assert len(world.rows(models.ErasedDoNotCall)) == 1

    assert operator.post("/do-not-call/removals", {"phones": [PHONE]}).json == {"removed": 1}
    assert api.book(phone=PHONE).status_code == 201


def test_the_hash_is_undone_by_nobody_without_the_key(world: World, administrator: Browser, operator: Browser) -> None:
    operator.post("/do-not-call", {"phone": PHONE})
    erase(administrator)
    (kept,) = world.rows(models.ErasedDoNotCall)
    unkeyed = {hashlib.sha256(text.encode()).hexdigest() for text in (PHONE, f"phone {PHONE}")}
    assert (len(kept.phone_hash), kept.phone_hash in unkeyed) == (64, False)
    assert KEY not in str(everything(world))


def test_without_a_key_a_listed_number_is_refused_and_nothing_is_lost(world: World) -> None:
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Admin(world, cache)) as keyless:
        browser = keyless.as_role(Role.ADMINISTRATOR)
        browser.post("/do-not-call", {"phone": PHONE})
        assert code(browser.post("/erasures", {"phone": PHONE})) == (409, "phone_hash_key_missing")
        assert [row.phone for row in world.rows(models.DoNotCall)] == [PHONE]
        assert world.rows(models.Erasure) == []
        assert erase(browser, OTHERS)["doNotCall"] is False  # who is not on the list needs no key


def test_only_administrators_may(operator: Browser, supervisor: Browser) -> None:
    for browser in (operator, supervisor):
        assert code(browser.post("/erasures", {"phone": PHONE})) == (403, "forbidden")
        assert code(browser.post("/erasures/preview", {"phone": PHONE})) == (403, "forbidden")
        assert code(browser.get("/erasures")) == (403, "forbidden")


def test_the_audit_log_tells_who_when_and_how_many_rows_and_no_number(
    world: World, api: Api, admin: Admin, administrator: Browser
) -> None:
    ada(api)
    admin.now += timedelta(minutes=5)
    answer = erase(administrator)
    (asked,), (ended,) = world.rows(models.AuditLog, action="erase"), world.rows(models.AuditLog, action="erased")
    assert (asked.who, asked.at, asked.resource_id, asked.label) == (
        "user:administrator",
        admin.now,
        answer["id"],
        None,
    )
    assert (asked.after, ended.after) == ({"callbacks": 1, "doNotCall": False}, {"rows": answer["rowCount"]})
    assert answer["rowCount"] >= 4  # the callback, its two events, its booking request
    listed = administrator.get("/erasures").json["items"]
    assert listed == [administrator.get(f"/erasures/{answer['id']}").json] == [answer]


def test_a_number_that_nobody_had_is_erased_too_and_rubbish_is_not(administrator: Browser) -> None:
    assert (erase(administrator)["callbacks"], erase(administrator)["left"]) == (0, 0)
    assert code(administrator.post("/erasures", {"phone": "12"})) == (422, "invalid_phone")
    assert code(administrator.get("/erasures/999999")) == (404, "not_found")


def test_a_person_who_was_erased_may_book_again(world: World, api: Api, administrator: Browser) -> None:
    ada(api)
    erase(administrator)
    again = api.booked(phone=PHONE)
    assert world.rows(models.Callback, account_number=again)[0].phone == PHONE


def test_another_person_of_the_same_call_keeps_what_is_theirs(world: World, api: Api, administrator: Browser) -> None:
    ada(api)
    other = api.booked(phone=OTHERS, start="2026-11-23T10:10", callId="call-of-ada", requestId="of-another")
    api.flush()
    before = reports(administrator)["requests"]
    erase(administrator)
    assert reports(administrator)["requests"] == before
    assert world.rows(models.Callback, account_number=other)[0].call_id == "call-of-ada"
    (request,) = world.rows(models.CallbackRequest, account_number=other)
    assert (request.call_id, request.request_key) == ("call-of-ada", "of-another")


def test_the_same_call_id_on_another_day_is_another_persons(world: World, api: Api, administrator: Browser) -> None:
    for at, outcome in ((NOW - timedelta(days=1), "asked"), (NOW - timedelta(days=1, minutes=-1), "scheduled")):
        insert_request_now(
            world.database,
            request_values(at, outcome, skill="Billing", source="ivr", call_id="17", slots_offered=3,
                           api_client_id=world.caller.client_id),
        )  # fmt: skip
    api.availability(callId="17")
    api.booked(phone=PHONE, callId="17")
    api.flush()
    before = reports(administrator)["requests"]
    erase(administrator)
    assert reports(administrator)["requests"] == before
    assert [row.call_id == "17" for row in world.rows(models.CallbackRequest)] == [True, True, False, False]


def test_a_listed_number_is_never_booked_while_its_entry_becomes_a_hash(
    world: World, api: Api, admin: Admin, administrator: Browser, operator: Browser
) -> None:
    answers: list[tuple[int, str]] = []
    stop = Event()

    def book_on() -> None:
        while not stop.is_set():
            answers.append(code(api.book(phone=PHONE)))

    operator.post("/do-not-call", {"phone": PHONE})
    with ThreadPoolExecutor(4) as threads:
        callers = [threads.submit(book_on) for _ in range(4)]
        until(lambda: len(answers) > 10)
        erase(administrator)
        so_far = len(answers)
        until(lambda: len(answers) > so_far + 10)
        stop.set()
    assert [caller.result() for caller in callers] == [None] * 4
    assert set(answers) == {(422, "do_not_call")}
    assert world.rows(models.Callback) == []


def test_the_number_leaves_the_lines_and_drafts_of_agents_at_once(admin: Admin, world: World) -> None:
    for token, on_line in (("a", PHONE), ("b", OTHERS)):
        world.add(models.AgentSession, token_hash=token, agent_id="1042", created_at=NOW, expires_at=NOW,
                  call_phone=on_line, call_until=NOW, draft="(312) 555-0142")  # fmt: skip
    answer = admin.as_role(Role.ADMINISTRATOR).post("/erasures", {"phone": PHONE})
    assert answer.status_code in (200, 201, 202), answer.text
    assert [row.call_phone for row in world.rows(models.AgentSession)] == [None, OTHERS]
    assert traces(world, "555-0142", PHONE) == []
