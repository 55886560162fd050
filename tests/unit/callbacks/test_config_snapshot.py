"""The snapshot: which capacities are in force when, and what is a business day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from shared.callbacks.config_snapshot import Pool, build
from shared.callbacks.settings import BusinessSettings
from tests.support.config_snapshots import CHICAGO

ONE, TWO, NONE = (1,) * 48, (2,) * 48, (0,) * 48
MONDAY = date(2026, 11, 23)


def row(**values: Any) -> SimpleNamespace:
    return SimpleNamespace(**values)


def weekly(key: int, *days: int | None) -> SimpleNamespace:
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return row(id=key, **{f"{name}_id": day for name, day in zip(names, days, strict=True)})


def pool(*assignments: tuple[date, Any]) -> Pool:
    return Pool(1, 1, None, CHICAGO, assignments)


def tables(**given: list[Any]) -> Mapping[str, list[Any]]:
    names = ("skill", "campaign", "campaign_skill", "daily_schedule", "weekly_schedule", "pool", "skill_schedule",
             "setting", "api_client")  # fmt: skip
    return {name: given.get(name, []) for name in names}


def test_an_assignment_holds_from_its_date_until_the_next() -> None:
    of = pool((MONDAY, (ONE,) * 7), (MONDAY + timedelta(days=7), (TWO,) * 7), (MONDAY + timedelta(days=14), None))
    days = (-1, 0, 6, 7, 13, 14, 400)
    assert [of.capacities(MONDAY + timedelta(days=day)) for day in days] == [None, ONE, ONE, TWO, TWO, None, None]


def test_each_weekday_has_its_own_capacities() -> None:
    of = pool((date(2020, 1, 1), (ONE, TWO, NONE, None, ONE, None, None)))
    assert [of.capacities(MONDAY + timedelta(days=day)) for day in range(7)] == [ONE, TWO, NONE, None, ONE, None, None]


def test_a_business_day_is_one_with_any_capacity() -> None:
    of = pool((date(2020, 1, 1), (ONE, NONE, None, (0,) * 47 + (1,), None, None, None)))
    assert [of.is_business_day(MONDAY + timedelta(days=day)) for day in range(4)] == [True, False, False, True]


def test_the_next_business_days_leave_out_the_others() -> None:
    of = pool((date(2020, 1, 1), (ONE, ONE, NONE, ONE, ONE, None, None)))
    found = of.business_days(MONDAY, 5)
    assert [day.strftime("%a %d") for day in found] == ["Mon 23", "Tue 24", "Thu 26", "Fri 27", "Mon 30"]


def test_a_schedule_that_ends_has_fewer_business_days_and_an_empty_one_none() -> None:
    ending = pool((date(2020, 1, 1), (ONE,) * 7), (MONDAY + timedelta(days=2), None))
    assert ending.business_days(MONDAY, 3) == [MONDAY, MONDAY + timedelta(days=1)]
    assert pool((date(2020, 1, 1), (NONE,) * 7)).business_days(MONDAY, 3) == []


def test_one_business_day_a_week_is_enough_to_find_fourteen() -> None:
    of = pool((date(2020, 1, 1), (ONE, None, None, None, None, None, None)))
    assert len(of.business_days(MONDAY, 14)) == 14


def test_a_day_is_expanded_once() -> None:
    of = pool((date(2020, 1, 1), (ONE,) * 7))
    assert of.day(MONDAY) is of.day(MONDAY)


def test_a_snapshot_is_built_from_the_rows_of_its_tables() -> None:
    built = build(7, tables(
        skill=[row(id=1, name="Billing", default_campaign_id=1, accepts_bookings=True)],
        campaign=[row(id=1, name="Evening", enabled=False, parameters={"startTime": "18:00", "endTime": "21:00"},
                      personal_callbacks="agentNextSlot", agent_wait_minutes=3, observed=None,
                      calling_hours_start="09:30", calling_hours_end="24:00"),
                  row(id=2, name="Idle", enabled=True, parameters={}, personal_callbacks="agentThenSkill",
                      agent_wait_minutes=0, observed={"startTime": "07:00", "endTime": "21:00"},
                      calling_hours_start="08:00", calling_hours_end="21:00")],
        campaign_skill=[row(campaign_id=1, skill_id=1), row(campaign_id=1, skill_id=9)],
        daily_schedule=[row(id=5, capacities=[1] * 48)],
        weekly_schedule=[weekly(6, 5, None, None, None, None, None, 5)],
        pool=[row(id=3, skill_id=1, campaign_id=None, time_zone="America/Chicago"),
              row(id=4, skill_id=1, campaign_id=1, time_zone="Europe/Berlin")],
        skill_schedule=[row(pool_id=3, weekly_schedule_id=None, starts_on=date(2027, 1, 1)),
                        row(pool_id=3, weekly_schedule_id=6, starts_on=date(2026, 1, 1))],
        setting=[row(name="minimum_notice_minutes", value=5), row(name="of_a_newer_version", value=1)],
        api_client=[row(id=8, name="ivr", key_hash="ab", enabled=True, scopes=["ivr"], rate_per_second=None,
                        always_200=True, previous_key_hash="cd", previous_key_ends_at=datetime(2027, 1, 1, tzinfo=UTC)),
                    row(id=9, name="own", key_hash="ef", enabled=True, scopes=["ivr"], rate_per_second=3,
                        always_200=False, previous_key_hash=None, previous_key_ends_at=None)],
    ))  # fmt: skip
    billing, evening = built.skill_named("BILLING "), built.campaign_named("evening")
    assert billing and evening
    assert built.version == 7
    assert (evening.window.opens, evening.window.closes) == (18 * 60, 21 * 60)
    idle = built.campaign_by_id[2].window
    assert (idle.opens, idle.closes) == (7 * 60, 21 * 60)
    assert (evening.calling_hours.opens, evening.calling_hours.closes) == (9 * 60 + 30, 24 * 60)
    assert evening.skill_ids == {1, 9}
    assert (evening.agent_policy("1042"), evening.agent_wait_seconds("1042")) == ("agentNextSlot", 180)
    assert (evening.agent_policy(None), evening.agent_wait_seconds(None)) == (None, None)
    assert built.campaign_by_id[2].skill_ids == frozenset()
    assert built.settings == BusinessSettings(minimum_notice_minutes=5)
    assert {key: (one.id, one.previous_key, one.rate_per_second) for key, one in built.clients.items()} == {
        "ab": (8, False, 50), "cd": (8, True, 50), "ef": (9, False, 3),
    }  # fmt: skip
    assert built.clients["cd"].ends_at == datetime(2027, 1, 1, tzinfo=UTC)
    assert built.clients["ab"].scopes == {"ivr"}
    assert {key: one.always_200 for key, one in built.clients.items()} == {"ab": True, "cd": True, "ef": False}
    assert built.pool_of(billing, None) is built.pool_by_id[3]
    assert built.pool_of(billing, evening) is built.pool_by_id[4]
    assert built.pool_by_id[3].assignments == (
        (date(2026, 1, 1), (ONE, None, None, None, None, None, ONE)), (date(2027, 1, 1), None))  # fmt: skip


def test_a_snapshot_cannot_be_changed() -> None:
    built = build(1, tables())
    with pytest.raises(AttributeError):
        built.version = 2  # type: ignore[misc]  # mypy refuses it too


def test_settings_have_defaults_that_work_and_tuples_for_lists() -> None:
    assert BusinessSettings.from_rows({}) == BusinessSettings()
    assert BusinessSettings.from_rows({"allowed_countries": ["GB", "IE"]}).allowed_countries == ("GB", "IE")
