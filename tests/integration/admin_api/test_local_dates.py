"""A date in a filter means the date that the row shows, whatever the zone of its slot: in every list, count and report.

A skill in Tokyo is closed or counted by Tokyo's days, though the system's default zone is Chicago's.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.admin_api.framework.time_range import TimeRange
from shared.db.models import Pool, PortalUserSkill, SkillSchedule
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, World

ZONES = ("America/Chicago", "Asia/Tokyo", "Asia/Kathmandu", "Pacific/Auckland")
DAYS = [date(2026, 11, 27) + timedelta(days=n) for n in range(4)]


@pytest.fixture
def skills(world: World) -> dict[str, int]:
    """A skill in each zone, by the zone; callbacks around two midnights of each."""
    ids = {}
    for zone in ZONES:
        skill = world.skill_id if zone == "America/Chicago" else world.another_skill(zone)
        if zone != "America/Chicago":
            pool = world.add(Pool, skill_id=skill, campaign_id=None, time_zone=zone)
            world.add(SkillSchedule, pool_id=pool, weekly_schedule_id=world.weekly_id,
                      starts_on=NOW.date() - timedelta(days=9), version=1, changed_at=NOW)  # fmt: skip
        for start in (
            "2026-11-27T23:50",
            "2026-11-28T00:00",
            "2026-11-28T12:10",
            "2026-11-28T23:59",
            "2026-11-29T00:00",
        ):
            world.book(skill="Billing" if zone == "America/Chicago" else zone, start=start)
        ids[zone] = skill
    return ids


def shown(browser: Browser, **query: str) -> list[tuple[str, str]]:
    """Skill and start of every callback of a list, as the portal shows them."""
    items = browser.get("/callbacks", pageSize=200, **query).json["items"]
    return sorted((item["skill"], item["start"]) for item in items)


def test_the_list_of_a_date_is_what_shows_that_date(skills: dict[str, int], viewer: Browser) -> None:
    everything = shown(viewer)
    assert len(everything) == 20
    for day in DAYS:
        of_day = [row for row in everything if row[1].startswith(day.isoformat())]
        assert shown(viewer, **{"from": day.isoformat(), "to": day.isoformat()}) == of_day
        since = [row for row in everything if row[1][:10] >= day.isoformat()]
        assert shown(viewer, **{"from": day.isoformat()}) == since
        assert shown(viewer, to=day.isoformat()) == [row for row in everything if row[1][:10] <= day.isoformat()]
    local = [row for row in everything if row[1][:16] >= "2026-11-28T12:10"]
    assert shown(viewer, **{"from": "2026-11-28T12:10"}) == local  # without an offset: local, too
    at = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
    later = [row for row in everything if datetime.fromisoformat(row[1]) >= at]
    assert shown(viewer, **{"from": at.isoformat()}) == later  # with one: the same instant for all


def test_a_person_limited_to_some_skills_finds_by_the_same_dates(
    skills: dict[str, int], admin: Admin, viewer: Browser
) -> None:
    user = admin.add_user("limited", "viewer", all_skills=False)
    for zone in ("America/Chicago", "Asia/Tokyo"):
        world_skill = skills[zone]
        admin.world.add(PortalUserSkill, user_id=user, skill_id=world_skill)
    mine = [row for row in shown(viewer) if row[0] in ("Billing", "Asia/Tokyo") and row[1].startswith("2026-11-28")]
    assert shown(admin.as_role("limited"), **{"from": "2026-11-28", "to": "2026-11-28"}) == mine != []


def test_a_bulk_cancel_of_a_date_takes_what_shows_that_date(skills: dict[str, int], operator: Browser) -> None:
    day = {"from": "2026-11-28", "to": "2026-11-28"}
    before = shown(operator, **day)
    preview = operator.post("/callbacks/bulk-cancel/preview", {**day, "total": len(before)}).json
    assert preview["groups"] == [
        {"date": "2026-11-28", "skillId": str(skills[zone]), "skill": name, "count": 3}
        for zone, name in sorted(((zone, "Billing" if zone == "America/Chicago" else zone) for zone in ZONES),
                                 key=lambda pair: pair[1])
    ]  # fmt: skip
    job = operator.job(operator.post("/callbacks/bulk-cancel", {**day, "count": 12, "reason": "closed"}))
    assert job["counts"] == {"cancelled": 12, "notCancelled": 0}
    assert shown(operator, status="cancelled") == before


def test_a_report_of_a_date_is_what_shows_that_date(skills: dict[str, int], viewer: Browser) -> None:
    day = {"from": "2026-11-28", "to": "2026-11-28"}
    rows = viewer.get("/reports/realtime", pageSize=200, **day).json["items"]
    assert sorted((row["skill"], row["startAt"]) for row in rows) == shown(viewer, **day)
    halves = viewer.get("/reports/scheduled", pageSize=200, **day).json["items"]
    assert {row["intervalStart"][:10] for row in halves} == {"2026-11-28"}
    assert sum(row["callbacks"] for row in halves) == 12
    file = viewer.get("/reports/scheduled", format="csv", **day)
    assert len(file.text.splitlines()) == 1 + len(halves)


@pytest.mark.parametrize("hour", [0, 6, 14, 15, 23])
def test_what_today_counts_is_the_list_behind_its_tile(skills: dict[str, int], admin: Admin, hour: int) -> None:
    """At every hour somewhere another date begins; each pool's own today counts."""
    admin.now = datetime(2026, 11, 28, hour, 10, tzinfo=UTC)
    browser = admin.as_role("viewer")
    live = browser.get("/live").json
    listed = shown(browser, **{"from": "today", "to": "today", "status": "scheduled"})
    assert live["today"]["scheduled"] == len(listed) == sum(pool["booked"] for pool in live["pools"])
    dates = {pool["skill"]: pool["date"] for pool in live["pools"]}
    assert all(start.startswith(dates[skill]) for skill, start in listed)


_ZONES = st.sampled_from(["America/Chicago", "Asia/Tokyo", "Asia/Kathmandu", "America/Santiago", "Australia/Lord_Howe",
                          "Pacific/Chatham", "Pacific/Apia", "Africa/Cairo", "America/Havana"])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    zone=_ZONES.map(ZoneInfo),
    at=st.integers(1_704_067_200, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    first=st.integers(-2, 2),
    length=st.integers(0, 3),
    clock=st.sampled_from([lambda day: day.isoformat(), lambda day: f"{day.isoformat()}T00:00"]),
)
def test_an_instant_is_within_the_dates_whose_local_date_is(
    zone: ZoneInfo, at: datetime, first: int, length: int, clock: Callable[[date], str]
) -> None:
    local = at.astimezone(zone).date()
    begins, ends = local + timedelta(days=first), local + timedelta(days=first + length)
    low, high = TimeRange.of(clock(begins), ends.isoformat(), at).within(zone)
    assert low is not None
    assert high is not None
    assert (low <= at < high) == (begins <= local <= ends)


@pytest.mark.parametrize("text", ["Today", "2026-11-31", "2026-11-28T00:00+25:00", "1999-12-31"])
def test_what_is_no_time_is_refused(viewer: Browser, text: str) -> None:
    for path in ("/callbacks", "/reports/made"):
        refused = viewer.get(path, to=text)
        assert (refused.status_code, list(refused.json["errors"])) == (422, ["to"])
