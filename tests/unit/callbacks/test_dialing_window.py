"""The times at which UCCE dials, compared with the simulator's rule, which shares no code with the product's."""

import csv
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.sandbox.ucce_simulator import window as simulator
from shared.callbacks.config_snapshot import Pool
from shared.callbacks.dialing_window import ALWAYS, DialingWindow
from shared.callbacks.time_zone_bias import utc_bias
from shared.callbacks.windows_zones import WINDOWS_ZONES
from tests.support.config_snapshots import CHICAGO, ROUND_THE_CLOCK, pool
from tests.support.zones import changes, kinds_of_change

DAY = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # midnight in Chicago


def starts(of: Pool, parameters: dict[str, str], days: int = 1) -> list[str]:
    """The minutes in which a callback may be due on the first local days from DAY on, as spans `HH:MM-HH:MM`."""
    spans = []
    for offset in range(days):
        local = (DAY + timedelta(days=offset)).astimezone(of.zone).date()
        for slot in of.day(local, DialingWindow.of(parameters)).slots:
            spans.append((slot.first.astimezone(of.zone), slot.last.astimezone(of.zone) + timedelta(minutes=1)))
    joined: list[list[datetime]] = []
    for first, end in spans:
        if joined and joined[-1][1] == first:
            joined[-1][1] = end
        else:
            joined.append([first, end])
    return [f"{first:%H:%M}-{end:%H:%M}" for first, end in joined]


@pytest.mark.parametrize(
    ("parameters", "spans"),
    [
        ({}, ["00:00-00:00"]),
        ({"startTime": "09:00", "endTime": "10:00"}, ["09:00-10:00"]),
        ({"startTime": "09:10", "endTime": "09:20"}, ["09:10-09:20"]),
        ({"startTime": "09:10", "endTime": "10:05"}, ["09:10-10:05"]),
        ({"startTime": "20:30"}, ["20:30-23:59"]),
        ({"endTime": "06:15"}, ["00:00-06:15"]),
        ({"startTime": "00:00", "endTime": "23:59"}, ["00:00-00:00"]),  # Cisco's way to say all day
        ({"startTime": "09:00", "endTime": "23:59"}, ["09:00-23:59"]),
        ({"startDate": "2026-11-25"}, ["18:00-00:00"]),  # days are of UTC, the campaign's zone unless it says another
        ({"startDate": "2026-11-25", "timeZone": "Central Standard Time"}, []),
        ({"endDate": "2026-11-23", "timeZone": "Central Standard Time"}, []),
        ({"endDate": "2026-11-24", "timeZone": "Central Standard Time"}, ["00:00-00:00"]),
        ({"endDate": "2026-11-24"}, ["00:00-18:00"]),
        ({"startDate": "2026-11-24", "timeZone": "Pacific Standard Time"}, ["02:00-00:00"]),
    ],
)
def test_a_window_leaves_the_minutes_in_which_ucce_dials(parameters: dict[str, str], spans: list[str]) -> None:
    assert starts(pool(), parameters) == spans


def test_the_hours_are_the_customers_and_not_the_campaigns() -> None:
    tokyo = pool(zone=ZoneInfo("Asia/Tokyo"))
    assert starts(tokyo, {"startTime": "09:00", "endTime": "10:00", "timeZone": "Central Standard Time"}) == [
        "09:00-10:00"
    ]


def test_where_a_bias_cannot_say_the_zone_the_campaigns_counts() -> None:
    kiritimati = pool(zone=ZoneInfo("Pacific/Kiritimati"))  # UTC+14
    assert starts(kiritimati, {"startTime": "09:00", "endTime": "10:00"}) == ["23:00-00:00"]


def test_business_days_are_those_on_which_the_campaign_calls() -> None:
    of, monday = pool(), DAY.date()
    window = DialingWindow.of({"startDate": "2026-11-26", "endDate": "2026-11-28", "timeZone": "Central Standard Time"})
    assert [day.day for day in of.business_days(monday, 5, window)] == [26, 27, 28]
    nights = Pool(1, 1, None, CHICAGO, ((monday, ((0,) * 36 + (1,) * 12,) * 7),))
    assert nights.business_days(monday, 3, DialingWindow.of({"startTime": "09:00", "endTime": "17:00"})) == []


def test_windows_zones_are_those_of_an_independent_table() -> None:
    with Path("deploy/sandbox/ucce_simulator/zones.csv").open(newline="", encoding="utf-8") as file:
        theirs = {row["name"]: row["zone"] for row in csv.DictReader(file)}
    assert dict(WINDOWS_ZONES) == theirs


times = st.builds(lambda minute: f"{minute // 60:02}:{minute % 60:02}", st.integers(0, 24 * 60 - 1))
parameter_sets = st.fixed_dictionaries(
    {"timeZone": st.sampled_from(sorted(WINDOWS_ZONES))},
    optional={"startTime": times, "endTime": times, "startDate": st.sampled_from(["2026-03-08", "2026-11-01"]),
              "endDate": st.sampled_from(["2026-11-01", "2027-03-28"])},
)  # fmt: skip


@st.composite
def instants(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """A zone and a minute, often near a change of its clocks."""
    zone = ZoneInfo(draw(st.sampled_from(kinds_of_change())))
    near = draw(st.sampled_from(changes(zone) or (DAY,)))
    return zone, near + timedelta(minutes=draw(st.integers(-36 * 60, 36 * 60)))


def simulator_dials(parameters: dict[str, Any], zone: ZoneInfo, at: datetime) -> bool:
    """Whether the simulator would dial a contact imported with the bias that we send."""
    campaign = {"enabled": "true", "dialingMode": "PROGRESSIVEONLY", "reservationPercentage": "100", **parameters}
    sql, values = simulator.condition(campaign, at)
    row = sqlite3.connect(":memory:").execute(f"SELECT {sql} FROM (SELECT ? AS bias, 0 AS dst)",  # noqa: S608
                                              [*values, utc_bias(zone, at)]).fetchone()  # fmt: skip
    return bool(row[0]) and simulator.may_dial(campaign, at)


@settings(max_examples=300)
@given(parameter_sets, instants())
def test_we_say_what_the_simulator_does(parameters: dict[str, Any], where: tuple[ZoneInfo, datetime]) -> None:
    zone, at = where
    window = DialingWindow.of(parameters)
    if window.all_day:  # what is due in the last minute of the day waits there for the next one
        parameters.pop("startTime", None)
        parameters.pop("endTime", None)
    assert window.dials_at(at, zone) == simulator_dials(parameters, zone, at)


@settings(max_examples=150)
@given(parameter_sets, instants())
def test_a_day_has_exactly_the_minutes_that_are_dialled(
    parameters: dict[str, Any], where: tuple[ZoneInfo, datetime]
) -> None:
    zone, at = where
    of, window, day = pool(zone=zone), DialingWindow.of(parameters), at.astimezone(zone).date()
    clipped = {slot.start: slot for slot in of.day(day, window).slots}
    for slot in Pool(1, 1, None, zone, ((day, ROUND_THE_CLOCK),)).day(day, ALWAYS).slots:
        dialled = [minute for minute in range(30) if window.dials_at(slot.minute(minute), zone)]
        inside = clipped.get(slot.start)
        assert (inside is None) == (dialled == [])
        if inside:  # the first run of minutes, should a clock that is set back have left a gap
            run = list(range(inside.first_minute, inside.last_minute + 1))
            assert run == dialled[: len(run)]
            assert len(run) == len(dialled) or dialled[len(run)] != run[-1] + 1
