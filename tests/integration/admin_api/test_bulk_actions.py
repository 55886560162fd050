"""What is done with all of a list is done with what the list shows: the same filter, told before, and undone after."""

import csv
import io
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from services.admin_api.callbacks import bulk_cancel, bulk_restore
from services.admin_api.jobs.runner import JobRunner
from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.config_cache import ConfigCache
from shared.db.models import (
    AuditLog,
    Callback,
    CallbackEvent,
    DailySchedule,
    DoNotCall,
    Job,
    PortalUserSkill,
    Slot,
)
from shared.db.session import Database
from shared.errors import DomainError
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, World, phone
from tests.support.database_faults import lost_answers, lost_commits
from tests.support.databases import ON_SERVER
from tests.support.statements import meanwhile

PREVIEW, BULK = "/callbacks/bulk-cancel/preview", "/callbacks/bulk-cancel"


def booked(world: World, start: str = "2026-11-24T09:10", **fields: Any) -> str:
    return world.book(start=start, **fields).callback.account_number


def scheduled(world: World) -> set[str]:
    return {row.account_number for row in world.rows(Callback, status="scheduled")}


def outcomes(browser: Browser, job: Any) -> dict[str, str]:
    """What the file of a job's result says of each callback."""
    file = browser.get(f"/jobs/{job['id']}/result").text.removeprefix("\ufeff")
    return {row["accountNumber"]: row["result"] for row in csv.DictReader(io.StringIO(file))}


def cancelled_in_bulk(browser: Browser, count: int, **filters: Any) -> Any:
    return browser.job(browser.post(BULK, {**filters, "count": count, "reason": "closed"}))


def undone(browser: Browser, job: Any) -> Any:
    return browser.job(browser.post(f"{BULK}/{job['id']}/undo"))


def test_a_bulk_cancel_takes_what_a_search_by_number_shows_and_nothing_else(world: World, operator: Browser) -> None:
    number = phone()
    wanted = booked(world, phone=number)
    others = {booked(world), booked(world, "2026-11-25T10:00")}
    for q in (number, f"({number[2:5]}) {number[5:8]}-{number[8:]}", wanted):
        shown = operator.get("/callbacks", q=q).json
        preview = operator.post(PREVIEW, {"q": q, "total": shown["total"]}).json
        assert (preview["count"], [one["accountNumber"] for one in preview["first"]]) == (1, [wanted])
    assert cancelled_in_bulk(operator, 1, q=number)["counts"] == {"cancelled": 1, "notCancelled": 0}
    assert scheduled(world) == others


@pytest.mark.parametrize("status", [["cancelled"], ["imported", "failed"]])
def test_a_list_of_other_states_has_nothing_to_cancel(world: World, operator: Browser, status: list[str]) -> None:
    booked(world)
    narrow = {"skillId": str(world.skill_id), "status": status}
    assert operator.post(PREVIEW, narrow).json["count"] == 0
    assert operator.post(PREVIEW, {**narrow, "status": [*status, "scheduled"]}).json["count"] == 1
    assert operator.post(PREVIEW, {"skillId": str(world.skill_id), "withoutResult": True}).json["count"] == 0
    assert operator.post(BULK, {**narrow, "count": 1}).json["code"] == "count_changed"
    assert operator.post(PREVIEW, {"status": ["scheduled"]}).status_code == 422  # everything is never meant


_FILTERS = {
    "status": st.lists(st.sampled_from(["scheduled", "cancelled", "imported"]), unique=True),
    "from": st.sampled_from(["today", "2026-11-24", "2026-11-24T09:30", "2026-11-24T16:00:00Z", None]),
    "to": st.sampled_from(["today", "2026-11-24", "2026-11-25", None]),
    "skillId": st.sampled_from(["1", "2", None]),
    "withoutResult": st.booleans(),
    "q": st.sampled_from(["own", "nothing like it", None]),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=st.fixed_dictionaries(_FILTERS))
