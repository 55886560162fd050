"""Moving a callback: one place is given back and one taken, in one transaction."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from shared.callbacks.cancel_dispatch import dispatch_now
from shared.callbacks.lookup import CallbackView
from shared.callbacks.reschedule import reschedule
from shared.callbacks.states import Status
from shared.db.models import Callback, CallbackEvent, DailySchedule, Pool, SkillSchedule, Slot
from shared.errors import Code, DomainError
from tests.support.configured_database import NOW, World

NINE = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def move(world: World, number: str, start: str) -> CallbackView:
    return reschedule(world.database, world.config_cache, number, start, now=NOW, who="client:ivr")


def refused(world: World, number: str, start: str) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        move(world, number, start)
    return refusal.value


def booked(world: World) -> dict[str, int]:
    return {slot.start_at.isoformat()[5:16]: slot.booked for slot in world.rows(Slot)}


@pytest.mark.parametrize("start", ["2026-11-24T10:40", "2026-11-23T08:40"])
def test_a_move_gives_one_place_back_and_takes_another(world: World, start: str) -> None:
    number = world.book(start="2026-11-23T09:10").callback.account_number
    moved = move(world, number, start)
    (callback,) = world.rows(Callback)
    assert callback.start_at == callback.due_at == moved.start == datetime.fromisoformat(f"{start}-06:00")
    assert callback.slot_start == moved.slot_start == moved.start - timedelta(minutes=10)
    assert sorted(booked(world).values()) == [0, 1]
    event = world.rows(CallbackEvent)[-1]
    assert (event.from_status, event.to_status, event.who) == ("scheduled", "scheduled", "client:ivr")
    assert event.why == f"rescheduled from {NINE + timedelta(minutes=10):%Y-%m-%dT%H:%M:%S+00:00} to {moved.start.isoformat()}"  # fmt: skip  # noqa: E501


def test_another_minute_of_the_same_slot_needs_no_place(world: World) -> None:
    for _ in range(3):
        number = world.book(start="2026-11-23T09:00").callback.account_number
    assert move(world, number, "2026-11-23T09:29").start == NINE + timedelta(minutes=29)
    assert booked(world) == {"11-23T15:00": 3}


def test_the_very_same_start_changes_and_tells_nothing(world: World) -> None:
    number = world.book(start="2026-11-23T09:10").callback.account_number
    assert move(world, number, "2026-11-23T15:10Z").start == NINE + timedelta(minutes=10)
    assert len(world.rows(CallbackEvent)) == 1


def test_the_very_same_start_takes_back_a_dispatch(world: World) -> None:
    number = world.book(start="2026-11-23T09:10").callback.account_number
    dispatch_now(world.database, world.config_cache, number, now=NOW, who="user:a")
    move(world, number, "2026-11-23T09:10")
    assert world.rows(Callback)[0].due_at == NINE + timedelta(minutes=10)


def test_a_full_slot_refuses_a_move_and_the_old_place_is_kept(world: World) -> None:
    number = world.book(start="2026-11-23T09:00").callback.account_number
    for _ in range(3):
        world.book(start="2026-11-23T10:00")
    refusal = refused(world, number, "2026-11-23T10:10")
    assert refusal.code is Code.SLOT_FULL
    assert len(refusal.extra["alternatives"]) == 3
    assert booked(world) == {"11-23T15:00": 1, "11-23T16:00": 3}


@pytest.mark.parametrize(
    ("start", "code"),
    [("2026-11-23", Code.INVALID_START), ("2026-11-23T07:00", Code.START_IN_PAST),
     ("2026-11-23T08:10", Code.OUTSIDE_BOOKING_WINDOW), ("2027-11-23T09:00", Code.OUTSIDE_BOOKING_WINDOW),
     ("2026-11-25T03:00", Code.NO_SLOT)],
)  # fmt: skip
def test_the_rules_for_the_start_hold_for_a_move_too(world: World, start: str, code: Code) -> None:
    world.configure(DailySchedule, {"capacities": [0] * 12 + [3] * 36}, id=world.daily_id)
    number = world.book(start="2026-11-23T09:10").callback.account_number
    assert refused(world, number, start).code is code
    assert world.rows(Callback)[0].start_at == NINE + timedelta(minutes=10)


@pytest.mark.parametrize("status", [status for status in Status if status != "scheduled"])
def test_a_callback_that_left_scheduled_cannot_be_moved(world: World, status: Status) -> None:
    number = world.book().callback.account_number
    with world.database.writing() as tx:
        tx.execute(update(Callback).values(status=status))
        tx.commit()
    refusal = refused(world, number, "2026-11-24T10:00")
    assert refusal.code is Code.NOT_RESCHEDULABLE
    assert status in refusal.detail


def test_a_callback_of_nobody_cannot_be_moved(world: World) -> None:
    assert refused(world, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "2026-11-24T10:00").code is Code.UNKNOWN_CALLBACK


def test_a_move_takes_its_place_in_the_pool_that_a_booking_would_take_it_in_today(world: World) -> None:
    number = world.book(start="2026-11-23T09:10").callback.account_number
    tokyo = world.add(Pool, skill_id=world.skill_id, campaign_id=world.campaign_id, time_zone="Asia/Tokyo")
    world.add(SkillSchedule, pool_id=tokyo, weekly_schedule_id=world.weekly_id, starts_on=date(2026, 1, 1), version=1,
              changed_at=NOW)  # fmt: skip
    moved = move(world, number, "2026-11-24T09:10")  # local time of the pool
    assert (moved.pool_id, moved.zone.key) == (tokyo, "Asia/Tokyo")
    assert moved.start == datetime(2026, 11, 24, 0, 10, tzinfo=UTC)
    (callback,) = world.rows(Callback)
    assert (callback.pool_id, callback.slot_start) == (tokyo, datetime(2026, 11, 24, 0, 0, tzinfo=UTC))
    assert [(slot.pool_id, slot.booked) for slot in world.rows(Slot)] == [(world.pool_id, 0), (tokyo, 1)]
    assert world.drift() == []


def test_crossing_moves_do_not_stop_each_other(world: World) -> None:
    world.configure(DailySchedule, {"capacities": [4] * 48}, id=world.daily_id)
    slots = ["2026-11-23T09:00", "2026-11-24T09:00"]
    numbers = [world.book(start=slots[i % 2]).callback.account_number for i in range(4)]

    def back_and_forth(of: int) -> None:
        for turn in range(6):
            move(world, numbers[of], slots[(of + turn + 1) % 2])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(back_and_forth, range(4)))
    assert world.drift() == []
    assert sum(booked(world).values()) == 4
    assert len(world.rows(CallbackEvent)) == 4 + 4 * 6


def test_two_who_move_one_callback_at_once_leave_it_in_one_slot(world: World) -> None:
    number = world.book(start="2026-11-23T09:00").callback.account_number
    hours = range(10, 18)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda hour: move(world, number, f"2026-11-23T{hour}:10"), hours))
    assert sum(booked(world).values()) == 1
    assert world.drift() == []


def test_of_many_who_move_into_the_last_place_one_gets_it(world: World) -> None:
    world.configure(DailySchedule, {"capacities": [8] * 20 + [1] * 28}, id=world.daily_id)
    numbers = [world.book(start="2026-11-23T09:00").callback.account_number for _ in range(6)]

    def moved(number: str) -> bool:
        try:
            move(world, number, "2026-11-23T15:00")
        except DomainError as refusal:
            assert refusal.code is Code.SLOT_FULL
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(moved, numbers)) == 1
    assert booked(world) == {"11-23T15:00": 5, "11-23T21:00": 1}
