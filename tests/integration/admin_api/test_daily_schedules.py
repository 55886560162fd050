"""Daily schedules: how many callbacks each half hour of a day takes."""

from datetime import timedelta

import pytest

from shared.callbacks.booking import book
from shared.db.models import Callback
from shared.errors import Code, DomainError
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, World

DAY = {"name": "Office hours", "capacities": [0] * 18 + [4] * 16 + [0] * 14}


def booked(world: World, count: int = 2, start: str = "2026-11-23T09:10") -> None:
    for _ in range(count):
        book(world.database, world.config_cache, world.request(start=start), world.caller, NOW)


def test_a_supervisor_creates_a_daily_schedule_and_reads_it_again(supervisor: Browser) -> None:
    made = supervisor.post("/daily-schedules", DAY)
    assert made.status_code == 201
    assert made.json["capacities"] == DAY["capacities"]
    assert made.json["total"] == 64
    assert made.headers["ETag"] == '"1"'
    again = supervisor.get(f"/daily-schedules/{made.json['id']}")
    assert again.json == made.json
    assert again.headers["ETag"] == '"1"'


def test_lists_are_paged_sorted_searched_and_counted(supervisor: Browser) -> None:
    for name in ("Early", "Late", "Night"):
        supervisor.post("/daily-schedules", {**DAY, "name": name})
    page = supervisor.get("/daily-schedules", pageSize=2, page=2, sort="-name").json
    assert [item["name"] for item in page["items"]] == ["Late", "Early"]
    assert (page["total"], page["page"], page["pageSize"], page["totalIsExact"]) == (4, 2, 2, True)
    assert [item["name"] for item in supervisor.get("/daily-schedules", q="LATE").json["items"]] == ["Late"]
    assert supervisor.get("/daily-schedules", q="100%").json["total"] == 0


def test_a_list_refuses_other_sorts_and_larger_pages(supervisor: Browser) -> None:
    assert supervisor.get("/daily-schedules", sort="capacities").status_code == 422
    assert supervisor.get("/daily-schedules", pageSize=201).status_code == 422


def test_a_day_has_48_capacities_between_0_and_9999(supervisor: Browser) -> None:
    for capacities in ([1] * 47, [1] * 49, [-1] * 48, [10_000] * 48, ["1"] * 48, [1.5] * 48):
        refused = supervisor.post("/daily-schedules", {"name": "x", "capacities": capacities})
        assert (refused.status_code, refused.json["code"]) == (422, "validation_error")
        assert any(field.startswith("capacities") for field in refused.json["errors"])


def test_unknown_fields_are_refused(supervisor: Browser) -> None:
    assert supervisor.post("/daily-schedules", {**DAY, "colour": "red"}).json["errors"] == {
        "colour": ["Unknown field."]
    }


def test_a_name_is_taken_once(supervisor: Browser) -> None:
    supervisor.post("/daily-schedules", DAY)
    again = supervisor.post("/daily-schedules", DAY)
    assert (again.status_code, again.json["code"], list(again.json["errors"])) == (409, "already_exists", ["name"])


def test_a_change_needs_the_version_that_was_read(supervisor: Browser) -> None:
    key = supervisor.post("/daily-schedules", DAY).json["id"]
    without = supervisor.put(f"/daily-schedules/{key}", DAY)
    assert (without.status_code, without.json["code"]) == (428, "precondition_required")
    changed = supervisor.put(f"/daily-schedules/{key}", {**DAY, "name": "New"}, 1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')


def test_a_conflict_names_who_changed_it_and_when(admin: Admin, supervisor: Browser) -> None:
    key = supervisor.post("/daily-schedules", DAY).json["id"]
    admin.now += timedelta(minutes=3)
    admin.as_role("administrator").put(f"/daily-schedules/{key}", {**DAY, "name": "Theirs"}, 1)
    stale = supervisor.put(f"/daily-schedules/{key}", {**DAY, "name": "Mine"}, 1)
    assert (stale.status_code, stale.json["code"]) == (412, "stale_version")
    assert stale.json["changedBy"] == "administrator"
    assert stale.json["changedAt"] == admin.now.isoformat()
    assert supervisor.get(f"/daily-schedules/{key}").json["name"] == "Theirs"


def test_what_a_weekly_schedule_uses_is_not_deleted(world: World, supervisor: Browser) -> None:
    refused = supervisor.delete(f"/daily-schedules/{world.daily_id}", 1)
    assert (refused.status_code, refused.json["code"]) == (409, "in_use")
    assert refused.json["usedBy"] == ["weekly schedule 'Every day'"]


def test_an_unused_one_is_deleted_once(supervisor: Browser) -> None:
    key = supervisor.post("/daily-schedules", DAY).json["id"]
    assert supervisor.delete(f"/daily-schedules/{key}").status_code == 428
    assert supervisor.delete(f"/daily-schedules/{key}", 1).status_code == 204
    assert supervisor.delete(f"/daily-schedules/{key}", 1).status_code == 404


def test_a_dry_run_shows_what_a_change_would_do_and_changes_nothing(world: World, supervisor: Browser) -> None:
    booked(world, 2, "2026-11-23T09:10")
    booked(world, 3, "2026-11-23T10:10")
    path = f"/daily-schedules/{world.daily_id}"
    smaller = [3] * 48
    smaller[18], smaller[20] = 0, 1
    tried = supervisor.put(path, {"name": "Smaller", "capacities": smaller}, 1, query_string={"dryRun": "true"})
    effects = tried.json["effects"]
    assert (effects["dryRunOnly"], effects["outside"], effects["overcommitted"]) == (True, 2, 2)
    assert effects["summary"].startswith(
        "2 booked callbacks fall outside and 2 booked callbacks are beyond the capacity"
    )
    assert [(slot["start"], slot["booked"], slot["capacity"], slot["capacityBefore"]) for slot in effects["slots"]] == [
        ("2026-11-23T09:00:00-06:00", 2, 0, 3),
        ("2026-11-23T10:00:00-06:00", 3, 1, 3),
    ]
    assert supervisor.get(path).json["capacities"] == [3] * 48
    assert supervisor.get(path).headers["ETag"] == '"1"'


def test_capacity_below_what_is_booked_keeps_the_bookings_and_takes_no_new_ones(
    world: World, supervisor: Browser
) -> None:
    booked(world, 3)
    changed = supervisor.put(f"/daily-schedules/{world.daily_id}", {"name": "Less", "capacities": [1] * 48}, 1)
    assert changed.json["effects"]["overcommitted"] == 2
    assert len(world.rows(Callback, status="scheduled")) == 3
    with pytest.raises(DomainError) as refused:
        booked(world, 1)
    assert refused.value.code == Code.SLOT_FULL