def test_every_filter_means_the_same_to_the_list_and_to_the_preview(
    world: World, operator: Browser, filters: dict[str, Any]
) -> None:
    """The scheduled ones of what the list shows are what the preview counts."""
    if not world.rows(Callback):
        for start in ("2026-11-23T09:00", "2026-11-24T09:10", "2026-11-24T10:20", "2026-11-25T11:30"):
            booked(world, start)
        done, gone = world.rows(Callback)[0].account_number, world.rows(Callback)[1].account_number
        world.configure(Callback, {"status": "imported", "due_at": NOW - timedelta(days=1)}, account_number=done)
        cancel(world.database, gone, now=NOW, who="client:ivr")
    own = world.rows(Callback)[2].phone
    query = {name: own if value == "own" else value for name, value in filters.items() if value not in (None, [])}
    if query.keys() <= {"status", "withoutResult"}:
        return
    listed = operator.get("/callbacks", **{**query, "withoutResult": str(filters["withoutResult"]).lower()}).json
    preview = operator.post(PREVIEW, {**query, "total": listed["total"]})
    assert preview.status_code == 200, preview.text
    waiting = [item["accountNumber"] for item in listed["items"] if item["status"] == "scheduled"]
    assert sorted(one["accountNumber"] for one in preview.json["first"]) == sorted(waiting)
    assert preview.json["count"] == len(waiting) == sum(group["count"] for group in preview.json["groups"])


def test_a_preview_is_refused_when_the_list_showed_another_number(world: World, operator: Browser) -> None:
    booked(world)
    shown = operator.get("/callbacks", skillId=str(world.skill_id)).json["total"]
    late = booked(world)
    refused = operator.post(PREVIEW, {"skillId": str(world.skill_id), "total": shown})
    assert (refused.status_code, refused.json["code"], refused.json["count"]) == (409, "count_changed", 2)
    assert "1" in refused.json["detail"]
    cancel(world.database, late, now=NOW, who="client:ivr")  # the list still shows it, as cancelled
    preview = operator.post(PREVIEW, {"skillId": str(world.skill_id), "total": 2})
    assert (preview.status_code, preview.json["count"]) == (200, 1)


def test_a_preview_shows_days_skills_and_the_first_rows_as_the_person_may_see_them(world: World, admin: Admin) -> None:
    other = world.another_skill("Sales")
    for start in ("2026-11-25T09:00", "2026-11-24T09:00", "2026-11-24T10:00"):
        booked(world, start)
    world.configure(Callback, {"skill_id": other}, account_number=world.rows(Callback)[2].account_number)
    user = admin.add_user("limited", "operator", all_skills=False, sees_phones=False)
    world.add(PortalUserSkill, user_id=user, skill_id=world.skill_id)
    preview = admin.as_role("limited").post(PREVIEW, {"from": "2026-11-01"}).json
    billing = {"skillId": str(world.skill_id), "skill": "Billing"}
    assert preview["groups"] == [
        {"date": "2026-11-24", **billing, "count": 1},
        {"date": "2026-11-25", **billing, "count": 1},
    ]
    assert [one["start"][:10] for one in preview["first"]] == ["2026-11-24", "2026-11-25"]
    assert all(one["phone"].startswith("…") for one in preview["first"])


def test_a_bulk_cancel_is_undone_and_every_callback_waits_as_before(world: World, operator: Browser) -> None:
    number = phone()
    numbers = {booked(world), booked(world), booked(world, "2026-11-24T10:10", phone=number)}
    before = {row.account_number: (row.start_at, row.due_at, row.open_rank) for row in world.rows(Callback)}
    job = cancelled_in_bulk(operator, 3, skillId=str(world.skill_id))
    assert operator.get(f"/jobs/{job['id']}").json["restorable"] == 3
    restored = undone(operator, job)
    assert (restored["kind"], restored["status"], restored["counts"]) == (
        "bulk_restore", "done", {"restored": 3, "notRestored": 0},
    )  # fmt: skip
    assert scheduled(world) == numbers
    assert {row.account_number: (row.start_at, row.due_at, row.open_rank) for row in world.rows(Callback)} == before
    assert {row.reason for row in world.rows(Callback)} == {None}
    assert world.drift() == []
    assert [row.booked for row in world.rows(Slot)] == [2, 1]
    assert set(outcomes(operator, restored).values()) == {"restored"}
    assert set(outcomes(operator, job).values()) == {"cancelled, and restored by an undo"}
    for one in numbers:
        events = world.rows(CallbackEvent, account_number=one)
        assert [row.to_status for row in events] == ["scheduled", "cancelled", "scheduled"]
        assert (events[-1].who, events[-1].why) == ("user:operator", f"restored: bulk cancel {job['id']} was undone")
    (audited,) = world.rows(AuditLog, action="bulk_restore")
    assert (audited.who, set(audited.after["accountNumbers"])) == ("user:operator", numbers)
    assert world.refusal(phone=number).code == "duplicate_callback"  # its number has it open again
    assert operator.get(f"/callbacks/{min(numbers)}").json["consent"]["withdrawnAt"] is None


