"""Calling hours: where a number lies, and when it may be called there."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.callbacks.calling_hours import ALL_DAY, CalledParty, CallingHours, zone_named
from shared.callbacks.dialing_window import DialingWindow
from shared.callbacks.schedule import ScheduledSlot
from tests.support.config_snapshots import CHICAGO, pool

DAY = CallingHours()


@pytest.mark.parametrize(
    ("phone", "stated", "expected", "shown"),
    [
        ("+13125550142", None, ["America/Chicago"], "America/Chicago"),
        ("+18085550142", None, ["Pacific/Honolulu"], "Pacific/Honolulu"),
        ("+12085550142", None, ["America/Boise", "America/Los_Angeles"], "America/Boise"),  # both halves of Idaho
        ("+13125550142", "America/Los_Angeles", ["America/Chicago", "America/Los_Angeles"], "America/Los_Angeles"),
        ("+13125550142", "America/Chicago", ["America/Chicago"], "America/Chicago"),
        ("+18005550142", None, ["America/Chicago"], "America/Chicago"),  # toll-free: the pool's
        ("+18005550142", "America/Denver", ["America/Denver"], "America/Denver"),
        (None, "Asia/Kathmandu", ["Asia/Kathmandu"], "Asia/Kathmandu"),
        ("+4915112345678", None, ["Europe/Berlin"], "Europe/Berlin"),  # a mobile: its country's
        ("+88312345678", None, ["America/Chicago"], "America/Chicago"),  # an international network
    ],
)
def test_the_zones_are_those_of_the_prefix_and_the_stated_one(
    phone: str | None, stated: str | None, expected: list[str], shown: str
) -> None:
    party = CalledParty.of(DAY, CHICAGO, phone, stated)

    assert [zone.key for zone in party.zones] == expected
    assert party.zone.key == shown


def test_of_several_zones_the_pools_is_shown() -> None:
    assert CalledParty.of(DAY, ZoneInfo("America/Los_Angeles"), "+12085550142", None).zone.key == "America/Los_Angeles"


def test_a_party_of_whom_nothing_is_known_keeps_nothing_and_follows_its_pool() -> None:
    toll_free = CalledParty.of(DAY, CHICAGO, "+18005550142", None)

    assert toll_free.columns == {"calling_zones": None, "customer_time_zone": None}
    assert CalledParty.stored(DAY, ZoneInfo("Asia/Tokyo"), None).zone.key == "Asia/Tokyo"


@pytest.mark.parametrize("stated", [None, "America/Denver", "Asia/Kathmandu"])
@pytest.mark.parametrize("phone", ["+13125550142", "+12085550142", "+74951234567"])
def test_what_a_callback_keeps_gives_the_same_party_again(phone: str, stated: str | None) -> None:
    party = CalledParty.of(DAY, CHICAGO, phone, stated)
    kept = party.columns

    assert CalledParty.stored(DAY, CHICAGO, kept["calling_zones"], kept["customer_time_zone"]) == party


@pytest.mark.parametrize(
    ("local", "allowed"), [("07:59", False), ("08:00", True), ("20:59", True), ("21:00", False), ("00:00", False)]
)
def test_the_first_minute_belongs_to_the_hours_and_their_end_does_not(local: str, allowed: bool) -> None:
    at = datetime.fromisoformat(f"2026-11-24T{local}").replace(tzinfo=ZoneInfo("America/Denver"))

    assert CalledParty.of(DAY, CHICAGO, "+13035550142", None).may_be_called(at.astimezone(UTC)) == allowed


def test_where_a_number_may_lie_in_several_zones_all_must_allow_it() -> None:
    idaho = CalledParty.of(DAY, CHICAGO, "+12085550142", None)
    allowed = [
        hour for hour in range(24)
        if idaho.may_be_called(datetime(2026, 11, 24, hour, 30, tzinfo=ZoneInfo("America/Boise")))
    ]  # fmt: skip

    assert allowed == list(range(9, 21))  # 08:00 in Los Angeles is 09:00 in Boise


def test_the_refusal_says_what_time_it_is_where() -> None:
    idaho = CalledParty.of(DAY, CHICAGO, "+12085550142", None)
    text = idaho.refusal(datetime(2026, 11, 24, 8, 30, tzinfo=ZoneInfo("America/Boise")))

    assert "07:30" in text
    assert "America/Los_Angeles" in text
    assert "from 08:00 until 21:00" in text


@pytest.mark.parametrize("zone", ["America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])
@pytest.mark.parametrize("hours", [DAY, CallingHours.of("08:10", "20:50"), CallingHours.of("01:30", "03:00"), ALL_DAY])
@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 25)])
def test_a_clipped_slot_has_the_minutes_in_which_may_be_called(zone: str, hours: CallingHours, day: date) -> None:
    party = CalledParty.of(hours, CHICAGO, "+13125550142", zone)
    for half in range(96):
        slot = ScheduledSlot(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=30 * half), 1)
        allowed = [minute for minute in range(30) if party.may_be_called(slot.minute(minute))]
        clipped = party.clipped(slot)
        if clipped is None:
            assert allowed == []
        else:
            inside = list(range(clipped.first_minute, clipped.last_minute + 1))
            assert inside == allowed[: len(inside)], "its minutes are the first run of those that are allowed"
            assert clipped.last_minute + 1 not in allowed


def test_a_pool_gives_each_party_its_own_slots_and_keeps_them_apart() -> None:
    chicago = pool()
    day = date(2026, 11, 24)
    honolulu = CalledParty.of(DAY, CHICAGO, "+18085550142", None)
    tokyo = CalledParty.of(DAY, CHICAGO, None, "Asia/Tokyo")

    assert len(chicago.day(day).slots) == 48
    assert [slot.start.astimezone(CHICAGO).hour for slot in chicago.day(day, called=honolulu).slots[:: 2]] == [
        0, *range(12, 24)]  # fmt: skip
    assert len(chicago.day(day, called=tokyo).slots) == 26
    assert len(chicago.day(day).slots) == 48


def test_the_hours_of_ucce_count_by_the_customers_clock() -> None:
    window = DialingWindow.of({"startTime": "09:00", "endTime": "17:00"})
    denver = CalledParty.of(DAY, CHICAGO, "+13035550142", None)
    slots = pool().day(date(2026, 11, 24), window, denver).slots

    assert [slot.start.astimezone(CHICAGO).hour for slot in slots[:: len(slots) - 1]] == [10, 17]


def test_zones_may_be_written_in_any_case() -> None:
    assert zone_named("america/denver") == "America/Denver"
    assert zone_named("Central Standard Time") is None
    assert zone_named("") is None
