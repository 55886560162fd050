"""Slots on days of clock changes in several zones; the expected times are written by hand."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.callbacks.config_snapshot import Pool
from shared.callbacks.schedule import NoSuchLocalTime, instant, slot_start, slots_of_day

FULL = (1,) * 48


def walls(day: str, zone: str) -> list[str]:
    """The local start of each slot of a day that has places all round the clock."""
    slots = slots_of_day(date.fromisoformat(day), FULL, ZoneInfo(zone))
    return [slot.start.astimezone(ZoneInfo(zone)).strftime("%H:%M") for slot in slots]


ALL_DAY = [f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30")]


@pytest.mark.parametrize(
    ("zone", "day", "missing"),
    [
        ("America/Chicago", "2026-03-08", ["02:00", "02:30"]),
        ("America/St_Johns", "2026-03-08", ["02:00", "02:30"]),
        ("Australia/Lord_Howe", "2026-10-04", ["02:00"]),  # by half an hour only
        ("Antarctica/Troll", "2026-03-29", ["01:00", "01:30", "02:00", "02:30"]),  # by two hours
        ("Pacific/Chatham", "2026-09-27", ["03:00", "03:30"]),  # 02:45 becomes 03:45
        ("America/Santiago", "2026-09-06", ["00:00", "00:30"]),  # midnight itself is skipped
        ("Africa/Cairo", "2026-04-24", ["00:00", "00:30"]),
        ("Asia/Beirut", "2026-03-29", ["00:00", "00:30"]),
        ("America/Havana", "2026-03-08", ["00:00", "00:30"]),
        ("Atlantic/Azores", "2026-03-29", ["00:00", "00:30"]),
        ("America/Nuuk", "2026-03-28", ["23:00", "23:30"]),  # the evening before
        ("Pacific/Apia", "2011-12-30", ALL_DAY),  # Samoa crossed the date line: that Friday never was
        ("Asia/Kathmandu", "2026-03-29", []),
        ("Asia/Kolkata", "2026-10-25", []),
        ("Etc/UTC", "2026-03-29", []),
    ],
)
def test_half_hours_that_the_clocks_jump_over_are_no_slots(zone: str, day: str, missing: list[str]) -> None:
    assert walls(day, zone) == [at for at in ALL_DAY if at not in missing]


@pytest.mark.parametrize(
    ("zone", "day", "twice", "offset"),
    [
        ("America/Chicago", "2026-11-01", "01:00", "-05:00"),
        ("America/Chicago", "2026-11-01", "01:30", "-05:00"),
        ("Australia/Lord_Howe", "2026-04-05", "01:30", "+11:00"),
        ("Antarctica/Troll", "2026-10-25", "01:00", "+02:00"),
        ("Antarctica/Troll", "2026-10-25", "02:30", "+02:00"),
        ("Pacific/Chatham", "2026-04-05", "03:00", "+13:45"),
        ("America/Santiago", "2026-04-04", "23:30", "-03:00"),
        ("Africa/Cairo", "2026-10-29", "23:00", "+03:00"),
        ("Atlantic/Azores", "2026-10-25", "00:00", "+00:00"),
        ("America/Havana", "2026-11-01", "00:30", "-04:00"),
    ],
)
def test_a_half_hour_that_happens_twice_is_one_slot_the_first(zone: str, day: str, twice: str, offset: str) -> None:
    assert walls(day, zone).count(twice) == 1
    start = instant(datetime.fromisoformat(f"{day}T{twice}"), ZoneInfo(zone))
    assert start.astimezone(ZoneInfo(zone)).isoformat() == f"{day}T{twice}:00{offset}"


def test_a_start_in_the_second_pass_of_a_repeated_hour_has_no_slot() -> None:
    chicago = ZoneInfo("America/Chicago")
    first = datetime.fromisoformat("2026-11-01T01:10-05:00")
    assert slot_start(first, chicago) == datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
    assert slot_start(datetime.fromisoformat("2026-11-01T01:10-06:00"), chicago) is None
    assert slot_start(datetime.fromisoformat("2026-11-01T02:00-06:00"), chicago) is not None


def test_a_slot_that_the_clocks_change_in_is_thirty_real_minutes() -> None:
    # Chatham changes at a quarter to: the slot of 02:30 ends when the clocks show 04:00, and its last minute is 03:59.
    chatham = ZoneInfo("Pacific/Chatham")
    spring = slots_of_day(date(2026, 9, 27), FULL, chatham)
    two_thirty = next(slot for slot in spring if slot.start.astimezone(chatham).strftime("%H:%M") == "02:30")
    assert two_thirty.end.astimezone(chatham).strftime("%H:%M") == "04:00"
    assert slot_start(instant(datetime.fromisoformat("2026-09-27T03:59"), chatham), chatham) == two_thirty.start


def test_a_local_time_that_is_skipped_is_refused_and_named() -> None:
    with pytest.raises(NoSuchLocalTime, match="2026-03-08T02:30:00 does not exist in America/Chicago"):
        instant(datetime.fromisoformat("2026-03-08T02:30"), ZoneInfo("America/Chicago"))


def test_a_zone_with_quarter_hours_keeps_its_half_hours_local() -> None:
    slots = slots_of_day(date(2026, 3, 29), FULL, ZoneInfo("Asia/Kathmandu"))
    assert slots[0].start == datetime(2026, 3, 28, 18, 15, tzinfo=UTC)
    assert slots[-1].end - slots[0].start == timedelta(days=1)


def test_a_half_hour_without_capacity_is_no_slot() -> None:
    slots = slots_of_day(date(2026, 11, 23), (0,) * 18 + (5,) * 2 + (0,) * 28, ZoneInfo("America/Chicago"))
    assert [(slot.start.hour, slot.start.minute, slot.capacity) for slot in slots] == [(15, 0, 5), (15, 30, 5)]


def test_a_day_needs_exactly_48_capacities() -> None:
    with pytest.raises(ValueError, match="shorter"):
        slots_of_day(date(2026, 11, 23), (1,) * 47, ZoneInfo("America/Chicago"))


def test_the_zone_rules_are_those_of_the_locked_package_not_of_the_host() -> None:
    assert zoneinfo.TZPATH == ()
    assert ZoneInfo.no_cache("Asia/Tokyo").key == "Asia/Tokyo"


def test_a_pool_without_an_assignment_has_no_slots() -> None:
    pool = Pool(1, 1, None, ZoneInfo("America/Chicago"), ())
    assert pool.day(date(2026, 11, 23)).slots == ()
    assert not pool.is_business_day(date(2026, 11, 23))