def test_what_cannot_be_restored_is_told_and_may_be_tried_again(world: World, operator: Browser, admin: Admin) -> None:
    listed, rebooked, past = phone(), phone(), phone()
    numbers = {
        "full": booked(world, "2026-11-24T09:10"), "first": booked(world, "2026-11-24T09:00"),
        "closed": booked(world, "2026-11-24T12:10"), "listed": booked(world, phone=listed, start="2026-11-24T13:10"),
        "rebooked": booked(world, phone=rebooked, start="2026-11-24T14:10"),
        "past": booked(world, phone=past, start="2026-11-23T09:10"),
    }  # fmt: skip
    job = cancelled_in_bulk(operator, 6, skillId=str(world.skill_id))
    for _ in range(2):
        booked(world, "2026-11-24T09:20")  # leaves one place for the two that had one
    capacities = [3] * 48
    capacities[24] = 0
    world.configure(DailySchedule, {"capacities": capacities}, id=world.daily_id)
    world.add(DoNotCall, phone=listed, added_at=NOW)
    other = booked(world, phone=rebooked, start="2026-11-24T16:10")
    admin.now = NOW + timedelta(minutes=90)
    operator = admin.as_role("operator")
    restored = undone(operator, job)
    assert restored["counts"] == {"restored": 1, "notRestored": 5}
    assert outcomes(operator, restored) == {
        numbers["full"]: "restored",  # it was booked before the other one
        numbers["first"]: "not restored: its slot is full",
        numbers["closed"]: "not restored: there is no slot at its time any more",
        numbers["listed"]: "not restored: its number is on the do-not-call list",
        numbers["rebooked"]: "not restored: its customer has another callback",
        numbers["past"]: "not restored: its time has passed",
    }
    assert world.drift() == []
    cancel(world.database, other, now=NOW, who="client:ivr")
    again = undone(operator, job)
    assert again["counts"] == {"restored": 1, "notRestored": 4}
    assert outcomes(operator, again)[numbers["rebooked"]] == "restored"
    assert operator.get(f"/jobs/{job['id']}").json["restorable"] == 4


def test_what_was_restored_and_cancelled_again_is_not_restored_a_second_time(world: World, operator: Browser) -> None:
    number, other = booked(world), booked(world)
    job = cancelled_in_bulk(operator, 2, skillId=str(world.skill_id))
    world.add(DoNotCall, phone=world.rows(Callback, account_number=other)[0].phone, added_at=NOW)
    undone(operator, job)
    cancel(world.database, number, now=NOW, who="client:ivr")  # the customer does not want it any more
    with world.database.writing() as tx:
        tx.execute(delete(DoNotCall))
        tx.commit()
    assert outcomes(operator, undone(operator, job)) == {other: "restored"}
    assert scheduled(world) == {other}
    refused = operator.post(f"{BULK}/{job['id']}/undo")
    assert (refused.status_code, refused.json["code"]) == (409, "wrong_job_state")


def test_two_undos_that_wait_restore_once(world: World, operator: Browser) -> None:
    booked(world)
    job = cancelled_in_bulk(operator, 1, skillId=str(world.skill_id))
    first, second = (operator.post(f"{BULK}/{job['id']}/undo") for _ in range(2))
    assert operator.job(first)["counts"] == {"restored": 1, "notRestored": 0}
    later = operator.get(f"/jobs/{second.json['id']}").json
    assert (later["counts"], *outcomes(operator, later).values()) == (
        {"restored": 0, "notRestored": 1}, "not restored: it was restored already",
    )  # fmt: skip
    assert world.rows(Slot)[0].booked == 1


