"""The time zone bias sent with a contact: with it UCCE computes the customer's local time."""

import sqlite3
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.sandbox.ucce_simulator.window import condition
from services.dialer_sync.ucce.contacts import Contact
from shared.callbacks.time_zone_bias import MAX_BIAS_MINUTES, MIN_BIAS_MINUTES, utc_bias
from tests.support.zones import ZONES, changes

WINTER, SUMMER = datetime(2026, 1, 20, 12, tzinfo=UTC), datetime(2026, 7, 20, 12, tzinfo=UTC)
NOVEMBER, RAMADAN = datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "bias"),
    [
        ("UTC", WINTER, 0),
        ("America/Chicago", WINTER, 360),
        ("America/Chicago", SUMMER, 300),
        ("America/Phoenix", SUMMER, 420),
        ("America/Vancouver", WINTER, 480),
        ("America/Vancouver", NOVEMBER, 420),  # its clocks are not changed any more since March 2026
        ("Europe/London", SUMMER, -60),
        ("Europe/Dublin", WINTER, 0),  # where winter time is the exception
        ("Africa/Casablanca", WINTER, -60),
        ("Africa/Casablanca", RAMADAN, 0),
        ("Africa/Casablanca", NOVEMBER, 0),
        ("Asia/Kolkata", WINTER, -330),
        ("Australia/Sydney", WINTER, -660),  # summer in January
        ("Australia/Lord_Howe", WINTER, -660),
        ("Australia/Lord_Howe", SUMMER, -630),
        ("Antarctica/Troll", WINTER, 0),
        ("Antarctica/Troll", SUMMER, -120),
        ("Pacific/Apia", WINTER, -780),
        ("Pacific/Chatham", SUMMER, -765),
    ],
)
def test_the_bias_is_that_of_the_instant(zone: str, at: datetime, bias: int) -> None:
    assert utc_bias(ZoneInfo(zone), at) == bias


@pytest.mark.parametrize(("zone", "at"), [("Pacific/Kiritimati", WINTER), ("Pacific/Chatham", WINTER)])
def test_a_zone_that_ciscos_range_cannot_express_is_left_to_the_campaign(zone: str, at: datetime) -> None:
    assert utc_bias(ZoneInfo(zone), at) is None


def instants(name: str) -> st.SearchStrategy[datetime]:
    """Instants of two years, mostly in the minutes around a change of the clocks."""
    around = [at + timedelta(minutes=minutes) for at in changes(ZoneInfo(name)) for minutes in (-61, -1, 0, 1, 61)]
    any_time = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
    return st.sampled_from(around) | any_time if around else any_time


@given(st.data(), st.sampled_from(ZONES))
def test_ucce_dials_in_exactly_the_minute_that_the_customers_clock_shows(data: st.DataObject, name: str) -> None:
    at = data.draw(instants(name)).replace(second=0, microsecond=0)
    campaigns_zone = data.draw(st.sampled_from(["UTC", "Central Standard Time", "AUS Eastern Standard Time"]))
    *_, bias, dst = Contact("k", "1", bias=utc_bias(ZoneInfo(name), at)).row().split("|")
    if bias == "":
        assert not MIN_BIAS_MINUTES <= -minutes_ahead(name, at) <= MAX_BIAS_MINUTES
        return
    for minutes in range(-120, 121, 30):
        local = at.astimezone(ZoneInfo(name)) + timedelta(minutes=minutes)
        end = local + timedelta(minutes=2)
        if local.strftime("%H:%M") < end.strftime("%H:%M"):
            campaign = {"timeZone": campaigns_zone, "startTime": f"{local:%H:%M}", "endTime": f"{end:%H:%M}"}
            assert open_for(campaign, at, int(bias), dst == "true") == (minutes == 0), (bias, dst, campaign)


def minutes_ahead(name: str, at: datetime) -> int:
    return round((at.astimezone(ZoneInfo(name)).replace(tzinfo=UTC) - at).total_seconds() / 60)


def open_for(campaign: dict[str, str], at: datetime, bias: int, dst: bool) -> bool:
    """Whether the simulator would dial a contact at this instant."""
    where, values = condition(campaign, at)
    query = f"SELECT {where} FROM (SELECT ? AS bias, ? AS dst)"  # noqa: S608 - the simulator's own condition
    connection = sqlite3.connect(":memory:")
    try:
        return bool(connection.execute(query, [*values, bias, dst]).fetchone()[0])
    finally:
        connection.close()
