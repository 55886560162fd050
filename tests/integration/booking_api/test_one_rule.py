"""Availability, booking and moving agree on every slot, for any schedule, settings, dialing window and calling hours,
and for numbers of any place."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from shared.db import models
from shared.redis_client import RedisClient
from tests.support.booking_api import NO_REDIS, Api
from tests.support.configured_database import World

pytestmark = [pytest.mark.timeout(400), pytest.mark.long]

HALF_HOUR, MINUTE = timedelta(minutes=30), timedelta(minutes=1)
# Ordinary days, and days on which the clocks of the zones below change.
DAYS = [datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
ZONES = ["America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham"]

# A number that nothing is known of, one of Chicago and one of two zones; with and without a stated zone.
PLACES: list[tuple[str, str | None]] = [
    ("+1800255{:04}", None), ("+131225{:05}", None), ("+1208320{:04}", None), ("+131225{:05}", "Asia/Kathmandu"),
    ("+1800255{:04}", "Australia/Lord_Howe"),
]  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """A configuration and the time of the requests."""

    zone: str
    now: datetime
    notice: int
    horizon: int
    capacities: list[int]
    parameters: dict[str, str]
    hours: tuple[str, str]
    place: tuple[str, str | None]

    @property
    def around(self) -> list[datetime]:
        """The half hours at the edges: the running one, those at the ends of notice, horizon and window, and their
        neighbours.
        """
        edges = [self.now, self.now + self.notice * MINUTE, self.now + timedelta(days=self.horizon)]
        windows = [self.parameters[name] for name in ("startTime", "endTime") if name in self.parameters]
        for zone, times in ((self.zone, windows), (self.place[1] or self.zone, self.hours)):
            local = self.now.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)
            for time in times:
                hour, minute = divmod(int(time[:2]) * 60 + int(time[3:]), 60)
                edges.append((local + timedelta(days=1)).replace(hour=hour % 24, minute=minute).astimezone(UTC))
        halves = {self._half_hour(edge) + HALF_HOUR * beside for edge in edges for beside in (-1, 0, 1)}
        return sorted(half for half in halves if half > self.now - timedelta(hours=2))

    def _half_hour(self, at: datetime) -> datetime:
        local = at.astimezone(ZoneInfo(self.zone))
        return at.replace(second=0, microsecond=0) - timedelta(minutes=local.minute % 30)


clock = st.builds(lambda minute: f"{minute // 60:02}:{minute % 60:02}", st.integers(0, 24 * 60 - 1))
situations = st.builds(
    Setting,
    zone=st.sampled_from(ZONES),
    now=st.builds(lambda day, seconds: day + timedelta(seconds=seconds), st.sampled_from(DAYS), st.integers(0, 86_399)),
    notice=st.sampled_from([0, 1, 3, 15, 29, 45, 24 * 60, 24 * 60 + 1]),
    horizon=st.sampled_from([1, 2]),
    capacities=st.lists(st.sampled_from([0, 5, 5]), min_size=48, max_size=48),
    parameters=st.fixed_dictionaries(
        {"timeZone": st.sampled_from(["UTC", "Central Standard Time", "Tokyo Standard Time"])},
        optional={"startTime": clock, "endTime": clock, "endDate": st.sampled_from(["2026-03-08", "2026-11-25"])},
    ),
    hours=st.sampled_from([("00:00", "24:00"), ("08:00", "21:00"), ("09:10", "17:50"), ("00:40", "12:00")]),
    place=st.sampled_from(PLACES),
)


class Site:
    """The API with a Setting applied."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.number = ""  # that asks and books
        self.stated: str | None = None

    def enter(self, it: Setting) -> None:
        world = self.api.world
        with world.database.writing() as tx:
            for model in (models.CallbackRequest, models.CallbackEvent, models.Callback, models.Slot):
                tx.execute(delete(model))
            tx.commit()
        world.settings(minimum_notice_minutes=it.notice, booking_horizon_days=it.horizon)
        world.configure(models.Pool, {"time_zone": it.zone}, id=world.pool_id)
        world.configure(models.DailySchedule, {"capacities": it.capacities}, id=world.daily_id)
        world.configure(models.Campaign, {"parameters": it.parameters}, id=world.campaign_id)
        hours = dict(zip(("calling_hours_start", "calling_hours_end"), it.hours, strict=True))
        world.configure(models.Campaign, hours, id=world.campaign_id)
        self.number, self.stated = it.place[0].format(1), it.place[1]
        self.api.now = it.now

    def shown(self, it: Setting, half: datetime) -> tuple[datetime, datetime] | None:
        """What availability shows of a half hour, from the first minute that can be booked to the end of the last."""
        day = half.astimezone(ZoneInfo(it.zone)).date().isoformat()
        asked: dict[str, Any] = {
            "date": day,
            "phone": self.number,
            **({"timeZone": self.stated} if self.stated else {}),
        }
        answer = self.api.availability(detail="slots", **asked).json
        (counts,) = self.api.availability(**asked).json["days"]
        assert counts["available"] == answer["available"], "the count is not that of the slots"
        spans = [(at(slot["start"]), at(slot["end"])) for slot in answer["days"][0]["slots"]]
        inside = [span for span in spans if half <= span[0] < half + HALF_HOUR]
        assert len(inside) <= 1
        return inside[0] if inside else None

    def books(self, start: datetime) -> bool:
        booked = self.api.book(phone=self.number, start=start.isoformat(), timeZone=self.stated or "")
        if booked.status_code == 201:
            number = booked.json["accountNumber"]
            assert self.api.request("DELETE", f"/api/v1/callbacks/{number}").status_code == 204
        return bool(booked.status_code == 201)

    def moves(self, number: str, start: datetime) -> bool:
        moved = self.api.post(f"/api/v1/callbacks/{number}/reschedule", json={"start": start.isoformat()})
        return bool(moved.status_code == 200)

    def held(self, it: Setting) -> str:
        """A callback that waits in yesterday's slot."""
        world, slot, number = self.api.world, it.now - timedelta(days=1), "01ARZ3NDEKTSV4RRFFQ69G5FAV"
        world.add(models.Slot, pool_id=world.pool_id, start_at=slot, capacity=1, booked=1)
        world.add(
            models.Callback, account_number=number, status="scheduled", phone=it.place[0].format(2), open_rank=1,
            time_zone=self.stated,
            skill_id=world.skill_id, campaign_id=world.campaign_id, pool_id=world.pool_id, slot_start=slot,
            start_at=slot, due_at=slot, call_data={}, source="ivr", attempts=0, created_at=slot, changed_at=slot,
        )  # fmt: skip
        return number


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.fixture
def site(world: World) -> Iterator[Site]:
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Api(world, cache)) as api:
        yield Site(api)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(it=situations, look=st.randoms(use_true_random=False))
