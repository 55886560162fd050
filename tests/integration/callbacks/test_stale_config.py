"""A node with an outdated configuration snapshot neither books nor refuses anything wrongly."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete

from shared.callbacks import booking
from shared.callbacks.booking_reads import read_booking_state
from shared.callbacks.capacity import take_place
from shared.callbacks.config_cache import bump_version
from shared.callbacks.reschedule import reschedule
from shared.db.models import Callback, Campaign, CampaignSkill, DailySchedule, Slot
from shared.db.session import Database
from shared.errors import Code, DomainError
from tests.support.configured_database import NOW, World


@pytest.fixture
def other_node(world: World, connect: Callable[..., Database]) -> World:
    """Another node, on which the configuration is changed; `world` has loaded its snapshot before."""
    world.config_cache.current()
    return world.on(connect())


def lower(admin: World, capacity: int) -> None:
    admin.configure(DailySchedule, {"capacities": [capacity] * 48}, id=admin.daily_id)


def test_a_stale_snapshot_cannot_book_what_the_new_one_no_longer_has(world: World, other_node: World) -> None:
    lower(other_node, 0)
    assert world.refusal().code is Code.NO_SLOT
    assert world.rows(Callback) == []


def test_a_stale_snapshot_cannot_book_beyond_a_lowered_capacity(world: World, other_node: World) -> None:
    world.book()
    world.config_cache.current()
    lower(other_node, 1)
    assert world.refusal().code is Code.SLOT_FULL


def test_a_stale_snapshot_does_not_refuse_what_the_new_one_has(world: World, other_node: World) -> None:
    for _ in range(3):
        world.book()
    lower(other_node, 4)
    assert world.book().callback.status == "scheduled"
    other_node.another_skill("New")
    assert world.refusal(skill="New").code is Code.NO_SLOT  # known, but without a schedule
    assert world.drift() == []


def test_taking_a_place_checks_the_version_of_the_configuration(world: World, other_node: World) -> None:
    stale = world.config_cache.current()
    pool = stale.pool_by_id[world.pool_id]
    slot = pool.slot_at(world.book().callback.start)
    assert slot is not None
    lower(other_node, 3)  # the same schedule: only the version tells
    with world.database.writing() as tx:
        assert not take_place(tx, pool.id, slot, stale.version)
        assert take_place(tx, pool.id, slot, stale.version + 1)


@pytest.fixture
def booked_number(world: World) -> str:
    """A number with an open callback that may have a second one, whose booking must count the open ones first."""
    world.settings(open_callbacks_per_number=2)
    return world.book(start="2026-11-23T12:00").callback.phone


def test_a_change_between_the_look_and_the_booking_is_noticed(
    world: World, other_node: World, booked_number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def and_then_lower(*given: Any) -> Any:
        seen = read_booking_state(*given)
        monkeypatch.setattr(booking, "read_booking_state", read_booking_state)
        lower(other_node, 0)
        return seen

    monkeypatch.setattr(booking, "read_booking_state", and_then_lower)
    assert world.refusal(phone=booked_number).code is Code.NO_SLOT
    assert len(world.rows(Slot)) == len(world.rows(Callback)) == 1


def test_what_an_administrator_deletes_meanwhile_is_refused_as_unknown(
    world: World, other_node: World, booked_number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = other_node.another_campaign("Evening")
    world.config_cache.reload()

    def and_then_delete(*given: Any) -> Any:
        seen = read_booking_state(*given)
        with other_node.database.writing() as tx:
            tx.execute(delete(CampaignSkill).where(CampaignSkill.campaign_id == key))
            tx.execute(delete(Campaign).where(Campaign.id == key))
            bump_version(tx)
            tx.commit()
        return seen

    monkeypatch.setattr(booking, "read_booking_state", and_then_delete)
    assert world.refusal(phone=booked_number, campaign="Evening").code is Code.UNKNOWN_CAMPAIGN


def test_lowered_capacity_keeps_what_is_booked_and_takes_no_more(world: World, other_node: World) -> None:
    for _ in range(3):
        world.book(start="2026-11-23T09:00")
    lower(other_node, 1)
    assert world.refusal(start="2026-11-23T09:00").code is Code.SLOT_FULL
    (slot,) = world.rows(Slot)
    assert (slot.booked, len(world.rows(Callback, status="scheduled"))) == (3, 3)
    number = world.rows(Callback)[0].account_number
    moved = reschedule(world.database, world.config_cache, number, "2026-11-23T09:20", now=NOW, who="client:ivr")
    assert moved.slot_start == slot.start_at  # another minute of its own slot needs no place


def test_a_stale_snapshot_cannot_move_a_callback_into_a_slot_that_is_gone(world: World, other_node: World) -> None:
    number = world.book(start="2026-11-23T09:00").callback.account_number
    world.config_cache.current()
    other_node.configure(DailySchedule, {"capacities": [3] * 20 + [0] * 28}, id=other_node.daily_id)
    with pytest.raises(DomainError, match="no_slot"):
        reschedule(world.database, world.config_cache, number, "2026-11-23T15:00", now=NOW, who="client:ivr")
    assert world.drift() == []


def test_another_process_cannot_book_by_its_old_snapshot(world: World, database_url: str) -> None:
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.callbacks.stale_config_process", database_url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "loaded\n"
    lower(world, 0)
    answer, _ = other.communicate("book\n", timeout=30)
    assert answer == "no_slot\n"