def test_only_a_bulk_cancel_that_has_ended_is_undone(world: World, operator: Browser) -> None:
    booked(world)
    accepted = operator.post(BULK, {"skillId": str(world.skill_id), "count": 1}).json
    assert operator.post(f"{BULK}/{accepted['id']}/undo").json["code"] == "wrong_job_state"  # it waits
    operator.post(f"/jobs/{accepted['id']}/cancel")
    assert operator.post(f"{BULK}/{accepted['id']}/undo").json["code"] == "wrong_job_state"  # it cancelled nothing
    sent = operator.request("POST", "/do-not-call/import", data="3125550142\n", content_type="text/csv").json
    operator.admin.run_jobs()
    assert operator.post(f"{BULK}/{sent['id']}/undo").json["code"] == "wrong_job_state"
    assert operator.post(f"{BULK}/999/undo").status_code == 404


def test_who_is_limited_undoes_their_own_jobs_for_their_own_skills(
    world: World, operator: Browser, admin: Admin
) -> None:
    other = world.another_skill("Sales")
    booked(world)
    job = cancelled_in_bulk(operator, 1, skillId=str(world.skill_id))
    user = admin.add_user("limited", "operator", all_skills=False)
    world.add(PortalUserSkill, user_id=user, skill_id=world.skill_id)
    assert admin.as_role("limited").post(f"{BULK}/{job['id']}/undo").status_code == 404
    booked(world, "2026-11-24T11:00")
    limited = admin.as_role("limited")
    own = cancelled_in_bulk(limited, 1, skillId=str(world.skill_id))
    world.configure(PortalUserSkill, {"skill_id": other}, user_id=user)
    assert undone(admin.as_role("limited"), own)["counts"] == {"restored": 0, "notRestored": 1}
    assert scheduled(world) == set()


@pytest.mark.parametrize("fault", [lost_answers, lost_commits])
@pytest.mark.parametrize("before", ["INSERT INTO callback_event", "SELECT job.id", "UPDATE slot"])
def test_an_undo_whose_commit_is_not_answered_restores_once(
    world: World, operator: Browser, connect: Callable[..., Database], monkeypatch: pytest.MonkeyPatch, fault: Any,
    before: str,
) -> None:  # fmt: skip
    monkeypatch.setattr("services.admin_api.callbacks.bulk_lines.CHUNK", 3)
    numbers = {booked(world, f"2026-11-24T{hour:02}:00") for hour in range(9, 17)}
    job = cancelled_in_bulk(operator, 8, skillId=str(world.skill_id))
    accepted = operator.post(f"{BULK}/{job['id']}/undo").json
    database = connect()
    with ExitStack() as faults:
        faults.enter_context(meanwhile(database, before, lambda: faults.enter_context(fault(database))))
        _runner(database).run_next()
    if world.rows(Job, id=int(accepted["id"]))[0].status == "running":  # the claim's answer was lost
        _runner(connect(), NOW + timedelta(seconds=16)).run_next()
    (row,) = world.rows(Job, id=int(accepted["id"]))
    assert (row.status, row.counts) == ("done", {"restored": 8, "notRestored": 0})
    assert scheduled(world) == numbers
    assert world.drift() == []
    assert len(world.rows(CallbackEvent)) == 3 * 8
    audited = [row.after["accountNumbers"] for row in world.rows(AuditLog, action="bulk_restore")]
    assert sorted(itertools.chain(*audited)) == sorted(numbers)


