"""Reports: the content of the views as JSON and as a CSV file without formulas."""

import csv
import io
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import insert, text, update

from shared.callbacks.booking import book
from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.request_log import insert_request_now, request_values
from shared.callbacks.states import Status
from shared.callbacks.transitions import transition_one
from shared.db import models
from shared.db.models import Attempt, AuditLog, Callback
from shared.reports.definitions import REPORTS
from tests.support.admin_api import Browser
from tests.support.configured_database import NOW, World


def booked(world: World, start: str = "2026-11-23T09:10", **fields: Any) -> str:
    callback = book(
        world.database, world.config_cache, world.request(start=start, **fields), world.caller, NOW
    ).callback
    return callback.account_number


def handed_over(world: World, number: str, outcome: str) -> None:
    """A callback with an attempt as the worker writes it: claimed, imported, finished."""
    at = NOW + timedelta(hours=1, minutes=10, seconds=30)
    end = Status.COMPLETED if outcome == "answered" else Status.FAILED
    path = (Status.SCHEDULED, Status.IMPORTING, Status.IMPORTED, end)
    for before, after in pairwise(path):
        with world.database.writing() as tx:
            assert transition_one(tx, number, before, after, now=at, who="worker:n", why="x", attempts=1)
            tx.commit()
    with world.database.writing() as tx:
        tx.execute(update(Callback).where(Callback.account_number == number).values(outcome=outcome))
        tx.execute(insert(Attempt).values(
            contact_key=f"{number}-01", account_number=number, number=1, campaign_id=world.campaign_id, batch_id="b",
            epoch=1, node="node-1", due_at=at - timedelta(seconds=30), claimed_at=at, imported_at=at, dialed_at=at,
            finished_at=at, outcome=outcome, call_result=10,
        ))  # fmt: skip
        tx.commit()


def report(browser: Browser, name: str, **query: Any) -> list[dict[str, Any]]:
    answer = browser.get(f"/reports/{name}", **query)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json["items"]
    return rows


def test_realtime_shows_every_open_callback(world: World, viewer: Browser) -> None:
    number, gone = booked(world), booked(world, "2026-12-01T09:10")
    cancel(world.database, gone, now=NOW, who="client:ivr")
    (row,) = report(viewer, "realtime")
    assert (row["accountNumber"], row["status"], row["startAt"]) == (number, "scheduled", "2026-11-23T09:10:00-06:00")


def test_scheduled_counts_per_half_hour_by_state_beside_the_places(world: World, viewer: Browser) -> None:
    for _ in range(3):
        last = booked(world)
    cancel(world.database, last, now=NOW, who="client:ivr")
    handed_over(world, booked(world), "answered")
    (row,) = report(viewer, "scheduled")
    assert row == {
        "intervalStart": "2026-11-23T09:00:00-06:00", "skill": "Billing", "campaign": "Billing_Callback",
        "timeZone": "America/Chicago", "capacity": 3, "booked": 3, "callbacks": 3, "scheduled": 2, "inProgress": 0,
        "completed": 1, "failed": 0, "expired": 0, "cancelled": 1,
    }  # fmt: skip


def test_scheduled_shows_slots_that_nobody_booked(world: World, viewer: Browser) -> None:
    booked(world)
    for hour, places in ((15, 4), (16, 0)):
        world.add(models.Slot, pool_id=world.pool_id, start_at=NOW.replace(hour=hour, minute=30), capacity=places,
                  booked=0)  # fmt: skip
    rows = [
        (row["intervalStart"][11:16], row["campaign"], row["capacity"], row["booked"], row["callbacks"])
        for row in report(viewer, "scheduled")
    ]
    assert rows == [("09:00", "Billing_Callback", 3, 1, 1), ("09:30", "Billing_Callback", 4, 0, 0)]


def test_made_shows_each_attempt_and_how_late_it_was(world: World, viewer: Browser) -> None:
    number = booked(world)
    handed_over(world, number, "answered")
    (row,) = report(viewer, "made")
    assert (row["contactKey"], row["outcome"], row["secondsToDial"]) == (f"{number}-01", "answered", 30)


