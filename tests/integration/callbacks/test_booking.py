"""A booking: the rows that it writes, and the pool that its place is taken from."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.callbacks.booking_request import BookingRequest
from shared.callbacks.lookup import find_by_account_number
from shared.db.models import Callback, CallbackEvent, CallbackRequest, DoNotCall, Pool, Skill, SkillSchedule, Slot
from shared.errors import Code
from tests.support.configured_database import NOW, World

NINE = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 09:00 in Chicago


def test_a_booking_writes_the_callback_its_event_and_its_request(world: World) -> None:
    data = {"customerId": "A-77", "reason": "Rechnung für März 🧾"}
    callback = world.book(
        phone="(312) 555-0142", start="2026-11-23T09:10", call_data=data, first_name="Zoë", last_name="O'Neill",
        agent_id="1042", call_id="call-1",
    ).callback  # fmt: skip
    (callback,) = world.rows(Callback)
    assert (callback.account_number, callback.status, callback.phone, callback.open_rank) == (
        callback.account_number, "scheduled", "+13125550142", 1)  # fmt: skip
    assert (callback.slot_start, callback.start_at, callback.due_at) == (NINE, *[NINE + timedelta(minutes=10)] * 2)
    assert (callback.call_data, callback.first_name, callback.agent_id) == (data, "Zoë", "1042")
    assert (callback.attempts, callback.batch_id, callback.outcome) == (0, None, None)
    (event,) = world.rows(CallbackEvent)
    assert (event.from_status, event.to_status, event.who, event.at) == (None, "scheduled", "client:ivr", NOW)
    (request,) = world.rows(CallbackRequest)
    assert (request.outcome, request.account_number, request.skill, request.campaign, request.call_id) == (
        "scheduled", callback.account_number, "Billing", "Billing_Callback", "call-1")  # fmt: skip


def test_the_answer_is_what_can_be_read_again(world: World) -> None:
    values: dict[str, Any] = {
        one.name: one.name for one in fields(BookingRequest) if one.default is None and one.name != "campaign"
    }
    values["time_zone"] = "America/Denver"
    callback = world.book(**values, call_data={"customerId": "A-77"}).callback
    assert find_by_account_number(world.database, world.config_cache, callback.account_number) == callback
    assert callback.slot_end - callback.slot_start == timedelta(minutes=30)
    assert callback.zone.key == "America/Chicago"


def test_an_account_number_has_26_characters_and_tells_its_time(world: World) -> None:
    first, second = world.book().callback, world.book(now=NOW + timedelta(seconds=1)).callback
    assert len(first.account_number) == 26
    assert first.account_number < second.account_number


def test_every_minute_of_a_slot_draws_from_the_same_places(world: World) -> None:
    for minute in ("00", "10", "29"):
        world.book(start=f"2026-11-23T09:{minute}")
    assert world.refusal(start="2026-11-23T09:15").code is Code.SLOT_FULL
    assert world.book(start="2026-11-23T09:30").callback.slot_start == NINE + timedelta(minutes=30)
    assert [(slot.start_at, slot.booked, slot.capacity) for slot in world.rows(Slot)] == [
        (NINE, 3, 3), (NINE + timedelta(minutes=30), 1, 3)]  # fmt: skip


def test_the_same_instant_may_be_written_in_any_offset(world: World) -> None:
    for start in ("2026-11-23T09:10", "2026-11-23T15:10Z", "2026-11-23T16:10+01:00"):
        assert world.book(start=start).callback.start == NINE + timedelta(minutes=10)
    assert world.drift() == []


def test_a_refused_request_leaves_nothing_but_its_request(world: World) -> None:
    world.refusal(start="2026-11-23T03:00", call_id="call-2")
    assert world.rows(Callback) == world.rows(CallbackEvent) == world.rows(Slot) == []
    (request,) = world.rows(CallbackRequest)
    assert (request.outcome, request.account_number, request.call_id) == ("start_in_past", None, "call-2")


def test_a_campaign_with_a_pool_of_its_own_does_not_draw_from_the_skills(world: World) -> None:
    own = world.add(Pool, skill_id=world.skill_id, campaign_id=world.campaign_id, time_zone="America/New_York")
    world.add(SkillSchedule, pool_id=own, weekly_schedule_id=world.weekly_id, starts_on=NOW.date(), version=1,
              changed_at=NOW)  # fmt: skip
    callback = world.book(start="2026-11-23T10:10").callback
    assert (callback.pool_id, callback.zone.key, callback.slot_start) == (own, "America/New_York", NINE)


def test_two_campaigns_of_a_skill_share_the_pool_of_the_skill(world: World) -> None:
    other = world.another_campaign("Billing_Evening")
    callbacks = [world.book(campaign=name).callback for name in (None, "Billing_Evening", "Billing_Evening")]
    assert {callback.pool_id for callback in callbacks} == {world.pool_id}
    assert [callback.campaign for callback in callbacks] == ["Billing_Callback", "Billing_Evening", "Billing_Evening"]
    assert world.refusal(campaign="Billing_Evening").code is Code.SLOT_FULL
    assert other in {callback.campaign_id for callback in world.rows(Callback)}


def test_a_skill_without_a_schedule_has_no_slot_and_no_alternatives(world: World) -> None:
    world.another_skill("Sales")
    refusal = world.refusal(skill="Sales", start="2026-11-24T09:10")
    assert refusal.code is Code.NO_SLOT
    assert refusal.extra["alternatives"] == []


def test_a_number_on_the_do_not_call_list_is_refused_however_it_is_written(world: World) -> None:
    world.add(DoNotCall, phone="+13125550142", added_at=NOW)
    for phone in ("+13125550142", "(312) 555-0142", "1-312-555-0142"):
        assert world.refusal(phone=phone).code is Code.DO_NOT_CALL


@pytest.mark.parametrize("brake", ["everywhere", "skill"])
def test_while_the_brake_is_on_nothing_is_booked_and_later_it_is_again(world: World, brake: str) -> None:
    def accept(yes: bool) -> None:
        if brake == "skill":
            world.configure(Skill, {"accepts_bookings": yes}, id=world.skill_id)
        else:
            world.settings(accept_bookings=yes)

    accept(False)
    assert world.refusal().code is Code.BOOKING_CLOSED
    accept(True)
    assert world.book().callback.status == "scheduled"
