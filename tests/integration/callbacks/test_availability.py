"""What can still be booked: business days, notice and horizon, and the places that are left."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.callbacks.availability import Availability, availability, serialise_availability
from shared.callbacks.cancel_dispatch import cancel
from shared.db.models import CallbackRequest, DailySchedule, Skill, SkillSchedule, Slot, WeeklySchedule
from shared.errors import Code, DomainError
from tests.support.configured_database import NOW, World

MONDAY = date(2026, 11, 23)


def ask(world: World, skill: str = "Billing", campaign: str | None = None, now: datetime = NOW,
        *, slots: bool = True, **given: Any) -> Availability:  # fmt: skip
    return availability(world.database, world.config_cache, skill, campaign, now, slots=slots, **given)


def by_day(found: Availability) -> dict[str, int]:
    return {day.date.strftime("%m-%d"): day.available for day in found.days}


def hours(world: World, first: int, last: int, capacity: int = 1) -> None:
    capacities = [capacity if first * 2 <= i < last * 2 else 0 for i in range(48)]
    world.configure(DailySchedule, {"capacities": capacities}, id=world.daily_id)


def test_the_next_three_business_days_start_today(world: World) -> None:
    hours(world, 9, 17)
    found = ask(world)
    assert by_day(found) == {"11-23": 16, "11-24": 16, "11-25": 16}
    assert (found.available, found.skill.name, found.campaign.name, found.zone.key) == (
        48, "Billing", "Billing_Callback", "America/Chicago")  # fmt: skip
    assert [len(day.slots) for day in found.days] == [16] * 3


def test_today_counts_only_while_one_of_its_slots_can_be_booked(world: World) -> None:
    hours(world, 9, 17)
    at = {clock: datetime.fromisoformat(f"2026-11-23T{clock}-06:00") for clock in ("16:44", "16:45", "23:59")}
    assert by_day(ask(world, now=at["16:44"])) == {"11-23": 1, "11-24": 16, "11-25": 16}
    assert by_day(ask(world, now=at["16:45"])) == {"11-24": 16, "11-25": 16, "11-26": 16}
    assert by_day(ask(world, now=at["23:59"])) == {"11-24": 16, "11-25": 16, "11-26": 16}


def test_days_without_capacity_are_no_business_days(world: World) -> None:
    hours(world, 9, 10)
    world.configure(WeeklySchedule, {"tuesday_id": None, "thursday_id": None}, id=world.weekly_id)
    assert by_day(ask(world, days=4)) == {"11-23": 2, "11-25": 2, "11-27": 2, "11-28": 2}


def test_what_is_booked_is_not_available_and_what_is_cancelled_is_again(world: World) -> None:
    hours(world, 9, 10, capacity=2)
    first, _ = world.book(start="2026-11-23T09:10").callback, world.book(start="2026-11-23T09:40").callback
    assert [slot.available for slot in ask(world).days[0].slots] == [1, 1]
    cancel(world.database, first.account_number, now=NOW, who="client:ivr")
    assert [slot.available for slot in ask(world).days[0].slots] == [2, 1]


def test_a_slot_is_shown_by_its_local_time_with_its_places(world: World) -> None:
    found = ask(world, dates=[MONDAY])
    assert serialise_availability(found.days[0].slots[0], found.zone) == {  # at eight, a quarter of an hour's notice
        "start": "2026-11-23T08:15:00-06:00", "end": "2026-11-23T08:30:00-06:00", "available": 3}  # fmt: skip
    assert serialise_availability(found.days[0].slots[1], found.zone) == {
        "start": "2026-11-23T08:30:00-06:00", "end": "2026-11-23T09:00:00-06:00", "available": 3}  # fmt: skip


def test_an_overcommitted_slot_has_no_places_not_fewer_than_none(world: World) -> None:
    for _ in range(3):
        world.book(start="2026-11-23T09:00")
    hours(world, 9, 10, capacity=1)
    assert [slot.available for slot in ask(world).days[0].slots] == [0, 1]


def test_the_days_count_the_same_with_and_without_their_slots(world: World) -> None:
    for start in ("2026-11-23T09:00", "2026-11-23T09:10", "2026-11-24T09:00", "2026-11-25T09:30"):
        world.book(start=start)
    hours(world, 9, 10, capacity=1)  # the first slot is overcommitted
    at_noon = NOW + timedelta(hours=1, minutes=20)
    for now in (NOW, at_noon):
        assert by_day(ask(world, now=now, days=5, slots=False)) == by_day(ask(world, now=now, days=5))


def test_every_slot_that_is_shown_can_be_booked_and_none_at_the_edges_is_missing(world: World) -> None:
    world.settings(booking_horizon_days=1, minimum_notice_minutes=60)
    found = ask(world, days=2)
    starts = [slot.start for day in found.days for slot in day.slots]
    assert (starts[0], starts[-1]) == (NOW + timedelta(hours=1), NOW + timedelta(days=1))
    for start in (starts[0], starts[-1]):
        assert world.book(start=start.isoformat()).callback.slot_start == start
    for start in (starts[0] - timedelta(minutes=1), starts[-1] + timedelta(minutes=1)):
        assert world.refusal(start=start.isoformat()).code is Code.OUTSIDE_BOOKING_WINDOW


@pytest.mark.parametrize("day", [date.min, date(2026, 11, 22), date(2026, 12, 8), date(2030, 1, 1), date.max])
def test_a_date_outside_the_window_is_a_day_with_nothing(world: World, day: date) -> None:
    found = ask(world, dates=[day, MONDAY])
    assert [found.days[0].date, found.days[0].available, found.days[0].slots] == [day, 0, ()]
    assert found.days[1].available > 0


def test_dates_far_away_do_not_stay_in_memory(world: World) -> None:
    pool = world.config_cache.current().pool_by_id[world.pool_id]
    for year in range(2030, 2040):
        ask(world, dates=[date(year, 1, 1)])
    assert len(pool._days) < 20


def test_a_date_asked_twice_counts_once(world: World) -> None:
    assert ask(world, dates=[MONDAY, MONDAY]).available == ask(world, dates=[MONDAY]).available


def test_the_day_on_which_the_clocks_change_has_one_hour_more_or_less(world: World) -> None:
    spring, autumn = date(2027, 3, 14), date(2026, 11, 1)
    before = {day: datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1) for day in (spring, autumn)}
    assert ask(world, now=before[spring], dates=[spring]).available == 46 * 3
    assert ask(world, now=before[autumn], dates=[autumn]).available == 48 * 3  # the second pass is no slot


def test_a_schedule_that_ended_has_no_business_days(world: World) -> None:
    world.add(SkillSchedule, pool_id=world.pool_id, weekly_schedule_id=None, starts_on=MONDAY + timedelta(days=1),
              version=1, changed_at=NOW)  # fmt: skip
    assert list(by_day(ask(world))) == ["11-23"]
    world.add(SkillSchedule, pool_id=world.pool_id, weekly_schedule_id=None, starts_on=MONDAY, version=1,
              changed_at=NOW)  # fmt: skip
    assert by_day(ask(world)) == {}
    assert ask(world).available == 0


def test_a_skill_without_a_schedule_has_zeros(world: World) -> None:
    world.another_skill("Sales")
    found = ask(world, "Sales", dates=[MONDAY])
    assert (found.available, by_day(found), found.zone.key) == (0, {"11-23": 0}, "America/Chicago")
    assert ask(world, "Sales").days == ()


def test_while_the_brake_is_on_there_are_days_but_no_places(world: World) -> None:
    world.configure(Skill, {"accepts_bookings": False}, id=world.skill_id)
    assert by_day(ask(world)) == {"11-23": 0, "11-24": 0, "11-25": 0}


@pytest.mark.parametrize(
    ("skill", "campaign", "code"),
    [("Nothing", None, Code.UNKNOWN_SKILL), ("Billing", "Nothing", Code.UNKNOWN_CAMPAIGN),
     ("Billing", "Idle", Code.CAMPAIGN_NOT_AVAILABLE)],
)  # fmt: skip
def test_a_question_about_nothing_is_refused(world: World, skill: str, campaign: str | None, code: Code) -> None:
    world.another_campaign("Idle", enabled=False)
    with pytest.raises(DomainError) as refused:
        ask(world, skill, campaign)
    assert refused.value.code is code


def test_a_question_changes_nothing(world: World) -> None:
    ask(world)
    assert world.rows(Slot) == world.rows(CallbackRequest) == []


def test_an_administrators_change_is_seen_at_once(world: World) -> None:
    ask(world)
    hours(world, 9, 10)
    assert by_day(ask(world)) == {"11-23": 2, "11-24": 2, "11-25": 2}
