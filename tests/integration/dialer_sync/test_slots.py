"""The master keeps the rows of slots in step with the schedule, from now to the horizon, whoever books meanwhile."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.dialer_sync.election.errors import StaleEpoch
from services.dialer_sync.steps import slots
from shared.db import models
from shared.errors import DomainError
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.support.configured_database import NOW, World, phone
from tests.support.statements import watched


def rows(world: World) -> dict[datetime, tuple[int, int]]:
    """(places, booked) by start."""
    return {row.start_at: (row.capacity, row.booked) for row in world.rows(models.Slot)}


def run(master: MasterFixture) -> str | None:
    master.context.begin_step()
    return slots.run(master.context)


def configured(master: MasterFixture, model: Any, values: dict[str, Any], **where: Any) -> None:
    master.world.configure(model, values, **where)
    master.context.config_cache.reload()


def test_every_slot_to_the_horizon_has_its_row_though_nobody_booked(master: MasterFixture) -> None:
    master.cycle()
    # It is 8:00 on a Monday in Chicago: 32 slots are left, and then come 14 whole days.
    starts = sorted(rows(master.world))
    assert len(starts) == 32 + 14 * 48
    assert (starts[0], starts[-1]) == (NOW, datetime(2026, 12, 8, 5, 30, tzinfo=UTC))
    assert set(rows(master.world).values()) == {(3, 0)}


def test_a_schedule_that_changed_changes_what_is_not_over(master: MasterFixture) -> None:
    master.world.book(start="2026-11-23T09:10")
    master.cycle()
    master.clock.advance(3600 + 60)  # 9:01: the slot of 9:00 is not over
    places = [0] * 16 + [5] * 4 + [7] * 4 + [0] * 24  # 8:00 to 10:00, 10:00 to 12:00
    configured(master, models.DailySchedule, {"capacities": places}, id=master.world.daily_id)
    master.cycle()
    today = [rows(master.world)[NOW + timedelta(minutes=30 * number)] for number in range(9)]
    assert today == [(3, 0), (3, 0), (5, 1), (5, 0), (7, 0), (7, 0), (7, 0), (7, 0), (0, 0)]
    assert sum(room for room, _ in rows(master.world).values()) == 3 * 2 + 5 * 2 + 7 * 4 + 14 * (5 * 4 + 7 * 4)


def test_a_day_of_a_clock_change_has_the_slots_that_it_has(master: MasterFixture) -> None:
    master.world.settings(booking_horizon_days=1)
    master.context.config_cache.reload()
    # From Saturday's noon on: clocks go forward that night, and 2:00 and 2:30 are skipped.
    assert made_on(master, datetime(2027, 3, 13, 18, 0, tzinfo=UTC)) == 24 + 46
    # Clocks go back that night: an hour that comes twice is bookable once.
    assert made_on(master, datetime(2027, 11, 6, 17, 0, tzinfo=UTC)) == 24 + 48


def made_on(master: MasterFixture, now: datetime) -> int:
    before = len(rows(master.world))
    master.clock.now = now
    master.cycle()
    return len(rows(master.world)) - before


def test_the_horizon_moves_on_with_the_day(master: MasterFixture) -> None:
    master.cycle()
    before = len(rows(master.world))
    master.clock.advance(15 * 3600)
    master.cycle()
    assert len(rows(master.world)) == before
    master.clock.advance(3600)  # midnight in Chicago
    master.cycle()
    assert len(rows(master.world)) == before + 48


def test_nothing_is_asked_or_written_while_nothing_changed(master: MasterFixture) -> None:
    master.cycle()
    with watched(master.world.database) as statements:
        assert run(master) is None
    assert statements.texts == []


def test_another_change_of_the_configuration_asks_and_writes_nothing(master: MasterFixture) -> None:
    run(master)
    master.world.settings(expire_minutes=61)
    master.context.config_cache.reload()
    with watched(master.world.database) as statements:
        run(master)
    assert statements.texts == []


def test_a_schedule_that_was_another_one_for_a_moment_leaves_no_other_places(master: MasterFixture) -> None:
    run(master)
    for places in (5, 3):  # a booking by the first, before the master looks
        configured(master, models.DailySchedule, {"capacities": [places] * 48}, id=master.world.daily_id)
        if places == 5:
            master.world.book(start="2026-11-24T09:00")
    assert {room for room, _ in rows(master.world).values()} == {3, 5}
    run(master)
    assert {room for room, _ in rows(master.world).values()} == {3}


def test_a_new_master_reads_and_writes_nothing_that_is_right(master: MasterFixture) -> None:
    master.cycle()
    master.renew("node-b")
    with watched(master.world.database) as statements:
        run(master)
    assert statements.kinds == ["SELECT"]


def test_callbacks_meanwhile_are_handed_over(master: MasterFixture) -> None:
    """A first installation has tens of thousands of rows to make; what is due does not wait for them."""
    master.cycle()
    master.renew()
    master.world.settings(booking_horizon_days=60)
    master.context.config_cache.reload()
    (number,) = master.add()
    handed = []
    master.context.before_reading = lambda: handed.append(len(rows(master.world)))
    run(master)
    assert len(handed) == 1 + -(-(46 * 48) // slots.BATCH_ROWS)  # before the pool is read, and before each batch
    assert handed[1:] == sorted(set(handed[1:]))
    assert master.callback(number).status == "scheduled"


def test_bookings_at_the_same_time_lose_no_place_and_no_row(master: MasterFixture) -> None:
    """Bookings and moves take slots whose rows the master makes and changes just then."""
    world, failures = master.world, list[BaseException]()
    starts = [f"2026-11-2{day}T{hour:02}:00" for day in range(4, 8) for hour in range(24)]

    def book(offset: int) -> None:
        other = world.on(world.database)
        try:
            for number in range(40):
                try:
                    other.book(start=starts[(offset * 31 + number * 7) % len(starts)], phone=phone())
                except DomainError as refusal:
                    assert refusal.code == "slot_full"
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=book, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for room in (9, 4, 8, 5):
        places = [room] * 48
        configured(master, models.DailySchedule, {"capacities": places}, id=world.daily_id)
        master.context.slots_in_step.clear()
        run(master)
    for thread in threads:
        thread.join()
    configured(master, models.DailySchedule, {"capacities": [6] * 48}, id=world.daily_id)
    run(master)
    assert failures == []
    assert {room for room, _ in rows(world).values()} == {6}
    assert len(rows(world)) == 32 + 14 * 48
    held = sum(booked for _, booked in rows(world).values())
    assert held == len(world.rows(models.Callback)) > 50
    assert world.drift() == []


def test_a_master_that_was_replaced_writes_no_slots(master: MasterFixture) -> None:
    stale = master.context
    master.renew("node-b")
    stale.slots_in_step.clear()
    master.world.configure(models.DailySchedule, {"capacities": [5] * 48}, id=master.world.daily_id)
    stale.config_cache.reload()
    stale.begin_step()
    with pytest.raises(StaleEpoch):
        slots.run(stale)
    assert {room for room, _ in rows(master.world).values()} <= {3}


def test_the_rows_of_a_pool_that_nobody_uses_go_with_it(master: MasterFixture) -> None:
    skill = master.world.another_skill("Sales")
    pool = master.world.add(models.Pool, skill_id=skill, campaign_id=None, time_zone="Asia/Tokyo")
    master.world.add(models.SkillSchedule, pool_id=pool, weekly_schedule_id=master.world.weekly_id,
                     starts_on=date(2026, 1, 1), changed_at=NOW, version=1)  # fmt: skip
    master.context.config_cache.reload()
    master.cycle()
    assert len(master.world.rows(models.Slot, pool_id=pool)) == 2 + 14 * 48  # 23:00 in Tokyo
