"""Jobs: one at a time on all nodes, every line exactly once, also when a process stops, dies or is replaced."""

import itertools
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from services.admin_api.do_not_call import import_job
from services.admin_api.framework import limits
from services.admin_api.jobs import runner as job_runner_module
from services.admin_api.jobs.runner import JobRunner
from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.retention import purge
from shared.callbacks.settings import BusinessSettings
from shared.db.models import AuditLog, Callback, DoNotCall, Job, JobLine, JobPart, PortalUserSkill
from shared.db.session import Database
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, World
from tests.support.database_faults import lost_answers, lost_commits
from tests.support.statements import meanwhile
from tests.support.until import until

_number = itertools.count(2_000_000)


def numbers(count: int) -> list[str]:
    return [f"+1312{next(_number)}" for _ in range(count)]


def send(operator: Browser, lines: list[str], **query: str) -> Any:
    accepted = operator.request("POST", "/do-not-call/import", data="\n".join(lines), content_type="text/csv",
                                query_string=query)  # fmt: skip
    assert accepted.status_code == 202, accepted.text
    return accepted.json["id"]


def listed(world: World) -> set[str]:
    return {row.phone for row in world.rows(DoNotCall)}


def node(database: Database, name: str, now: Callable[[], Any] = lambda: NOW) -> JobRunner:
    """Another admin process's runner."""
    return JobRunner(database, ConfigCache(database), name, now, {import_job.KIND: import_job.work})


def set_job(world: World, job_id: str, **values: Any) -> None:
    with world.database.writing() as tx:
        tx.execute(update(Job).where(Job.id == int(job_id)).values(**values))
        tx.commit()


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_job, "CHUNK_LINES", 4)


def test_a_job_is_answered_at_once_and_done_later(world: World, operator: Browser) -> None:
    job_id = send(operator, numbers(10))
    waiting = operator.get(f"/jobs/{job_id}").json
    assert (waiting["status"], waiting["done"], waiting["total"], listed(world)) == ("queued", 0, 10, set())
    operator.admin.run_jobs()
    done = operator.get(f"/jobs/{job_id}").json
    assert (done["status"], done["done"], done["node"], done["createdBy"]) == ("done", 10, "node-1", "user:operator")
    assert len(listed(world)) == 10
    assert world.rows(JobPart) == []


def test_jobs_are_listed_the_latest_first(operator: Browser) -> None:
    first, second = send(operator, numbers(1)), send(operator, numbers(1))
    assert [item["id"] for item in operator.get("/jobs").json["items"]] == [second, first]


_PHONES = [f"+1312555{n:04}" for n in range(100, 106)]
_LINE = st.one_of(
    st.tuples(st.sampled_from(_PHONES), st.sampled_from(["", "a", "b"])), st.just(("rubbish", "")), st.just(("", "x"))
)


def _model(before: dict[str, str | None], lines: list[tuple[str, str]]) -> tuple[dict[str, int], dict[str, str | None]]:
    """The counts of an import and the list after it, computed line by line."""
    counts = {"added": 0, "updated": 0, "unchanged": 0, "failed": 0}
    final: dict[str, str | None] = {}
    for phone, note in lines:
        if phone in _PHONES:
            final[phone] = note or final.get(phone)
    for phone, latest in final.items():
        if phone not in before:
            counts["added"] += 1
        elif latest and latest != before[phone]:
            counts["updated"] += 1
    counts["failed"] = sum(1 for phone, _ in lines if phone not in _PHONES)
    counts["unchanged"] = len(lines) - counts["failed"] - counts["added"] - counts["updated"]
    return counts, {**before, **{phone: note or before.get(phone) for phone, note in final.items()}}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.dictionaries(st.sampled_from(_PHONES), st.sampled_from([None, "a"]), max_size=3),
    lines=st.lists(_LINE, min_size=1, max_size=14),
)
def test_every_line_is_in_one_count_and_a_dry_run_counts_as_the_import_does(
    world: World, operator: Browser, before: dict[str, str | None], lines: list[tuple[str, str]]
) -> None:
    with world.database.writing() as tx:
        tx.execute(delete(DoNotCall))
        for phone, note in before.items():
            tx.execute(insert(DoNotCall).values(phone=phone, note=note, added_at=NOW))
        tx.commit()
    file = [f"{phone},{note}" for phone, note in lines]
    counts, left = _model(before, lines)
    trial = send(operator, file, dryRun="true")
    operator.admin.run_jobs()
    assert {row.phone: row.note for row in world.rows(DoNotCall)} == before
    job_id = send(operator, file)
    operator.admin.run_jobs()
    told = operator.get(f"/jobs/{job_id}").json
    assert {row.phone: row.note for row in world.rows(DoNotCall)} == left
    trial_counts = operator.get(f"/jobs/{trial}").json["counts"]
    assert sum(told["counts"].values()) == len(lines) == told["done"]
    assert {name: trial_counts[name] for name in ("added", "failed")} == {
        name: counts[name] for name in ("added", "failed")
    }
    assert told["counts"]["added"] == counts["added"]
    assert told["counts"] == trial_counts


