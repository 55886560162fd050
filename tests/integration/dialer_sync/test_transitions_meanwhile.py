"""A callback that changes between a step's SELECT and its UPDATE is left alone, and the slots' counts stay correct.

Once with the change made exactly between the two statements, once with threads that race.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from services.dialer_sync.steps import do_not_call, expiry
from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.reschedule import reschedule
from shared.db import models
from shared.errors import Code, DomainError
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.steps_by_hand import claim_only
from tests.support.configured_database import NOW
from tests.support.statements import meanwhile

CHOICE = r"^SELECT .*account_number.*\sFROM callback\b"
TODAY, LONG_AGO = NOW, NOW - timedelta(hours=3)
TOMORROW = datetime(2026, 11, 25, 4, 10, tzinfo=UTC)  # 22:10 in Chicago
CAPACITY = 200


@pytest.fixture
def master(master: MasterFixture) -> MasterFixture:
    master.world.configure(models.DailySchedule, {"capacities": [CAPACITY] * 48}, id=master.world.daily_id)
    return master


def move(master: MasterFixture, number: str) -> None:
    reschedule(
        master.world.database, master.world.config_cache, number, TOMORROW.isoformat(), now=NOW, who="client:ivr"
    )


def drop(master: MasterFixture, number: str) -> None:
    cancel(master.world.database, number, now=NOW, who="client:ivr")


def list_number(master: MasterFixture, number: str) -> None:
    with master.world.database.writing() as tx:
        phone = select(models.Callback.phone).where(models.Callback.account_number == number).scalar_subquery()
        tx.execute(insert(models.DoNotCall).values(phone=phone, added_at=NOW, added_by="user:ann"))
        tx.commit()


def unlist(master: MasterFixture, number: str) -> None:
    with master.world.database.writing() as tx:
        tx.execute(delete(models.DoNotCall).where(models.DoNotCall.phone == master.callback(number).phone))
        tx.commit()


def unlist_and_move(master: MasterFixture, number: str) -> None:
    unlist(master, number)
    move(master, number)


def brake_campaign(master: MasterFixture, _: str) -> None:
    master.configure_campaign(hands_over=False)


def disable_campaign(master: MasterFixture, _: str) -> None:
    master.configure_campaign(enabled=False)


def brake_all(master: MasterFixture, _: str) -> None:
    master.world.settings(hand_over=False)


@dataclass(frozen=True)
class Case:
    """`step` would take both callbacks, `change` is made to the second between its choice and its UPDATE."""

    step: Callable[[MasterFixture], Any]
    due: datetime
    change: Callable[[MasterFixture, str], None]
    ends: tuple[str, str]
    listed: bool = False


CASES = {
    "claim, moved": Case(claim_only, TODAY, move, ("importing", "scheduled")),
    "claim, cancelled": Case(claim_only, TODAY, drop, ("importing", "cancelled")),
    "claim, listed": Case(claim_only, TODAY, list_number, ("importing", "scheduled")),
    "claim, campaign braked": Case(claim_only, TODAY, brake_campaign, ("scheduled", "scheduled")),
    "claim, campaign disabled": Case(claim_only, TODAY, disable_campaign, ("scheduled", "scheduled")),
    "claim, all braked": Case(claim_only, TODAY, brake_all, ("scheduled", "scheduled")),
    "expiry, moved": Case(lambda master: expiry.run(master.context), LONG_AGO, move, ("expired", "scheduled")),
    "expiry, cancelled": Case(lambda master: expiry.run(master.context), LONG_AGO, drop, ("expired", "cancelled")),
    "do-not-call, taken off and moved": Case(
        lambda master: do_not_call.run(master.context), TODAY, unlist_and_move, ("cancelled", "scheduled"), listed=True
    ),
    "do-not-call, cancelled": Case(
        lambda master: do_not_call.run(master.context), TODAY, drop, ("cancelled", "cancelled"), listed=True
    ),
    "do-not-call, taken off": Case(
        lambda master: do_not_call.run(master.context), TODAY, unlist, ("cancelled", "scheduled"), listed=True
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_changed_since_the_choice_is_left_alone(master: MasterFixture, case: Case) -> None:
    numbers = master.add_with_places(2, due=case.due)
    for number in numbers if case.listed else ():
        list_number(master, number)
    with meanwhile(master.world.database, CHOICE, lambda: case.change(master, numbers[1])):
        case.step(master)
    assert tuple(master.statuses(numbers)) == case.ends
    assert master.world.drift() == []


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Call all at once, each in a thread of its own; returns their results, for a refusal its code."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        barrier.wait(10)
        try:
            return act()
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(acts)) as threads:
        futures: list[Future[Any]] = [threads.submit(one, act) for act in acts]
    return [future.result() for future in futures]


def mover(master: MasterFixture, number: str, answered: Event | None = None) -> Callable[[], str]:
    def act() -> str:
        try:
            move(master, number)
        finally:
            if answered is not None:
                answered.set()
        return "moved"

    return act


def list_and_cancel(master: MasterFixture, numbers: Sequence[str]) -> None:
    for number in numbers:
        list_number(master, number)
    do_not_call.run(master.context)


STEPS: dict[str, tuple[datetime, Callable[[MasterFixture, Sequence[str]], Any]]] = {
    "expiry": (LONG_AGO, lambda master, _: expiry.run(master.context)),
    "do-not-call": (TODAY, list_and_cancel),
    "claim": (TODAY, lambda master, _: claim_only(master)),
}


@pytest.mark.parametrize(("due", "step"), STEPS.values(), ids=STEPS.keys())
def test_threads_that_move_while_a_step_runs_keep_what_they_were_promised(
    master: MasterFixture, due: datetime, step: Any
) -> None:
    promised: list[str] = []
    for turn in range(12):
        numbers = master.add_with_places(8, due=due)
        first_move = Event()

        def act(numbers: Sequence[str] = numbers, wait: bool = turn % 2 == 0, moved: Event = first_move) -> None:
            if wait:  # else the step may be first in every turn, and nothing is promised
                moved.wait(10)
            step(master, numbers)

        answers = together([act, *(mover(master, number, first_move) for number in numbers)])[1:]
        assert set(answers) <= {"moved", Code.NOT_RESCHEDULABLE, Code.DO_NOT_CALL}
        promised += [number for number, answer in zip(numbers, answers, strict=True) if answer == "moved"]
    assert promised
    assert set(master.statuses(promised)) == {"scheduled"}
    assert master.world.drift() == []


def test_threads_that_book_move_and_list_never_fill_a_slot_above_its_capacity(master: MasterFixture) -> None:
    master.world.configure(models.DailySchedule, {"capacities": [3] * 44 + [CAPACITY] * 4}, id=master.world.daily_id)
    for turn in range(12):
        master.clock.now = NOW + timedelta(minutes=30 * turn)
        numbers = master.add_with_places(3, due=master.clock.now)

        def book(now: datetime = master.clock.now) -> str:
            master.world.book(now=now, start=(now + timedelta(minutes=20)).isoformat())
            return "booked"

        together([lambda: list_and_cancel(master, numbers), book, book, *(mover(master, one) for one in numbers)])  # noqa: B023
        assert master.world.drift() == []
