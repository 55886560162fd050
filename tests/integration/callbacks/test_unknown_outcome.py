"""After a commit without an answer, which may or may not have reached the database, the work is done exactly once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from shared.callbacks.cancel_dispatch import cancel, dispatch_now
from shared.callbacks.lookup import find_by_account_number
from shared.callbacks.request_log import RequestLog, insert_request_now, request_values
from shared.callbacks.reschedule import reschedule
from shared.db.models import Callback, CallbackEvent, CallbackRequest, Slot
from shared.db.session import Database
from tests.support.configured_database import NOW, World
from tests.support.database_faults import lost_answers, lost_commits
from tests.support.until import until

Fault = Callable[[Database], AbstractContextManager[list[str]]]
pytestmark = pytest.mark.usefixtures("long_retry_budget")
faults = pytest.mark.parametrize("fault", [lost_answers, lost_commits])


@pytest.fixture
def world_with_slot(world: World) -> World:
    """The slot has its row already, so that the next commit is the booking's own."""
    world.book(start="2026-11-23T09:00")
    return world


@faults
@pytest.mark.parametrize("key", [None, "k-1"])
def test_a_booking_is_made_once_and_answered_as_the_first(
    world_with_slot: World, fault: Fault, key: str | None
) -> None:
    with fault(world_with_slot.database) as happened:
        booking = world_with_slot.book(key, start="2026-11-23T09:10")
    assert happened == ["lost"]
    assert not booking.replayed
    assert [row.account_number for row in world_with_slot.rows(Callback)][1:] == [booking.callback.account_number]
    assert len(world_with_slot.rows(CallbackRequest)) == len(world_with_slot.rows(CallbackEvent)) == 2
    assert world_with_slot.drift() == []


@faults
def test_a_lost_commit_of_the_first_booking_of_a_slot_leaves_one_row_and_one_place(world: World, fault: Fault) -> None:
    with fault(world.database):
        world.book()
    assert [slot.booked for slot in world.rows(Slot)] == [1]


@pytest.fixture
def before_the_second_run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Runs a function of others in the pause before the transaction is tried again."""

    def others(act: Callable[[], object]) -> None:
        def pause(_fault: object, _attempt: int) -> float:
            act()
            return 0.0

        monkeypatch.setattr("shared.db.session._pause", pause)

    return others


def test_a_booking_that_was_cancelled_before_its_outcome_was_known_is_still_found(
    world_with_slot: World, before_the_second_run: Callable[[Callable[[], object]], None]
) -> None:
    def cancel_it() -> None:
        cancel(world_with_slot.database, world_with_slot.rows(Callback)[-1].account_number, now=NOW, who="user:b")

    before_the_second_run(cancel_it)
    with lost_answers(world_with_slot.database):
        booking = world_with_slot.book(start="2026-11-23T09:10")
    assert booking.callback.status == "cancelled"
    assert len(world_with_slot.rows(Callback)) == 2
    assert world_with_slot.drift() == []


def test_a_booking_that_was_committed_before_the_brake_is_not_answered_with_a_refusal(
    world_with_slot: World, before_the_second_run: Callable[[Callable[[], object]], None]
) -> None:
    before_the_second_run(lambda: world_with_slot.settings(accept_bookings=False))
    with lost_answers(world_with_slot.database):
        booking = world_with_slot.book(start="2026-11-23T09:10")
    assert booking.callback.status == "scheduled"
    assert [row.outcome for row in world_with_slot.rows(CallbackRequest)] == ["scheduled", "scheduled"]


@faults
def test_a_cancel_frees_the_place_once(world_with_slot: World, fault: Fault) -> None:
    number = world_with_slot.rows(Callback)[0].account_number
    with fault(world_with_slot.database):
        cancel(world_with_slot.database, number, now=NOW, who="client:ivr")
    assert [slot.booked for slot in world_with_slot.rows(Slot)] == [0]
    assert [event.to_status for event in world_with_slot.rows(CallbackEvent)] == ["scheduled", "cancelled"]


@faults
def test_a_move_is_made_once_and_stands_in_the_timeline_once(world_with_slot: World, fault: Fault) -> None:
    world_with_slot.book(start="2026-11-23T10:00")  # the other slot has its row too
    number = world_with_slot.rows(Callback)[0].account_number
    with fault(world_with_slot.database):
        moved = reschedule(
            world_with_slot.database,
            world_with_slot.config_cache,
            number,
            "2026-11-23T10:10",
            now=NOW,
            who="client:ivr",
        )
    assert moved == find_by_account_number(world_with_slot.database, world_with_slot.config_cache, number)
    assert [slot.booked for slot in world_with_slot.rows(Slot)] == [0, 2]
    assert len(world_with_slot.rows(CallbackEvent, account_number=number)) == 2


@faults
def test_a_dispatch_stands_in_the_timeline_once(world_with_slot: World, fault: Fault) -> None:
    number = world_with_slot.rows(Callback)[0].account_number
    with fault(world_with_slot.database):
        dispatch_now(
            world_with_slot.database, world_with_slot.config_cache, number, now=NOW + timedelta(minutes=1), who="user:a"
        )
    assert world_with_slot.rows(Callback)[0].due_at == NOW + timedelta(minutes=1)
    assert len(world_with_slot.rows(CallbackEvent, account_number=number)) == 2


@faults
def test_the_end_of_an_offer_is_recorded_once(world: World, fault: Fault) -> None:
    with fault(world.database) as happened:
        insert_request_now(world.database, request_values(NOW, "declined", source="ivr"))
    assert happened == ["lost"]
    assert [row.outcome for row in world.rows(CallbackRequest)] == ["declined"]


@faults
@pytest.mark.parametrize("key", [None, "k-1"])
def test_a_refusal_is_recorded_once(world: World, fault: Fault, key: str | None) -> None:
    with fault(world.database) as happened:
        refusal = world.refusal(key, phone="+19005550123")
    assert (happened, refusal.code) == (["lost"], "phone_not_allowed")
    assert [row.outcome for row in world.rows(CallbackRequest)] == ["phone_not_allowed"]


@faults
def test_a_batch_of_questions_is_recorded_once(world: World, fault: Fault) -> None:
    log = RequestLog(world.database)
    with fault(world.database) as happened:
        for number in range(700):  # more than a batch
            log.put(request_values(NOW, "asked", source="ivr", call_id=f"call-{number}"))
        log.close()
    assert happened == ["lost"]
    assert sorted(row.call_id for row in world.rows(CallbackRequest)) == sorted(f"call-{n}" for n in range(700))
    assert log.dropped == 0


def test_questions_that_are_put_back_after_a_lost_answer_are_recorded_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.db.session.MAX_ATTEMPTS", 1)
    monkeypatch.setattr(RequestLog, "INTERVAL_SECONDS", 0.01)
    log = RequestLog(world.database)
    with lost_answers(world.database) as happened:
        for _ in range(10):
            log.put(request_values(NOW, "asked", source="ivr"))
        until(lambda: happened)
        log.put(request_values(NOW, "asked", source="ivr"))
        log.close()
    assert len(world.rows(CallbackRequest)) == 11
