"""Rule 4: how the requested start is read, and the window it must lie in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.callbacks.rules import BookingWindow, parse_start
from shared.callbacks.settings import BusinessSettings
from shared.errors import Code, DomainError

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 23, 14, 0, 30, 250_000, tzinfo=UTC)  # Monday, half a minute past 08:00 in Chicago
ANY_DAY = BusinessSettings(minimum_notice_minutes=0, booking_horizon_days=3650)


def read(text: str, zone: ZoneInfo = CHICAGO, settings: BusinessSettings = ANY_DAY) -> datetime | Code:
    try:
        return parse_start(text, zone, settings, NOW)
    except DomainError as refusal:
        return refusal.code


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T09:10",  # local
        "2026-11-23 09:10",
        "2026-11-23t09:10",
        "2026-11-23T09:10:00",
        "2026-11-23T09:10:00.000",
        "2026-11-23T09:10:00,000000",
        "2026-11-23T09:10-06:00",
        "2026-11-23T09:10:00-06:00",
        "2026-11-23T09:10:00-0600",
        "2026-11-23T09:10:00-06",
        "2026-11-23 09:10:00 -06:00",
        "2026-11-23T15:10Z",
        "2026-11-23t15:10z",
        "2026-11-23T15:10:00.0000000000Z",
        "2026-11-23T15:10+00:00",
        "2026-11-23T15:10-00:00",
        "2026-11-23T20:40+05:30",
        "2026-11-24T00:55+09:45",
        "2026-11-24T05:10+14:00",
        "20261123T0910",  # basic form
        "20261123T151000Z",
        "2026-W48-1T09:10",  # week dates are ISO 8601 too
        "2026W481T1510Z",
    ],
)
def test_every_iso_form_of_an_instant_is_the_same_instant(text: str) -> None:
    assert read(text) == datetime(2026, 11, 23, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "tomorrow at ten",
        "2026-11-23T09:10+05:60",  # Python would read six hours
        "2026-11-23T09:10-00:99",
        "2026-11-23T09:10+24:00",
        "2026-11-23T09:10+9:00",
        "２０２６-11-23T09:10",
        "2026-11-23",
        "2026-11-23T",
        "2026-11-23T09",  # to the minute at least
        "2026-11-23T09Z     ",
        "2026-11-23T09-06:00:00",
        "2026-11-23T09.10",  # in some countries ten past nine, in ISO 8601 six minutes past
        "2026-11-23T9:10",
        "2026-11-23T09:1",
        "2026-11-23T09:60",
        "2026-11-23T24:00",
        "2026-11-23T25:10",
        "2026-11-23T09:10:60",
        "2026-11-31T09:10",
        "2027-02-29T09:10",
        "2026-13-01T09:10",
        "2026-00-01T09:10",
        "0000-11-23T09:10",
        "2026-W54-1T09:10",
        "2026-W48-8T09:10",
        "2026-327T09:10",
        "23.11.2026 09:10",
        "11/23/2026 09:10",
        "2026-11-23X09:10",
        "2026-11-23\u00a009:10",
        "2026-11-23T09:10+24:00",
        "2026-11-23T09:10+6",
        "2026-11-23T09:10\u221206:00",  # a minus sign that is not the ASCII one
        "2026-11-23T09:10 CST",
        "2026-11-23T09:10[America/Chicago]",
        "２０２６-11-23T09:10",
        "2026-11-23T09:10\x00",
        " 2026-11-23T09:10",
        "2026-11-23T09:10\n",
        "-2026-11-23T09:10",
        "+002026-11-23T09:10",
        "1795443000",
        "2026-11-23T09:10" * 1000,
        "2026-11-23T09:10:00." + "1" * 100_000 + "x",
        "\ud800",
        "9999-12-31T23:59-14:00",  # in UTC past the year 9999
        "9999-12-31T23:59",
        "0001-01-01T00:00+14:00",
    ],
)
def test_what_is_no_instant_is_an_invalid_start(text: str) -> None:
    assert read(text) is Code.INVALID_START


def test_a_refusal_shows_how_to_write_a_start() -> None:
    with pytest.raises(DomainError) as refused:
        parse_start("2026-11-23", CHICAGO, ANY_DAY, NOW)
    assert "2026-11-23T09:10:00-06:00" in refused.value.detail


def test_a_local_time_that_the_clocks_skip_is_an_invalid_start_and_says_why() -> None:
    with pytest.raises(DomainError) as refused:
        parse_start("2027-03-14T02:30", CHICAGO, ANY_DAY, NOW)
    assert refused.value.code is Code.INVALID_START
    assert "clocks are set forward" in refused.value.detail


def test_a_local_time_that_happens_twice_is_the_first_one_and_an_offset_tells_the_other() -> None:
    assert read("2027-11-07T01:30") == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    assert read("2027-11-07T01:30-05:00") == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    assert read("2027-11-07T01:30-06:00") == datetime(2027, 11, 7, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["0001-01-01T00:00Z", "1969-12-31T23:59", "2026-11-23T07:59:59", "2026-11-23T13:59Z"])
def test_before_this_minute_is_the_past(text: str) -> None:
    assert read(text) is Code.START_IN_PAST


def test_this_very_minute_is_not_past_when_no_notice_is_asked() -> None:
    assert read("2026-11-23T08:00") == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_the_past_is_told_before_the_notice() -> None:
    settings = BusinessSettings(minimum_notice_minutes=60)
    assert read("2026-11-23T07:59", settings=settings) is Code.START_IN_PAST
    assert read("2026-11-23T08:00", settings=settings) is Code.OUTSIDE_BOOKING_WINDOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T08:14", Code.OUTSIDE_BOOKING_WINDOW),
        ("2026-11-23T08:14:59", Code.OUTSIDE_BOOKING_WINDOW),
        ("2026-11-23T08:15", datetime(2026, 11, 23, 14, 15, tzinfo=UTC)),
        ("2026-12-07T08:00", datetime(2026, 12, 7, 14, 0, tzinfo=UTC)),
        ("2026-12-07T08:00:30.25", NOW + timedelta(days=14)),
        ("2026-12-07T08:00:30.250001", Code.OUTSIDE_BOOKING_WINDOW),
        ("2026-12-07T08:01", Code.OUTSIDE_BOOKING_WINDOW),
        ("2027-11-23T08:00", Code.OUTSIDE_BOOKING_WINDOW),
        ("9999-12-31T23:59Z", Code.OUTSIDE_BOOKING_WINDOW),
    ],
)
def test_the_window_goes_from_the_notice_to_the_horizon(text: str, expected: datetime | Code) -> None:
    assert read(text, settings=BusinessSettings(minimum_notice_minutes=15, booking_horizon_days=14)) == expected


def test_the_window_counts_whole_minutes_of_notice_and_whole_days_of_horizon() -> None:
    window = BookingWindow.of(BusinessSettings(), NOW)
    assert window.earliest == datetime(2026, 11, 23, 14, 15, tzinfo=UTC)
    assert window.latest - NOW == timedelta(days=14)
