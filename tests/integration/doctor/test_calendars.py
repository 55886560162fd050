"""Doctor holds a campaign's own window in UCCE against the schedule of its skills."""

from dataclasses import replace
from datetime import timedelta

import pytest
from environs import Env

from deploy.doctor import calendars
from deploy.doctor.finding import Finding, Verdict
from shared.config import common_settings
from shared.db import models
from tests.support.configured_database import NOW, World


def findings(world: World, url: str) -> list[Finding]:
    settings = replace(common_settings(Env()), database_url=url, database_timeout=10.0)
    return list(calendars.check(settings, NOW))


def window(world: World, **parameters: str) -> None:
    world.configure(models.Campaign, {"parameters": {"timeZone": "Central Standard Time", **parameters}})


def test_windows_that_leave_every_slot_are_ok(world: World, database_url: str) -> None:
    window(world, startTime="00:00", endTime="23:59", endDate="2027-11-23")

    (found,) = findings(world, database_url)

    assert found.verdict is Verdict.OK


@pytest.mark.parametrize(
    "parameters",
    [{"endDate": "2026-11-22"}, {"startDate": "2027-01-01"}, {"startTime": "18:00", "endTime": "20:00"}],
)
def test_a_window_without_any_slot_is_a_failure(world: World, database_url: str, parameters: dict[str, str]) -> None:
    world.configure(models.DailySchedule, {"capacities": [0] * 18 + [3] * 16 + [0] * 14}, id=world.daily_id)
    window(world, **parameters)

    (found,) = findings(world, database_url)

    assert found.verdict is Verdict.FAILED
    assert "'Billing_Callback' calls in none of the 224 slots of 'Billing'" in found.text
    assert parameters[min(parameters)] in found.cure


def test_a_window_that_cuts_some_slots_off_is_a_warning_with_their_number(world: World, database_url: str) -> None:
    window(world, startTime="09:10", endTime="10:00")  # the half hour from 09:00 has minutes left

    (found,) = findings(world, database_url)

    assert found.verdict is Verdict.WARNING
    assert f"does not call in {14 * 46} of the {14 * 48} slots" in found.text
    assert "from 09:10 until 10:00" in found.cure


def test_the_window_of_a_disabled_campaign_is_not_judged(world: World, database_url: str) -> None:
    window(world, endDate=(NOW - timedelta(days=9)).date().isoformat())
    world.configure(models.Campaign, {"enabled": False})

    assert [found.verdict for found in findings(world, database_url)] == [Verdict.OK]


def test_without_a_database_the_check_is_left_out_and_makes_none(world: World, tmp_path: object) -> None:
    (found,) = findings(world, f"sqlite:///{tmp_path}/nowhere.db")

    assert found.verdict is Verdict.SKIPPED


@pytest.mark.parametrize(
    ("start", "end", "verdict"), [("18:00", "24:00", Verdict.FAILED), ("16:45", "24:00", Verdict.OK)]
)
def test_calling_hours_that_leave_no_slot_are_a_failure(
    world: World, database_url: str, start: str, end: str, verdict: Verdict
) -> None:
    world.configure(models.DailySchedule, {"capacities": [0] * 18 + [3] * 16 + [0] * 14}, id=world.daily_id)
    world.configure(models.Campaign, {"calling_hours_start": start, "calling_hours_end": end})

    (found,) = findings(world, database_url)

    assert found.verdict is verdict
    if verdict is Verdict.FAILED:
        assert f"'Billing_Callback', from {start} until {end}, leave none of the 224 slots of 'Billing'" in found.text
