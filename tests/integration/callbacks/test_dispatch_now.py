"""Dispatching a callback at once, and the transitions in its timeline."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from shared.callbacks.cancel_dispatch import dispatch_now
from shared.callbacks.states import LEGAL, Status
from shared.callbacks.transitions import transition_one
from shared.db.models import Callback, CallbackEvent, Slot
from shared.errors import Code, DomainError
from tests.support.configured_database import NOW, World


def test_a_dispatched_callback_is_due_now_and_keeps_its_place_and_its_start(world: World) -> None:
    booked = world.book().callback
    dispatch_now(world.database, world.config_cache, f"{booked.account_number}-01", now=NOW, who="user:ann")
    (callback,) = world.rows(Callback)
    assert (callback.status, callback.due_at, callback.start_at) == ("scheduled", NOW, booked.start)
    assert [slot.booked for slot in world.rows(Slot)] == [1]
    assert world.rows(CallbackEvent)[-1].who == "user:ann"


def test_a_callback_that_is_due_already_is_left_alone(world: World) -> None:
    booked = world.book().callback
    later = booked.start + timedelta(minutes=5)
    dispatch_now(world.database, world.config_cache, booked.account_number, now=later, who="user:ann")
    assert world.rows(Callback)[0].due_at == booked.start
    assert len(world.rows(CallbackEvent)) == 1


@pytest.mark.parametrize("status", [status for status in Status if status != "scheduled"])
def test_only_a_scheduled_callback_can_be_dispatched(world: World, status: Status) -> None:
    number = world.book().callback.account_number
    with world.database.writing() as tx:
        tx.execute(update(Callback).values(status=status))
        tx.commit()
    with pytest.raises(DomainError) as refused:
        dispatch_now(world.database, world.config_cache, number, now=NOW, who="user:ann")
    assert refused.value.code is Code.NOT_DISPATCHABLE


def test_a_callback_of_nobody_cannot_be_dispatched(world: World) -> None:
    with pytest.raises(DomainError, match="unknown_callback"):
        dispatch_now(world.database, world.config_cache, "01ARZ3NDEKTSV4RRFFQ69G5FAV", now=NOW, who="user:ann")


def test_every_legal_path_of_a_callback_can_be_taken_and_stands_in_its_timeline(world: World) -> None:
    lives = [
        ["cancelled"],
        ["expired"],
        ["importing", "failed"],
        ["importing", "imported", "completed"],
        ["importing", "imported", "failed"],
        ["importing", "scheduled", "importing", "imported", "scheduled", "scheduled", "cancelled"],
    ]
    for hour, life in enumerate(lives, start=9):
        number, now_in = world.book(start=f"2026-11-23T{hour:02}:10").callback.account_number, Status.SCHEDULED
        for word in life:
            with world.database.writing() as tx:
                moved = transition_one(tx, number, now_in, Status(word), now=NOW, who="worker:a", why="test")
                tx.commit()
            assert moved
            now_in = Status(word)
        timeline = [event.to_status for event in world.rows(CallbackEvent, account_number=number)]
        assert timeline == ["scheduled", *life]


@pytest.mark.parametrize(("before", "after"), [(a, b) for a in Status for b in Status if (a, b) not in LEGAL], ids=str)
def test_an_illegal_transition_raises_and_changes_nothing(world: World, before: Status, after: Status) -> None:
    with world.database.writing() as tx, pytest.raises(ValueError, match="not a legal transition"):
        transition_one(tx, "01ARZ3NDEKTSV4RRFFQ69G5FAV", before, after, now=NOW, who="worker:a", why="test")


def test_a_transition_from_a_state_that_the_callback_has_left_does_nothing(world: World) -> None:
    number = world.book().callback.account_number
    with world.database.writing() as tx:
        assert not transition_one(
            tx, number, Status.IMPORTING, Status.IMPORTED, now=NOW, who="worker:a", why="late", batch_id="x"
        )
        tx.commit()
    assert world.rows(Callback)[0].batch_id is None
    assert len(world.rows(CallbackEvent)) == 1


def test_a_callback_that_goes_back_to_scheduled_stays_open_and_a_final_one_does_not(world: World) -> None:
    number = world.book().callback.account_number
    ranks = []
    path = [Status.SCHEDULED, Status.IMPORTING, Status.SCHEDULED, Status.IMPORTING, Status.FAILED]
    for before, after in pairwise(path):
        with world.database.writing() as tx:
            transition_one(tx, number, before, after, now=NOW, who="worker:a", why="test")
            tx.commit()
        ranks.append(world.rows(Callback)[0].open_rank)
    assert ranks == [1, 1, 1, None]