def test_a_process_that_stops_gives_the_job_back_and_the_next_goes_on(
    world: World, operator: Browser, connect: Callable[..., Database]
) -> None:
    """Runners start and stop; every number is added and counted once."""
    wanted = numbers(400)
    job_id = send(operator, wanted)
    for turn in range(200):
        before = world.rows(Job)[0].done
        runner = node(connect(), f"node-{turn}")
        runner.start()
        until(partial(_done_more_than, world, before))
        runner.close()
        (row,) = world.rows(Job)
        assert row.status in ("queued", "done")
        assert row.done == sum(row.counts.values()) == len(listed(world))
        if row.status == "done":
            break
    assert operator.get(f"/jobs/{job_id}").json["counts"]["added"] == 400
    assert listed(world) == set(wanted)


def _done_more_than(world: World, before: int) -> bool:
    return bool(world.rows(Job)[0].done > before)


def test_who_was_overtaken_writes_nothing_more(
    world: World, operator: Browser, connect: Callable[..., Database]
) -> None:
    wanted = numbers(20)
    send(operator, wanted)
    stalled = connect()

    def overtake() -> None:
        """The process that runs the job is suspended for longer than its lease; another process does the whole job."""
        (row,) = world.rows(Job)
        assert (row.status, row.node) == ("running", "stalled")
        later = NOW + timedelta(seconds=16)
        assert node(connect(), "other", lambda: later).run_next()

    with meanwhile(stalled, "SELECT job_part.content", overtake):
        assert node(stalled, "stalled").run_next()
    (row,) = world.rows(Job)
    assert (row.status, row.node, row.run, row.lost_runs) == ("done", "other", 2, 1)
    assert row.counts == {"added": 20, "updated": 0, "unchanged": 0, "failed": 0}
    assert len(world.rows(AuditLog, action="import")) == 1


def test_nobody_takes_a_job_whose_process_is_alive(
    world: World, operator: Browser, connect: Callable[..., Database]
) -> None:
    send(operator, numbers(8))
    second = numbers(8)
    send(operator, second)
    working = connect()

    def try_to() -> None:
        assert not node(connect(), "other", lambda: NOW + timedelta(seconds=14)).run_next()

    with meanwhile(working, "SELECT job_part.content", try_to):
        assert node(working, "working").run_next()
    assert [row.status for row in world.rows(Job)] == ["done", "queued"]


def test_runners_that_race_run_one_job_at_a_time_and_each_once(
    world: World, operator: Browser, connect: Callable[..., Database]
) -> None:
    wanted = [numbers(30) for _ in range(4)]
    for lines in wanted:
        send(operator, lines)
    runners = [node(connect(), f"node-{number}") for number in range(3)]
    most = 0
    for runner in runners:
        runner.start()

    def all_done() -> bool:
        nonlocal most
        rows = world.rows(Job)
        most = max(most, sum(row.status == "running" for row in rows))
        return all(row.status == "done" for row in rows)

    until(all_done, timeout=30)
    for runner in runners:
        runner.close()
    assert most == 1
    assert [row.counts["added"] for row in world.rows(Job)] == [30] * 4
    assert [row.run for row in world.rows(Job)] == [1] * 4
    assert len(world.rows(AuditLog, action="import")) == 4


