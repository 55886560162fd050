"""Weekly schedules in every IANA zone, above all on the days on which the clocks change."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.callbacks.config_snapshot import Pool, Week
from shared.callbacks.schedule import HALF_HOUR, ScheduledSlot, slot_start, slots_of_day
from tests.support.zones import ZONES, changes, days_of_change, first_passes, kinds_of_change

FULL = (1,) * 48
MINUTE = timedelta(minutes=1)

days_of_capacities = st.one_of(
    st.none(), st.just(FULL), st.lists(st.integers(0, 3), min_size=48, max_size=48).map(tuple)
)
weeks: st.SearchStrategy[Week] = st.tuples(*[days_of_capacities] * 7)


@st.composite
def pools_and_days(draw: st.DrawFn) -> tuple[Pool, date]:
    zone = ZoneInfo(draw(st.sampled_from(ZONES) | st.sampled_from(kinds_of_change())))
    any_day = st.dates(date(2026, 1, 1), date(2027, 12, 31))
    day = draw(st.sampled_from(days_of_change(zone)) if changes(zone) else any_day)
    return Pool(1, 1, None, zone, ((date(2020, 1, 1), draw(weeks)),)), day


def wall(slot: ScheduledSlot, zone: ZoneInfo) -> datetime:
    return slot.start.astimezone(zone).replace(tzinfo=None, fold=0)


def faults(slots: Sequence[ScheduledSlot], zone: ZoneInfo) -> list[str]:
    """What is wrong with the slots of a local day on which every half hour has a place."""
    found = [f"{slot.start} is not a half hour" for slot in slots if wall(slot, zone).minute % 30]
    found += [f"{a.start} and {b.start} overlap" for a, b in pairwise(slots) if b.start < a.end]
    for slot in slots:
        inside = (slot.start, slot.start + HALF_HOUR / 2, slot.end - MINUTE)
        found += [f"{at} is not found again" for at in inside if slot_start(at, zone) != slot.start]
    return found


def test_every_zone_shows_slots_in_order_that_do_not_overlap_and_are_found_again() -> None:
    wrong = []
    for zone in map(ZoneInfo, ZONES):
        for day in days_of_change(zone) or [date(2026, 7, 1)]:
            wrong += [f"{zone.key} {day}: {fault}" for fault in faults(slots_of_day(day, FULL, zone), zone)]
    assert wrong == []


def test_a_day_without_a_change_has_all_48_half_hours_in_every_zone() -> None:
    day = date(2026, 7, 1)  # no zone changes its clocks then
    assert {len(slots_of_day(day, FULL, ZoneInfo(name))) for name in ZONES} == {48}


@settings(max_examples=150)
@given(pools_and_days())
def test_a_day_shows_the_half_hours_with_capacity_that_exist_each_once_at_its_first_pass(
    drawn: tuple[Pool, date],
) -> None:
    pool, day = drawn
    capacities = pool.capacities(day) or (0,) * 48
    first = first_passes(day, pool.zone)
    half_hours = [datetime.combine(day, time(i // 2, i % 2 * 30)) for i in range(48)]
    expected = [ScheduledSlot(first[at], room) for at, room in zip(half_hours, capacities, strict=True)
                if room and at in first]  # fmt: skip
    assert list(pool.day(day).slots) == expected


@settings(max_examples=100)
@given(pools_and_days(), st.integers(-100, 3000), st.integers(-100, 3000))
def test_the_capacity_between_two_instants_is_that_of_the_slots_with_a_minute_there(
    drawn: tuple[Pool, date], first: int, last: int
) -> None:
    pool, day = drawn
    midnight = datetime.combine(day, time(), UTC) - timedelta(hours=14)
    earliest, latest = midnight + timedelta(minutes=first), midnight + timedelta(minutes=last)
    touched = [
        slot.capacity
        for slot in pool.day(day).slots
        if any(earliest <= slot.start + MINUTE * minute <= latest for minute in range(30))
    ]
    assert pool.day(day).capacity(earliest, latest) == sum(touched)


@settings(max_examples=100)
@given(pools_and_days())
def test_every_minute_leads_to_the_slot_that_covers_it_and_to_no_other(drawn: tuple[Pool, date]) -> None:
    pool, day = drawn
    around = [slot for offset in (-1, 0, 1) for slot in pool.day(day + timedelta(days=offset)).slots]
    assert all(a.end <= b.start for a, b in pairwise(around)), "slots of neighbouring days overlap"
    covering = {slot.start + MINUTE * i: slot for slot in around for i in range(30)}
    midnight = datetime.combine(day, time.min, pool.zone).astimezone(UTC)
    for minute in range(-60, 25 * 60):
        at = midnight + MINUTE * minute
        assert pool.slot_at(at) == covering.get(at), at.astimezone(pool.zone).isoformat()


@given(pools_and_days(), st.integers(0, 24 * 3600), st.integers(0, 999_999))
def test_seconds_inside_a_minute_change_nothing(drawn: tuple[Pool, date], second: int, microsecond: int) -> None:
    pool, day = drawn
    at = datetime.combine(day, time.min, pool.zone).astimezone(UTC) + timedelta(seconds=second)
    precise = at + timedelta(microseconds=microsecond)
    assert pool.slot_at(precise) == pool.slot_at(precise.replace(second=0, microsecond=0))
