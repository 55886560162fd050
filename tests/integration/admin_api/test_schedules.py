"""Weekly schedules and their assignment to skills: the resulting slots, and a change's effect on booked callbacks."""

from datetime import UTC, datetime

from shared.callbacks.booking import book
from shared.db.models import AuditLog, Pool, SkillSchedule, Slot
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, World

NOTHING = dict.fromkeys(
    ("mondayId", "tuesdayId", "wednesdayId", "thursdayId", "fridayId", "saturdayId", "sundayId"), None
)


def booked(world: World, count: int = 1, start: str = "2026-11-24T09:10") -> None:
    for _ in range(count):
        book(world.database, world.config_cache, world.request(start=start), world.caller, NOW)


def weekly(supervisor: Browser, name: str = "Mondays", **days: str | None) -> str:
    made = supervisor.post("/weekly-schedules", {"name": name, **NOTHING, **days})
    assert made.status_code == 201, made.text
    return str(made.json["id"])


def assignment(world: World, **values: object) -> dict[str, object]:
    return {"skillId": str(world.skill_id), "timeZone": "America/Chicago", "weeklyScheduleId": str(world.weekly_id),
            "startsOn": "2026-12-01", **values}  # fmt: skip


def test_a_week_names_a_daily_schedule_or_none_for_each_day(world: World, supervisor: Browser) -> None:
    key = weekly(supervisor, mondayId=str(world.daily_id))
    shown = supervisor.get(f"/weekly-schedules/{key}").json
    assert (shown["mondayId"], shown["tuesdayId"]) == (str(world.daily_id), None)


def test_a_week_names_only_daily_schedules_that_exist(supervisor: Browser) -> None:
    refused = supervisor.post("/weekly-schedules", {"name": "x", **NOTHING, "sundayId": "4711"})
    assert refused.json["errors"] == {"sundayId": ["There is no such daily schedule."]}


def test_a_week_in_use_is_not_deleted_and_says_by_what(world: World, supervisor: Browser) -> None:
    refused = supervisor.delete(f"/weekly-schedules/{world.weekly_id}", 1)
    assert (refused.status_code, refused.json["usedBy"]) == (409, ["skill 'Billing'"])


def test_taking_a_day_out_of_a_week_tells_how_many_callbacks_fall_outside(world: World, supervisor: Browser) -> None:
    booked(world, 2)
    week = supervisor.get(f"/weekly-schedules/{world.weekly_id}").json
    body = {name: week[name] for name in ("name", *NOTHING)} | {"tuesdayId": None}
    tried = supervisor.put(f"/weekly-schedules/{world.weekly_id}", body, 1, query_string={"dryRun": "true"})
    assert (tried.json["effects"]["outside"], tried.json["version"]) == (2, 1)
    assert supervisor.get(f"/weekly-schedules/{world.weekly_id}").json["tuesdayId"] == str(world.daily_id)


def test_an_assignment_makes_the_pool_of_its_skill_with_its_zone(world: World, supervisor: Browser) -> None:
    skill = supervisor.post("/skills", {"name": "Sales"}).json["id"]
    made = supervisor.post("/skill-schedules", assignment(world, skillId=skill, timeZone="Europe/Berlin"))
    assert made.status_code == 201
    assert (made.json["skill"], made.json["campaignId"], made.json["timeZone"]) == ("Sales", None, "Europe/Berlin")
    assert made.json["inForce"] is False
    assert supervisor.get(f"/skills/{skill}").json["hasSchedule"] is True


def test_a_campaign_may_have_places_of_its_own_for_a_skill(world: World, supervisor: Browser) -> None:
    made = supervisor.post("/skill-schedules", assignment(world, campaignId=str(world.campaign_id)))
    assert made.json["campaign"] == "Billing_Callback"
    assert len(world.rows(Pool)) == 2


def test_one_pool_gets_one_schedule_from_a_day_on(world: World, supervisor: Browser) -> None:
    assert supervisor.post("/skill-schedules", assignment(world)).status_code == 201
    again = supervisor.post("/skill-schedules", assignment(world))
    assert (again.status_code, again.json["code"]) == (409, "already_exists")


def test_the_assignment_that_holds_today_is_marked(world: World, supervisor: Browser) -> None:
    supervisor.post("/skill-schedules", assignment(world, startsOn="2026-11-20"))
    supervisor.post("/skill-schedules", assignment(world, startsOn="2026-11-30"))
    items = supervisor.get("/skill-schedules", sort="startsOn").json["items"]
    assert [item["inForce"] for item in items] == [False, True, False]


def test_unknown_zones_skills_and_weeks_are_refused_at_their_fields(world: World, supervisor: Browser) -> None:
    zone = supervisor.post("/skill-schedules", assignment(world, timeZone="Central Standard Time"))
    assert list(zone.json["errors"]) == ["timeZone"]
    unknown = supervisor.post("/skill-schedules", assignment(world, skillId="999", weeklyScheduleId="999"))
    assert set(unknown.json["errors"]) == {"skillId", "weeklyScheduleId"}