@pytest.mark.parametrize("fault", [lost_answers, lost_commits])
@pytest.mark.parametrize(
    "before", ["SELECT job.id", "SELECT job_part.content", "INSERT INTO audit_log", "DELETE FROM job_part"]
)
def test_a_commit_of_unknown_outcome_is_done_once(
    world: World, operator: Browser, connect: Callable[..., Database], fault: Any, before: str
) -> None:
    """The commits of the claim, of the first and the last chunk, and of the end."""
    send(operator, numbers(12))
    database = connect()
    with ExitStack() as faults:
        faults.enter_context(meanwhile(database, before, lambda: faults.enter_context(fault(database))))
        node(database, "node-1").run_next()
    if world.rows(Job)[0].status == "running":  # the claim was made, and its answer lost: as if its process had died
        node(connect(), "node-2", lambda: NOW + timedelta(seconds=16)).run_next()
    (row,) = world.rows(Job)
    assert (row.status, row.counts["added"], len(listed(world))) == ("done", 12, 12)
    assert len(world.rows(AuditLog, action="import")) == 1


def test_a_job_that_lost_its_process_is_seen_and_gone_on_with(
    world: World, operator: Browser, admin: Admin, connect: Callable[..., Database]
) -> None:
    job_id = send(operator, numbers(12))
    set_job(world, job_id, status="running", run=1, node="dead", seen_at=NOW, started_at=NOW)
    assert not operator.get(f"/jobs/{job_id}").json["lost"]
    admin.now = NOW + timedelta(seconds=16)
    assert operator.get(f"/jobs/{job_id}").json["lost"]
    admin.run_jobs()
    done = operator.get(f"/jobs/{job_id}").json
    assert (done["status"], done["lost"], done["counts"]["added"]) == ("done", False, 12)


def test_a_job_that_ends_its_process_again_and_again_is_left_to_a_person(
    world: World, operator: Browser, admin: Admin
) -> None:
    job_id = send(operator, numbers(12))
    set_job(world, job_id, status="running", run=3, lost_runs=2, node="dead", seen_at=NOW - timedelta(minutes=1))
    admin.run_jobs()
    failed = operator.get(f"/jobs/{job_id}").json
    assert failed["status"] == "failed"
    assert "ended 3 times" in failed["problem"]
    assert operator.post(f"/jobs/{job_id}/retry").json["status"] == "queued"
    admin.run_jobs()
    done = operator.get(f"/jobs/{job_id}").json
    assert (done["status"], done["problem"], len(listed(world))) == ("done", None, 12)
    assert [row.action for row in world.rows(AuditLog, resource="jobs")] == ["create", "fail", "retry", "finish"]


