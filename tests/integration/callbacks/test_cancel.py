"""A cancel frees the place exactly once, also with concurrent cancels and moves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.reschedule import reschedule
from shared.callbacks.states import Status
from shared.db.models import Callback, CallbackEvent, Slot
from shared.errors import Code, DomainError
from tests.support.configured_database import NOW, World


def drop(world: World, number: str, why: str = "cancelled") -> None:
    cancel(world.database, number, now=NOW + timedelta(minutes=1), who="client:ivr", why=why)


def test_a_cancelled_callback_frees_its_place_and_its_number(world: World) -> None:
    number = world.book(phone="+13125550142").callback.account_number
    drop(world, number, why="the caller found the invoice")
    (callback,) = world.rows(Callback)
    assert (callback.status, callback.open_rank, callback.reason) == ("cancelled", None, "the caller found the invoice")
    assert callback.changed_at == NOW + timedelta(minutes=1)
    assert [slot.booked for slot in world.rows(Slot)] == [0]
    event = world.rows(CallbackEvent)[-1]
    assert (event.from_status, event.to_status, event.who, event.why) == (
        "scheduled", "cancelled", "client:ivr", "the caller found the invoice")  # fmt: skip


def test_cancelling_again_does_nothing(world: World) -> None:
    number = world.book().callback.account_number
    world.book()
    for _ in range(3):
        drop(world, number)
    assert [slot.booked for slot in world.rows(Slot)] == [1]
    assert len(world.rows(CallbackEvent, account_number=number)) == 2


def test_an_attempt_suffix_and_small_letters_name_the_same_callback(world: World) -> None:
    number = world.book().callback.account_number
    drop(world, f"{number.lower()}-01")
    assert world.rows(Callback)[0].status == "cancelled"


@pytest.mark.parametrize("number", ["", "1", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAV-1", "x" * 5000,
                                    "01ARZ3NDEKTSV4RRFFQ69G5FA\x00", "' OR 1=1 --"])  # fmt: skip
def test_an_account_number_of_nobody_is_unknown(world: World, number: str) -> None:
    with pytest.raises(DomainError) as refused:
        drop(world, number)
    assert refused.value.code is Code.UNKNOWN_CALLBACK


@pytest.mark.parametrize("status", [status for status in Status if status not in ("scheduled", "cancelled")])
def test_a_callback_that_left_scheduled_cannot_be_cancelled_and_keeps_its_place(world: World, status: Status) -> None:
    number = world.book().callback.account_number
    with world.database.writing() as tx:
        tx.execute(update(Callback).values(status=status))
        tx.commit()
    with pytest.raises(DomainError) as refused:
        drop(world, number)
    assert refused.value.code is Code.NOT_CANCELLABLE
    assert status in refused.value.detail
    assert [slot.booked for slot in world.rows(Slot)] == [1]


def test_a_reason_of_any_length_fits(world: World) -> None:
    number = world.book().callback.account_number
    drop(world, number, why="because " * 200)
    assert len(world.rows(CallbackEvent)[-1].why) == len(world.rows(Callback)[0].reason) == 500


def test_many_who_cancel_at_once_free_one_place(world: World) -> None:
    number = world.book().callback.account_number
    world.book()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: drop(world, number), range(16)))
    assert [slot.booked for slot in world.rows(Slot)] == [1]
    assert world.drift() == []


def test_a_cancel_during_a_move_frees_the_place_that_the_callback_really_has(world: World) -> None:
    for _ in range(12):
        number = world.book(start="2026-11-23T09:00").callback.account_number

        def move(number: str = number) -> None:
            try:
                reschedule(world.database, world.config_cache, number, "2026-11-24T15:00", now=NOW, who="client:ivr")
            except DomainError as refusal:
                assert refusal.code is Code.NOT_RESCHEDULABLE

        with ThreadPoolExecutor(2) as threads:
            both = [threads.submit(move), threads.submit(drop, world, number)]
        assert [each.result() for each in both] == [None, None]
        assert world.drift() == []
    assert {callback.status for callback in world.rows(Callback)} == {"cancelled"}