def test_results_count_how_callbacks_ended(world: World, viewer: Browser) -> None:
    for outcome in ("answered", "answered", "busy"):
        handed_over(world, booked(world), outcome)
    rows = {(row["status"], row["outcome"]): row["callbacks"] for row in report(viewer, "results")}
    assert rows == {("completed", "answered"): 2, ("failed", "busy"): 1}


def test_results_count_how_personal_callbacks_ended(world: World, viewer: Browser) -> None:
    ends = (("1042", "skill"), ("1042", "skill"), ("1042", "agent"), (None, None), ("1042", None))
    for count, (agent, ended) in enumerate(ends):
        number = booked(world, "2026-11-23T09:10" if count < 3 else "2026-11-23T10:10")
        handed_over(world, number, "answered")
        world.configure(Callback, {"agent_id": agent, "agent_outcome": ended}, account_number=number)
    rows = {row["agentOutcome"]: row["callbacks"] for row in report(viewer, "results")}
    assert rows == {"-": 1, "not_reported": 1, "skill": 2, "agent": 1}


def told_of(world: World, at: datetime, outcome: str, call_id: str | None, **values: Any) -> None:
    """A record as the booking API writes it, of what happened at `at`."""
    values = {"skill": "Billing", "source": "ivr", "api_client_id": world.caller.client_id, **values}
    insert_request_now(world.database, request_values(at, outcome, call_id=call_id, **values))


def counted_requests(browser: Browser, **query: Any) -> dict[str, tuple[int, int]]:
    """(requests, of them offered) by outcome."""
    rows = report(browser, "requests", **{"from": "2026-11-01", "to": "2026-11-30", **query})
    counted: dict[str, tuple[int, int]] = {}
    for row in rows:
        requests, offered = counted.get(row["outcome"], (0, 0))
        counted[row["outcome"]] = requests + row["requests"], offered + row["offered"]
    return counted


def test_a_question_that_is_written_after_the_refusal_that_followed_it_is_not_the_end(
    world: World, viewer: Browser
) -> None:
    seconds = [NOW + timedelta(seconds=number) for number in range(3)]
    told_of(world, seconds[1], "declined", "call-1")
    told_of(world, seconds[0], "asked", "call-1", slots_offered=5)  # from the log, half a second late
    told_of(world, seconds[2], "slot_full", "call-2")
    told_of(world, seconds[1], "asked", "call-2", slots_offered=1)
    assert counted_requests(viewer) == {"declined": (1, 1), "slot_full": (1, 1)}


def test_a_call_id_that_recurs_is_another_call(world: World, viewer: Browser) -> None:
    other = world.add(models.ApiClient, name="ivr-2", key_hash="1" * 64, key_hint="1", scopes=["ivr"], enabled=True,
                      changed_at=NOW, version=1)  # fmt: skip
    told_of(world, NOW - timedelta(days=1), "asked", "17", slots_offered=3)
    told_of(world, NOW, "no_slots", "17", slots_offered=0)
    told_of(world, NOW + timedelta(seconds=1), "declined", "17", api_client_id=other)
    expected = {"asked": (1, 1), "no_slots": (1, 0), "declined": (1, 1)}
    assert counted_requests(viewer) == expected
    told_of(world, NOW + timedelta(days=1), "scheduled", "17")
    assert counted_requests(viewer) == {**expected, "scheduled": (1, 1)}


def test_requests_are_shown_in_the_zone_of_their_skill(world: World, viewer: Browser) -> None:
    skill = world.another_skill("Tokyo")
    world.add(models.Pool, skill_id=skill, campaign_id=None, time_zone="Asia/Tokyo")
    told_of(world, NOW, "no_slots", "1", skill="Tokyo")
    told_of(world, NOW, "unknown_skill", "2", skill="Nonsense")
    day = report(viewer, "requests", **{"from": "2026-11-23", "to": "2026-11-23"})
    rows = {row["skill"]: (row["timeZone"], row["intervalStart"]) for row in day}
    assert rows == {
        "Tokyo": ("Asia/Tokyo", "2026-11-23T23:00:00+09:00"),
        "Nonsense": ("America/Chicago", "2026-11-23T08:00:00-06:00"),
    }


