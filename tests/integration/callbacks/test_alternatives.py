"""The free slots that a refusal offers instead."""

import pytest

from shared.db.models import DailySchedule
from shared.errors import Code, DomainError
from tests.support.configured_database import NOW, World


def offered(refusal: DomainError) -> list[str]:
    return [slot["start"][5:16].replace("T", " ") for slot in refusal.extra["alternatives"]]


def places(world: World, **by_time: int) -> None:
    """The day's capacities by half hour, as `at_0930=1`."""
    capacities = [0] * 48
    for name, capacity in by_time.items():
        capacities[int(name[3:5]) * 2 + int(name[5:7]) // 30] = capacity
    world.configure(DailySchedule, {"capacities": capacities}, id=world.daily_id)


def test_a_full_slot_refuses_and_offers_the_three_nearest(world: World) -> None:
    places(world, at_0830=1, at_0900=1, at_1000=1, at_1030=1, at_1100=1)
    world.book(start="2026-11-23T10:00")
    refusal = world.refusal(start="2026-11-23T10:10")
    assert refusal.code is Code.SLOT_FULL
    assert offered(refusal) == ["11-23 09:00", "11-23 10:30", "11-23 11:00"]
    assert refusal.extra["alternatives"][0] == {
        "start": "2026-11-23T09:00:00-06:00", "end": "2026-11-23T09:30:00-06:00", "available": 1}  # fmt: skip


def test_a_time_without_a_slot_offers_the_nearest_too(world: World) -> None:
    places(world, at_0900=2)
    refusal = world.refusal(start="2026-11-24T20:00")
    assert refusal.code is Code.NO_SLOT
    assert offered(refusal) == ["11-23 09:00", "11-24 09:00", "11-25 09:00"]


def test_what_is_full_is_not_offered(world: World) -> None:
    places(world, at_0900=1, at_0930=1, at_1000=1, at_1030=1)
    for start in ("09:00", "09:30"):
        world.book(start=f"2026-11-23T{start}")
    assert offered(world.refusal(start="2026-11-23T09:10")) == ["11-23 10:00", "11-23 10:30", "11-24 09:00"]


def test_of_two_equally_near_both_are_offered_in_the_order_of_time(world: World) -> None:
    places(world, at_0900=1, at_1000=1, at_1100=1)
    world.book(start="2026-11-23T10:00")
    assert offered(world.refusal(start="2026-11-23T10:00"))[:2] == ["11-23 09:00", "11-23 11:00"]


def test_only_what_may_be_booked_is_offered(world: World) -> None:
    places(world, at_0800=1, at_0830=1)
    world.settings(minimum_notice_minutes=45, booking_horizon_days=1)
    # At eight o'clock the second half of the slot of 08:30 can be booked, and only the first minute of tomorrow's slot.
    assert offered(world.refusal(start="2026-11-23T20:00")) == ["11-23 08:45", "11-24 08:00"]


def test_when_everything_is_full_nothing_is_offered(world: World) -> None:
    places(world, at_0900=1)
    world.settings(booking_horizon_days=1)
    world.book(start="2026-11-23T09:00")
    refusal = world.refusal(start="2026-11-23T09:00")
    assert refusal.extra["alternatives"] == []
    assert "no free slot" in refusal.detail


@pytest.mark.parametrize("start", ["2026-11-23T09:00", "2026-11-23T09:29"])
def test_an_offered_slot_can_be_booked(world: World, start: str) -> None:
    places(world, at_0900=1, at_0930=1, at_1300=1)
    world.book(start="2026-11-23T09:00")
    for slot in world.refusal(start=start, now=NOW).extra["alternatives"]:
        assert world.book(start=slot["start"]).callback.start.astimezone(NOW.tzinfo) is not None
    assert world.drift() == []