def test_a_dry_run_of_a_new_assignment_tells_its_effects_and_makes_nothing(world: World, supervisor: Browser) -> None:
    booked(world, 1, "2026-12-02T09:10")
    none = weekly(supervisor, "Closed")
    body = assignment(world, weeklyScheduleId=none)
    tried = supervisor.post("/skill-schedules", body, query_string={"dryRun": "true"})
    assert (tried.status_code, tried.json["outside"], tried.json["dryRunOnly"]) == (200, 1, True)
    assert tried.json["summary"].startswith("1 booked callback falls outside")
    assert len(world.rows(SkillSchedule)) == 1


def test_another_zone_moves_the_slots_and_tells_so(world: World, supervisor: Browser) -> None:
    booked(world, 1, "2026-11-24T09:10")
    (row,) = world.rows(SkillSchedule)
    body = assignment(world, startsOn=row.starts_on.isoformat(), timeZone="Asia/Kathmandu")
    tried = supervisor.put(f"/skill-schedules/{row.id}", body, 1, query_string={"dryRun": "true"})
    assert tried.json["effects"]["outside"] == 1  # UTC+5:45: no slot begins when this one did
    assert world.rows(Pool)[0].time_zone == "America/Chicago"


def test_deleting_an_assignment_says_what_it_does_and_frees_an_unused_skill(world: World, supervisor: Browser) -> None:
    skill = supervisor.post("/skills", {"name": "Sales"}).json["id"]
    key = supervisor.post("/skill-schedules", assignment(world, skillId=skill)).json["id"]
    (pool,) = world.rows(Pool, skill_id=int(skill))
    world.add(Slot, pool_id=pool.id, start_at=NOW, capacity=3, booked=0)  # as the master makes them
    assert supervisor.delete(f"/skill-schedules/{key}", 1, query_string={"dryRun": "true"}).json["outside"] == 0
    assert supervisor.delete(f"/skills/{skill}", 1).json["usedBy"] == ["a schedule of this skill"]
    assert supervisor.delete(f"/skill-schedules/{key}", 1).status_code == 204
    assert supervisor.delete(f"/skills/{skill}", 1).status_code == 204


def test_a_preview_shows_each_slot_with_booked_and_capacity(world: World, viewer: Browser) -> None:
    booked(world, 2, "2026-11-24T09:10")
    (row,) = world.rows(SkillSchedule)
    shown = viewer.get(f"/skill-schedules/{row.id}/preview", **{"from": "2026-11-24", "days": 2}).json
    assert (shown["skill"], shown["timeZone"]) == ("Billing", "America/Chicago")
    assert [day["date"] for day in shown["days"]] == ["2026-11-24", "2026-11-25"]
    first = shown["days"][0]
    assert (first["capacity"], first["booked"], len(first["slots"])) == (144, 2, 48)
    (taken,) = (slot for slot in first["slots"] if slot["booked"])
    assert taken == {"start": "2026-11-24T09:00:00-06:00", "end": "2026-11-24T09:30:00-06:00", "capacity": 3,
                     "booked": 2, "overcommitted": False}  # fmt: skip


def test_a_preview_begins_today_and_shows_two_weeks(world: World, viewer: Browser) -> None:
    shown = viewer.get("/skill-schedules/preview", skillId=str(world.skill_id)).json
    assert (shown["days"][0]["date"], len(shown["days"])) == ("2026-11-23", 14)


def test_a_preview_marks_the_days_on_which_the_clocks_change(world: World, viewer: Browser) -> None:
    spring, autumn = (
        viewer.get("/skill-schedules/preview", skillId=str(world.skill_id), days=1, **{"from": day}).json["days"][0]
        for day in ("2027-03-14", "2027-11-07")
    )
    assert (spring["clockChangeMinutes"], len(spring["slots"])) == (60, 46)
    assert (autumn["clockChangeMinutes"], len(autumn["slots"])) == (-60, 48)


def test_a_preview_marks_what_is_overcommitted(world: World, supervisor: Browser) -> None:
    booked(world, 3, "2026-11-24T09:10")
    supervisor.put(f"/daily-schedules/{world.daily_id}", {"name": "Less", "capacities": [1] * 48}, 1)
    shown = supervisor.get("/skill-schedules/preview", skillId=str(world.skill_id), **{"from": "2026-11-24"}).json
    (over,) = (slot for slot in shown["days"][0]["slots"] if slot["overcommitted"])
    assert (over["booked"], over["capacity"]) == (3, 1)


def test_a_skill_without_a_schedule_has_no_preview(viewer: Browser) -> None:
    assert viewer.get("/skill-schedules/preview", skillId="999").status_code == 404


def test_every_change_is_audited_with_what_changed_and_seen_by_the_booking_api_at_once(
    admin: Admin, world: World, supervisor: Browser
) -> None:
    before = world.config_cache.reload().version
    supervisor.post("/skill-schedules", assignment(world))
    (row,) = world.rows(AuditLog, resource="skill-schedules")
    assert (row.who, row.action, row.label) == ("user:supervisor", "create", "Billing")
    assert row.after == {"skill": "Billing", "campaign": None, "time_zone": "America/Chicago",
                         "weekly_schedule": "Every day", "starts_on": "2026-12-01"}  # fmt: skip
    assert row.at == admin.now == datetime(2026, 11, 23, 14, tzinfo=UTC)
    assert world.config_cache.reload().version > before