def test_requests_count_one_request_per_call_however_often_it_asked(world: World, viewer: Browser) -> None:
    def told(outcome: str, call_id: str | None, **values: Any) -> None:
        told_of(world, NOW, outcome, call_id, **values)

    told("asked", "call-1", slots_offered=5)
    booked(world, call_id="call-1")
    told("asked", "call-1", slots_offered=4)  # asks again after its booking
    told("asked", "call-2", slots_offered=5)  # and hung up
    told("asked", "call-3", slots_offered=5)
    told("declined", "call-3")
    told("no_slots", "call-4", slots_offered=0)
    told("asked", "call-5", slots_offered=5)
    told("invalid_phone", "call-5")
    told("do_not_call", None)
    told("do_not_call", None)
    rows = {(row["category"], row["outcome"]): (row["requests"], row["offered"]) for row in report(viewer, "requests")}
    assert rows == {
        ("scheduled", "scheduled"): (1, 1),
        ("not_completed", "asked"): (1, 1),
        ("not_completed", "declined"): (1, 1),
        ("no_slots", "no_slots"): (1, 0),
        ("refused", "invalid_phone"): (1, 1),
        ("refused", "do_not_call"): (2, 0),
    }
    assert {row["intervalStart"] for row in report(viewer, "requests")} == {"2026-11-23T08:00:00-06:00"}


def test_reports_are_narrowed_by_time_skill_and_campaign(world: World, viewer: Browser) -> None:
    booked(world)
    booked(world, "2026-11-25T09:10")
    assert len(report(viewer, "scheduled", **{"from": "2026-11-23", "to": "2026-11-23"})) == 1
    assert len(report(viewer, "scheduled", **{"from": "2026-11-23", "to": "2026-11-26"})) == 2
    assert report(viewer, "scheduled", skill="Sales") == []
    assert viewer.get("/reports/scheduled", **{"from": "2020-01-01"}).status_code == 422


def test_reports_sort_and_page(world: World, viewer: Browser) -> None:
    for hour in (9, 10, 11):
        booked(world, f"2026-11-23T{hour:02}:10")
    first = report(viewer, "realtime", sort="-startAt", pageSize=2)
    assert [row["startAt"][11:16] for row in first] == ["11:10", "10:10"]
    assert [row["startAt"][11:16] for row in report(viewer, "realtime", sort="-startAt", pageSize=2, page=2)] == [
        "09:10"
    ]
    assert viewer.get("/reports/realtime", sort="callData").status_code == 422


@pytest.mark.parametrize("name", [report.name for report in REPORTS])
def test_every_report_is_a_file_too(world: World, viewer: Browser, name: str) -> None:
    booked(world)
    by_header = viewer.request("GET", f"/reports/{name}", headers={"Accept": "text/csv"})
    by_query = viewer.get(f"/reports/{name}", format="csv")
    assert by_header.data == by_query.data
    assert by_query.mimetype == "text/csv"
    assert by_query.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    header = next(csv.reader(io.StringIO(by_query.text.removeprefix("\ufeff"))))
    assert header[:1] == [["accountNumber"], ["intervalStart"], ["contactKey"]][{"realtime": 0, "made": 2}.get(name, 1)]
    assert len(world.rows(AuditLog, action="export", resource_id=name)) == 2


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_of_a_file_is_a_formula(world: World, viewer: Browser, name: str) -> None:
    booked(world, first_name=name)
    file = viewer.get("/reports/realtime", format="csv").text.removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(file))
    assert row["firstName"] == f"'{name}"
    assert row["phone"].startswith("'+1")


def test_an_unknown_report_is_404(viewer: Browser) -> None:
    assert viewer.get("/reports/sales").status_code == 404


def test_the_views_show_every_column_that_the_reports_name(world: World) -> None:
    booked(world)
    with world.database.reading() as connection:
        for one in REPORTS:
            columns = set(connection.execute(text(f"SELECT * FROM {one.view}")).keys())  # noqa: S608
            assert {column.name for column in one.columns} | {one.time} <= columns
