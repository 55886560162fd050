"""A campaign's dialing window in the portal: outside of it there are no slots, and a save reports what it cuts off."""

from typing import Any

import pytest

from shared.db import models
from tests.support.admin_api import Browser
from tests.support.configured_database import NOW, World
from tests.support.until import until


def campaign(supervisor: Browser, world: World) -> dict[str, Any]:
    read = supervisor.get(f"/campaigns/{world.campaign_id}").json
    names = ("name", "description", "enabled", "parameters", "dialPrefix", "dialForm", "dialRegion",
             "dialInternationalPrefix", "maxAttempts", "retryDelays", "maxHandOversPerCycle", "callingHoursStart",
             "callingHoursEnd")  # fmt: skip
    body = {name: read[name] for name in names}
    skills = [{name: skill[name] for name in ("skillId", "dialedNumber")} for skill in read["skills"]]
    return {**body, "skills": skills, "version": read["version"]}


def save(supervisor: Browser, world: World, *, dry_run: bool = False, **parameters: str) -> dict[str, Any]:
    body = campaign(supervisor, world)
    version = body.pop("version")
    body["parameters"] = {"timeZone": "Central Standard Time", **parameters}
    path = f"/campaigns/{world.campaign_id}" + ("?dryRun=true" if dry_run else "")
    saved = supervisor.put(path, body, version)
    assert saved.status_code == 200, saved.text
    effects: dict[str, Any] = saved.json["effects"]
    return effects


def test_a_save_says_which_booked_callbacks_the_window_leaves_out_and_a_dry_run_changes_nothing(
    world: World, supervisor: Browser
) -> None:
    for start in ("2026-11-23T09:10", "2026-11-23T11:25", "2026-11-23T11:28", "2026-11-24T10:00"):
        world.book(start=start)

    told = save(supervisor, world, dry_run=True, startTime="09:00", endTime="10:00")

    assert (told["dryRunOnly"], told["outside"], told["overcommitted"]) == (True, 3, 0)
    assert [(slot["start"][5:16], slot["booked"], slot["capacity"]) for slot in told["slots"]] == [
        ("11-23T11:00", 2, 0), ("11-24T10:00", 1, 0)]  # fmt: skip
    assert told["closedSlots"] == 14 * 46
    assert "3 booked callbacks fall outside" in told["summary"]
    assert f"closes {14 * 46} slots" in told["summary"]
    assert world.rows(models.Campaign)[0].parameters == {}

    done = save(supervisor, world, startTime="09:00", endTime="10:00")

    assert done == {**told, "dryRunOnly": False}
    assert world.rows(models.Campaign)[0].parameters["startTime"] == "09:00"
    assert len(world.rows(models.Callback, status="scheduled")) == 4


def test_a_callback_in_the_half_of_a_slot_that_is_left_is_not_cut_off(world: World, supervisor: Browser) -> None:
    for minute in ("09:09", "09:10"):
        world.book(start=f"2026-11-23T{minute}")

    told = save(supervisor, world, dry_run=True, startTime="09:10", endTime="17:00")

    assert (told["outside"], [slot["booked"] for slot in told["slots"]]) == (1, [1])


def test_what_the_window_left_out_before_is_no_effect_of_another_save(world: World, supervisor: Browser) -> None:
    world.book(start="2026-11-23T11:25")
    save(supervisor, world, startTime="09:00", endTime="10:00")

    told = save(supervisor, world, startTime="09:00", endTime="10:00", dialingMode="PROGRESSIVEONLY")

    assert (told["outside"], told["closedSlots"], told["slots"]) == (0, 0, [])
    assert told["summary"] == "Every booked callback keeps its place."


def test_a_last_day_in_the_past_closes_everything(world: World, supervisor: Browser) -> None:
    assert save(supervisor, world, dry_run=True, endDate="2026-11-22")["closedSlots"] == 14 * 48


def test_an_assignment_outside_the_window_says_so(world: World, supervisor: Browser) -> None:
    save(supervisor, world, startTime="18:00", endTime="20:00")
    body = {"skillId": str(world.skill_id), "campaignId": str(world.campaign_id), "timeZone": "America/Chicago",
            "weeklyScheduleId": str(world.weekly_id), "startsOn": "2026-11-23"}  # fmt: skip

    told = supervisor.post("/skill-schedules?dryRun=true", body).json

    assert (told["outside"], told["closedSlots"]) == (0, 14 * 44)
    assert "window in UCCE closes" in told["summary"]


def test_a_new_campaign_says_what_its_window_closes(world: World, supervisor: Browser) -> None:
    body = campaign(supervisor, world)
    del body["version"]
    sales = world.add(models.Skill, name="Sales", accepts_bookings=True, version=1, changed_at=NOW)
    world.configure(models.CampaignSkill, {"skill_id": sales}, skill_id=world.skill_id)  # Billing is free for another
    body |= {"name": "Evening", "parameters": {"startTime": "18:00", "endTime": "20:00"}}

    told = supervisor.post("/campaigns?dryRun=true", body)
    made = supervisor.post("/campaigns", body)

    assert (told.status_code, told.json["closedSlots"], told.json["dryRunOnly"]) == (200, 14 * 44, True)
    assert (made.status_code, made.json["effects"]["closedSlots"]) == (201, 14 * 44)
    assert [row.name for row in world.rows(models.Campaign)] == ["Billing_Callback", "Evening"]


@pytest.mark.parametrize("path", ["/skill-schedules/preview", "/live"])
def test_the_portal_shows_no_places_where_the_campaign_does_not_call(
    world: World, supervisor: Browser, path: str
) -> None:
    world.book(start="2026-11-23T11:25")
    save(supervisor, world, startTime="09:00", endTime="10:00")

    def shown() -> tuple[list[dict[str, Any]], int]:
        if path == "/live":
            (day,) = supervisor.get(path).json["pools"]
        else:
            (day,) = supervisor.get(path, skillId=world.skill_id, **{"from": "2026-11-23", "days": 1}).json["days"]
        return day["slots"], day["capacity"]

    # A reading request may use a snapshot that is a second old (config_cache.py, MAX_AGE_SECONDS).
    until(lambda: shown()[1] == 6)
    slots, _ = shown()
    if slots:
        seen = [(slot["start"][11:16], slot["capacity"], slot["booked"]) for slot in slots]
        assert seen == [("09:00", 3, 0), ("09:30", 3, 0), ("11:00", 0, 1)]


def test_a_save_says_whom_new_calling_hours_leave_out_each_by_the_clock_at_their_place(
    world: World, supervisor: Browser
) -> None:
    for number in ("+13125550142", "+13035550142"):  # 09:10 in Chicago is 08:10 in Denver
        world.book(phone=number, start="2026-11-23T09:10")
    body = campaign(supervisor, world)
    version = body.pop("version")
    body |= {"callingHoursStart": "09:00", "callingHoursEnd": "17:00"}

    told = supervisor.put(f"/campaigns/{world.campaign_id}?dryRun=true", body, version).json["effects"]

    assert (told["outside"], told["closedSlots"], told["uncallableSlots"]) == (1, 0, 14 * 32)
    assert [(slot["start"][5:16], slot["booked"], slot["capacity"]) for slot in told["slots"]] == [
        ("11-23T09:00", 1, 0)]  # fmt: skip
    assert f"leave out {14 * 32} slots" in told["summary"]