@pytest.mark.skipif(not ON_SERVER, reason="about a database server: of SQLite's writers none comes between")
@pytest.mark.parametrize("race", ["the place", "the number"])
def test_a_booking_that_comes_between_is_not_overbooked(
    world: World, operator: Browser, connect: Callable[..., Database], race: str
) -> None:
    """The last place, or the customer's only open callback, is taken after the undo has decided, before its commit."""
    number = phone()
    mine = booked(world, phone=number)
    for _ in range(2):
        booked(world, "2026-11-24T09:00")
    job = cancelled_in_bulk(operator, 1, q=number)
    operator.post(f"{BULK}/{job['id']}/undo")
    other = world.on(connect())

    def book() -> None:
        other.book(start="2026-11-24T09:20" if race == "the place" else "2026-11-25T09:20",
                   phone=phone() if race == "the place" else number)  # fmt: skip

    database = connect()
    with meanwhile(database, "SELECT slot.pool_id", book):
        _runner(database).run_next()
    assert mine not in scheduled(world)
    assert world.drift() == []


def test_bookings_during_an_undo_overbook_nothing(
    world: World, operator: Browser, connect: Callable[..., Database]
) -> None:
    starts = [f"2026-11-24T{hour:02}:00" for hour in range(9, 21)]
    mine = {booked(world, start) for start in starts for _ in range(2)}
    job = cancelled_in_bulk(operator, len(mine), skillId=str(world.skill_id))
    accepted = operator.post(f"{BULK}/{job['id']}/undo").json

    def book(own: World) -> int:
        return sum(_try_to_book(own, start) for start in reversed(starts))

    with ThreadPoolExecutor(4) as threads:
        others = [threads.submit(book, world.on(connect())) for _ in range(3)]
        _runner(connect()).run_next()
    (row,) = world.rows(Job, id=int(accepted["id"]))
    assert (row.status, sum(row.counts.values())) == ("done", len(mine))
    booked_by_others = sum(other.result() for other in others)
    assert row.counts["restored"] == len(scheduled(world) & mine) == len(scheduled(world)) - booked_by_others
    assert all(slot.booked <= 3 for slot in world.rows(Slot))
    assert world.drift() == []


def _try_to_book(world: World, start: str) -> int:
    try:
        world.book(start=start)
    except DomainError as refusal:
        assert refusal.code == "slot_full"
        return 0
    return 1


def _runner(database: Database, now: Any = NOW) -> JobRunner:
    work = {bulk_cancel.KIND: bulk_cancel.work, bulk_restore.KIND: bulk_restore.work}
    return JobRunner(database, ConfigCache(database), "node-2", lambda: now, work)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kept=st.lists(st.integers(0, 3), min_size=1, max_size=6),
    taken=st.lists(st.integers(0, 3), max_size=6),
    capacity=st.integers(1, 3),
)
def test_an_undo_fills_what_is_free_and_never_overbooks(
    world: World, operator: Browser, kept: Sequence[int], taken: Sequence[int], capacity: int
) -> None:
    """`kept` are the slots of the cancelled callbacks, `taken` those of callbacks that were booked afterwards."""
    with world.database.writing() as tx:
        tx.execute(update(Callback).values(status="expired", open_rank=None, slot_start=NOW - timedelta(days=50)))
        tx.execute(delete(Slot))
        tx.commit()
    world.configure(DailySchedule, {"capacities": [6] * 48}, id=world.daily_id)
    starts = [f"2026-11-24T{10 + slot}:00" for slot in range(4)]
    mine = {booked(world, starts[slot]): slot for slot in kept}
    job = cancelled_in_bulk(operator, len(kept), **{"from": "2026-11-24", "to": "2026-11-24", "status": ["scheduled"]})
    for slot in taken:
        booked(world, starts[slot])
    world.configure(DailySchedule, {"capacities": [capacity] * 48}, id=world.daily_id)
    restored = undone(operator, job)
    free = {slot: max(0, capacity - taken.count(slot)) for slot in range(4)}
    expected = sum(min(free[slot], kept.count(slot)) for slot in range(4))
    assert restored["counts"] == {"restored": expected, "notRestored": len(kept) - expected}
    back = [mine[number] for number in scheduled(world) if number in mine]
    assert all(back.count(slot) == min(free[slot], kept.count(slot)) for slot in range(4))
    held = {row.start_at: row.booked for row in world.rows(Slot)}
    assert sum(held.values()) == len(taken) + expected