def test_a_defect_fails_the_job_without_its_text_and_it_can_be_retried(
    world: World, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = send(operator, numbers(12))

    def broken(*_: Any) -> Any:
        raise RuntimeError("secret +13125550142")

    with monkeypatch.context() as patched:
        patched.setattr(import_job, "_existing_notes", broken)
        operator.admin.run_jobs()
    failed = operator.get(f"/jobs/{job_id}").json
    assert (failed["status"], failed["problem"]) == ("failed", job_runner_module.DEFECT)
    assert operator.post(f"/jobs/{job_id}/cancel").json["code"] == "wrong_job_state"
    operator.post(f"/jobs/{job_id}/retry")
    operator.admin.run_jobs()
    assert operator.get(f"/jobs/{job_id}").json["status"] == "done"
    assert len(listed(world)) == 12


def test_a_job_is_cancelled_where_it_stands(world: World, operator: Browser, connect: Callable[..., Database]) -> None:
    wanted = numbers(12)
    job_id = send(operator, wanted)
    database = connect()

    def cancel() -> None:
        assert operator.post(f"/jobs/{job_id}/cancel").json["status"] == "cancelled"

    with meanwhile(database, "SELECT job_part.content", cancel):
        node(database, "node-1").run_next()
    assert listed(world) == set()
    assert world.rows(JobPart) == []
    assert operator.post(f"/jobs/{job_id}/retry").json["code"] == "wrong_job_state"
    assert operator.post("/jobs/999/cancel").status_code == 404
    assert [row.action for row in world.rows(AuditLog, resource="jobs")] == ["create", "cancel"]


def test_a_file_may_have_so_many_lines_and_so_many_of_its_errors_are_kept(
    operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_job, "CHUNK_LINES", 250)
    refused = operator.request("POST", "/do-not-call/import", data="1\n" * (limits.MAX_IMPORT_LINES + 1),
                               content_type="text/csv")  # fmt: skip
    assert (refused.status_code, "split the file" in str(refused.json["errors"])) == (422, True)
    job_id = send(operator, ["rubbish"] * 1_600)
    operator.admin.run_jobs()
    told = operator.get(f"/jobs/{job_id}").json
    assert (told["counts"]["failed"], told["resultLines"], len(told["lines"])) == (1_600, 1_000, 20)
    assert len(operator.get(f"/jobs/{job_id}/result").text.splitlines()) == 1_001


def test_so_many_jobs_may_wait(operator: Browser) -> None:
    for _ in range(limits.MAX_WAITING_JOBS):
        send(operator, numbers(1))
    refused = operator.request("POST", "/do-not-call/import", data="3125550142\n", content_type="text/csv")
    assert (refused.status_code, refused.json["code"]) == (409, "too_many_jobs")


def test_retention_removes_jobs_with_their_lines_and_files(world: World, operator: Browser, admin: Admin) -> None:
    old = send(operator, ["rubbish", *numbers(2)])
    admin.run_jobs()
    days = BusinessSettings().keep_personal_days
    set_job(world, old, finished_at=NOW - timedelta(days=days, hours=1))
    failed = send(operator, numbers(2))
    set_job(world, failed, status="failed", finished_at=NOW - timedelta(days=days, hours=1))
    kept = send(operator, ["rubbish"])
    admin.run_jobs()
    assert purge(world.database, BusinessSettings(), NOW).jobs == 2
    assert [str(row.id) for row in world.rows(Job)] == [kept]
    assert {str(row.job_id) for row in world.rows(JobLine)} == {kept}
    with world.database.reading() as connection:
        assert connection.execute(select(JobPart.job_id)).all() == []


def test_who_is_limited_to_some_skills_sees_the_jobs_they_started(
    world: World, operator: Browser, admin: Admin
) -> None:
    others = send(operator, numbers(1))
    limited = limited_operator(world, admin)
    own = send(limited, ["rubbish", "312 555 014"])
    admin.run_jobs()
    assert [item["id"] for item in limited.get("/jobs").json["items"]] == [own]
    for method, path in (("GET", ""), ("GET", "/result"), ("POST", "/cancel"), ("POST", "/retry")):
        assert limited.request(method, f"/jobs/{others}{path}").status_code == 404
    assert {item["id"] for item in operator.get("/jobs").json["items"]} == {own, others}
    assert [line["line"] for line in limited.get(f"/jobs/{own}").json["lines"]] == [1, 2]
    assert limited.get(f"/jobs/{own}/result").text.splitlines()[0] == '\ufeff"line","message"'


def test_a_bulk_cancel_of_who_is_limited_cancels_theirs_alone(world: World, admin: Admin) -> None:
    other_skill = world.another_skill("Sales")
    world.book()
    world.book()
    world.configure(Callback, {"skill_id": other_skill}, account_number=world.rows(Callback)[0].account_number)
    limited = limited_operator(world, admin)
    dates = {"from": "2026-11-01", "to": "2026-11-30"}
    accepted = limited.post("/callbacks/bulk-cancel", {**dates, "count": 1, "reason": "closed"})
    assert limited.job(accepted)["counts"] == {"cancelled": 1, "notCancelled": 0}
    assert [(row.skill_id, row.status) for row in world.rows(Callback)] == [
        (other_skill, "scheduled"), (world.skill_id, "cancelled"),
    ]  # fmt: skip
    assert len(limited.get(f"/jobs/{accepted.json['id']}/result").text.splitlines()) == 2


def limited_operator(world: World, admin: Admin) -> Browser:
    """An operator limited to the skill Billing, without the rights to see whole numbers and to export."""
    user = admin.add_user("limited", "operator", all_skills=False, sees_phones=False, may_export=False)
    world.add(PortalUserSkill, user_id=user, skill_id=world.skill_id)
    return admin.as_role("limited")
