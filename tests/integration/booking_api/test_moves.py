"""A move obeys the rules of a booking: the current configuration, the do-not-call list, the brakes."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from shared.callbacks import reschedule
from shared.callbacks.booking_reads import read_booking_state
from shared.db import models
from tests.support.admin_api import Browser
from tests.support.booking_api import Api, code
from tests.support.configured_database import NOW, World, phone


def move(api: Api, number: str, start: str = "2026-11-24T10:10:00-06:00", **how: Any) -> Any:
    return api.post(f"/api/v1/callbacks/{number}/reschedule", json={"start": start}, **how)


def block(world: World, number: str) -> None:
    world.add(models.DoNotCall, phone=number, added_at=NOW)


def own_pool(world: World, zone: str = "America/Chicago", capacity: int = 3) -> int:
    """Give the campaign a pool of its own for the skill; bookings go there from now on."""
    pool: int = world.add(models.Pool, skill_id=world.skill_id, campaign_id=world.campaign_id, time_zone=zone)
    daily = world.add(models.DailySchedule, name="Own", capacities=[capacity] * 48, changed_at=NOW, version=1)
    week = {f"{day}_id": daily for day in
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}  # fmt: skip
    weekly = world.add(models.WeeklySchedule, name="Own", changed_at=NOW, version=1, **week)
    world.add(models.SkillSchedule, pool_id=pool, weekly_schedule_id=weekly, starts_on=date(2026, 1, 1), version=1,
              changed_at=NOW)  # fmt: skip
    return pool


def serve_no_more(world: World) -> None:
    """The campaign serves another skill instead."""
    sales = world.add(models.Skill, name="Sales", default_campaign_id=None, accepts_bookings=True, version=1,
                      changed_at=NOW)  # fmt: skip
    world.configure(models.CampaignSkill, {"skill_id": sales}, skill_id=world.skill_id)


REASONS: list[tuple[Callable[[World], None], str]] = [
    (lambda world: world.configure(models.Campaign, {"enabled": False}), "campaign_not_available"),
    (serve_no_more, "campaign_not_available"),
    (lambda world: world.settings(accept_bookings=False), "booking_closed"),
    (lambda world: world.configure(models.Skill, {"accepts_bookings": False}), "booking_closed"),
    (lambda world: world.settings(allowed_countries=["GB"]), "phone_not_allowed"),
    (lambda world: block(world, "+13125550142"), "do_not_call"),
    (lambda world: world.configure(models.DailySchedule, {"capacities": [0] * 48}), "no_slot"),
]  # fmt: skip


@pytest.mark.parametrize("start", ["2026-11-24T10:10:00-06:00", "the one it has"])
@pytest.mark.parametrize(("change", "refusal"), REASONS, ids=[f"{i}-{name}" for i, (_, name) in enumerate(REASONS)])
def test_what_refuses_a_booking_refuses_a_move_and_the_callback_stays_where_it_is(
    api: Api, change: Callable[[World], None], refusal: str, start: str
) -> None:
    number = api.booked(phone="+13125550142")
    before = api.get(f"/api/v1/callbacks/{number}").json
    change(api.world)

    refused = move(api, number, before["start"] if start == "the one it has" else start)

    assert refused.json["code"] == refusal
    assert api.book(phone="+13125550143" if refusal != "do_not_call" else "+13125550142").json["code"] == refusal
    assert api.get(f"/api/v1/callbacks/{number}").json == before
    assert api.world.drift() == []


@pytest.mark.parametrize(("change", "refusal"), REASONS, ids=[f"{i}-{name}" for i, (_, name) in enumerate(REASONS)])
def test_the_portal_moves_by_the_same_rules(
    world: World, operator: Browser, change: Callable[[World], None], refusal: str
) -> None:
    number = world.book(phone="+13125550142").callback.account_number
    change(world)

    refused = operator.post(f"/callbacks/{number}/reschedule", {"start": "2026-11-24T10:10:00-06:00"})

    assert refused.json["code"] == refusal
    assert [row.slot_start.hour for row in world.rows(models.Callback)] == [15]


def test_a_number_that_is_blocked_between_the_look_and_the_write_is_not_moved(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = api.booked(phone="+13125550142")

    def and_then_block(*given: Any) -> Any:
        seen = read_booking_state(*given)
        monkeypatch.setattr(reschedule, "read_booking_state", read_booking_state)
        block(api.world, "+13125550142")
        return seen

    monkeypatch.setattr(reschedule, "read_booking_state", and_then_block)

    assert move(api, number).json["code"] == "do_not_call"
    assert len(api.world.rows(models.CallbackEvent)) == 1
    assert api.world.drift() == []


def test_its_own_place_is_no_duplicate_and_needs_no_room(api: Api) -> None:
    number = api.booked()
    for _ in range(2):
        api.booked()  # the slot is full

    moved = move(api, number, "2026-11-23T09:29:00-06:00")

    assert (moved.status_code, moved.json["start"]) == (200, "2026-11-23T09:29:00-06:00")
    assert [row.booked for row in api.world.rows(models.Slot)] == [3]


def test_a_move_goes_to_the_pool_of_today_and_offers_what_availability_shows(api: Api) -> None:
    number = api.booked()
    pool = own_pool(api.world, capacity=1)
    api.booked(start="2026-11-24T10:00:00-06:00")

    full = move(api, number, "2026-11-24T10:10:00-06:00")

    assert code(full) == (409, "slot_full")
    shown = api.availability(detail="slots", date="2026-11-24").json["days"][0]["slots"]
    assert all(slot in shown for slot in full.json["alternatives"])
    assert [slot["start"][11:16] for slot in full.json["alternatives"]] == ["09:30", "10:30", "11:00"]
    assert {slot["available"] for slot in full.json["alternatives"]} == {1}

    moved = move(api, number, full.json["alternatives"][0]["start"])

    assert moved.status_code == 200
    booked = {(row.pool_id, row.start_at.hour, row.start_at.minute): row.booked for row in api.world.rows(models.Slot)}
    assert booked == {(api.world.pool_id, 15, 0): 0, (pool, 16, 0): 1, (pool, 15, 30): 1}
    assert api.world.drift() == []


def test_a_callback_in_an_old_pool_can_move_to_the_same_time_in_the_new_one(api: Api) -> None:
    number = api.booked(start="2026-11-23T09:10:00-06:00")
    pool = own_pool(api.world, zone="Asia/Tokyo")

    moved = move(api, number, "2026-11-23T09:10:00-06:00")

    assert moved.json["start"] == "2026-11-24T00:10:00+09:00"
    assert datetime.fromisoformat(moved.json["slotStart"]).isoformat() == "2026-11-24T00:00:00+09:00"
    assert [(row.pool_id, row.booked) for row in api.world.rows(models.Slot)] == [(api.world.pool_id, 0), (pool, 1)]
    assert api.world.drift() == []


def test_a_number_with_as_many_callbacks_as_are_allowed_may_move_each(api: Api) -> None:
    api.world.settings(open_callbacks_per_number=2)
    number = phone()
    both = [api.booked(phone=number, start=f"2026-11-23T{hour}:00:00-06:00") for hour in ("09", "11")]
    api.world.settings(open_callbacks_per_number=1)  # a move adds no open callback

    assert [move(api, one, f"2026-11-24T1{n}:00:00-06:00").status_code for n, one in enumerate(both)] == [200, 200]


def test_a_stale_node_does_not_move_by_the_campaign_of_yesterday(api: Api) -> None:
    number = api.booked()
    other = api.world.on(api.world.database)
    other.configure(models.Campaign, {"enabled": False})  # this node has not looked since

    assert move(api, number).json["code"] == "campaign_not_available"