def test_a_slot_counts_if_and_only_if_some_minute_of_it_can_be_booked_and_moved_to(
    site: Site, it: Setting, look: Any
) -> None:
    site.enter(it)
    number = site.held(it)
    for half in look.sample(it.around, min(4, len(it.around))):
        span = site.shown(it, half)
        minutes = [half + MINUTE * number for number in range(30)]
        if span is not None:  # first and last minute only; test_starts.py checks those between
            edges = [span[0] - MINUTE, span[0], span[1] - MINUTE, span[1]]
            minutes = [minute for minute in edges if half <= minute < half + HALF_HOUR]
        for minute in minutes:
            expected = span is not None and span[0] <= minute < span[1]
            assert site.books(minute) == expected, f"booking at {minute}, shown {span}"
            assert site.moves(number, minute) == expected, f"moving to {minute}, shown {span}"
    assert site.api.world.drift() == []


@pytest.mark.parametrize(("minute", "admitted"), [("08:26", False), ("08:27", True), ("08:29", True), ("08:30", True)])
def test_the_running_slot_counts_until_its_last_minute_is_gone(api: Api, minute: str, admitted: bool) -> None:
    api.world.settings(minimum_notice_minutes=0)
    api.now = at("2026-11-23T08:27:40-06:00")

    first = api.availability(detail="slots", days=1).json["days"][0]["slots"][0]

    assert first == {"start": "2026-11-23T08:27:00-06:00", "end": "2026-11-23T08:30:00-06:00", "available": 3}
    assert (api.book(start=f"2026-11-23T{minute}:00-06:00").status_code == 201) == admitted
    api.now = at("2026-11-23T08:30:00-06:00")
    assert api.availability(detail="slots", days=1).json["days"][0]["slots"][0]["start"][11:16] == "08:30"


def test_every_offered_start_can_be_booked_as_it_is_offered(api: Api) -> None:
    api.now = at("2026-11-23T08:07:30-06:00")
    api.world.configure(models.Campaign, {"parameters": {"startTime": "08:10", "endTime": "10:10"}})
    api.world.settings(booking_horizon_days=1)

    slots = [slot for day in api.availability(detail="slots", days=3).json["days"] for slot in day["slots"]]

    assert [slot["start"][8:16] for slot in slots] == ["23T08:22", "23T08:30", "23T09:00", "23T09:30", "23T10:00"]
    for slot in slots:
        assert api.book(start=slot["start"]).status_code == 201
