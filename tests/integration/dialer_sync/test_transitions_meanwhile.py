"""What the steps chose may change before they write: then it is left alone, and the slots count right all the same.

Once with the change put exactly between the choice and the UPDATE, once with threads that race.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from services.dialer_sync.steps import do_not_call, expiry
from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.reschedule import reschedule
from shared.db import models
from shared.errors import Code, DomainError
from tests.integration.dialer_sync.master_fixture import Desk
from tests.integration.dialer_sync.steps_by_hand import claim_only
from tests.support.configured_database import NOW
from tests.support.statements import meanwhile

CHOICE = r"^SELECT .*account_number.*\sFROM callback\b"
TODAY, LONG_AGO = NOW, NOW - timedelta(hours=3)
TOMORROW = datetime(2026, 11, 25, 4, 10, tzinfo=UTC)  # 22:10 in Chicago
CAPACITY = 200


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.world.configure(models.DailySchedule, {"capacities": [CAPACITY] * 48}, id=desk.world.daily_id)
    return desk


def move(desk: Desk, number: str) -> None:
    reschedule(desk.world.database, desk.world.config_cache, number, TOMORROW.isoformat(), now=NOW, who="client:ivr")


def drop(desk: Desk, number: str) -> None:
    cancel(desk.world.database, number, now=NOW, who="client:ivr")


def list_number(desk: Desk, number: str) -> None:
    with desk.world.database.writing() as tx:
        phone = select(models.Callback.phone).where(models.Callback.account_number == number).scalar_subquery()
        tx.execute(insert(models.DoNotCall).values(phone=phone, added_at=NOW, added_by="user:ann"))
        tx.commit()


def unlist(desk: Desk, number: str) -> None:
    with desk.world.database.writing() as tx:
        tx.execute(delete(models.DoNotCall).where(models.DoNotCall.phone == desk.callback(number).phone))
        tx.commit()


def unlist_and_move(desk: Desk, number: str) -> None:
    unlist(desk, number)
    move(desk, number)


def brake_campaign(desk: Desk, _: str) -> None:
    desk.configure_campaign(hands_over=False)


def disable_campaign(desk: Desk, _: str) -> None:
    desk.configure_campaign(enabled=False)


def brake_all(desk: Desk, _: str) -> None:
    desk.world.settings(hand_over=False)


@dataclass(frozen=True)
class Case:
    """`step` would take both callbacks, `change` is made to the second between its choice and its UPDATE."""

    step: Callable[[Desk], Any]
    due: datetime
    change: Callable[[Desk, str], None]
    ends: tuple[str, str]
    listed: bool = False


CASES = {
    "claim, moved": Case(claim_only, TODAY, move, ("importing", "scheduled")),
    "claim, cancelled": Case(claim_only, TODAY, drop, ("importing", "cancelled")),
    "claim, listed": Case(claim_only, TODAY, list_number, ("importing", "scheduled")),
    "claim, campaign braked": Case(claim_only, TODAY, brake_campaign, ("scheduled", "scheduled")),
    "claim, campaign disabled": Case(claim_only, TODAY, disable_campaign, ("scheduled", "scheduled")),
    "claim, all braked": Case(claim_only, TODAY, brake_all, ("scheduled", "scheduled")),
    "expiry, moved": Case(lambda desk: expiry.run(desk.context), LONG_AGO, move, ("expired", "scheduled")),
    "expiry, cancelled": Case(lambda desk: expiry.run(desk.context), LONG_AGO, drop, ("expired", "cancelled")),
    "do-not-call, taken off and moved": Case(
        lambda desk: do_not_call.run(desk.context), TODAY, unlist_and_move, ("cancelled", "scheduled"), listed=True
    ),
    "do-not-call, cancelled": Case(
        lambda desk: do_not_call.run(desk.context), TODAY, drop, ("cancelled", "cancelled"), listed=True
    ),
    "do-not-call, taken off": Case(
        lambda desk: do_not_call.run(desk.context), TODAY, unlist, ("cancelled", "scheduled"), listed=True
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_changed_since_the_choice_is_left_alone(desk: Desk, case: Case) -> None:
    numbers = desk.add_with_places(2, due=case.due)
    for number in numbers if case.listed else ():
        list_number(desk, number)
    with meanwhile(desk.world.database, CHOICE, lambda: case.change(desk, numbers[1])):
        case.step(desk)
    assert tuple(desk.statuses(numbers)) == case.ends
    assert desk.world.drift() == []


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each gives, all begun at once by a thread each; a refusal instead of a result is its code."""
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


def mover(desk: Desk, number: str) -> Callable[[], str]:
    return lambda: move(desk, number) or "moved"  # type: ignore[func-returns-value]


def list_and_cancel(desk: Desk, numbers: Sequence[str]) -> None:
    for number in numbers:
        list_number(desk, number)
    do_not_call.run(desk.context)


STEPS: dict[str, tuple[datetime, Callable[[Desk, Sequence[str]], Any]]] = {
    "expiry": (LONG_AGO, lambda desk, _: expiry.run(desk.context)),
    "do-not-call": (TODAY, list_and_cancel),
    "claim": (TODAY, lambda desk, _: claim_only(desk)),
}


@pytest.mark.parametrize(("due", "step"), STEPS.values(), ids=STEPS.keys())
def test_threads_that_move_while_a_step_runs_keep_what_they_were_promised(desk: Desk, due: datetime, step: Any) -> None:
    promised: list[str] = []
    for _ in range(12):
        numbers = desk.add_with_places(8, due=due)
        answers = together([lambda: step(desk, numbers), *(mover(desk, number) for number in numbers)])[1:]  # noqa: B023
        assert set(answers) <= {"moved", Code.NOT_RESCHEDULABLE, Code.DO_NOT_CALL}
        promised += [number for number, answer in zip(numbers, answers, strict=True) if answer == "moved"]
    assert promised
    assert set(desk.statuses(promised)) == {"scheduled"}
    assert desk.world.drift() == []


def test_threads_that_book_move_and_list_never_fill_a_slot_above_its_capacity(desk: Desk) -> None:
    desk.world.configure(models.DailySchedule, {"capacities": [3] * 44 + [CAPACITY] * 4}, id=desk.world.daily_id)
    for turn in range(12):
        desk.clock.now = NOW + timedelta(minutes=30 * turn)
        numbers = desk.add_with_places(3, due=desk.clock.now)

        def book(now: datetime = desk.clock.now) -> str:
            desk.world.book(now=now, start=(now + timedelta(minutes=20)).isoformat())
            return "booked"

        together([lambda: list_and_cancel(desk, numbers), book, book, *(mover(desk, one) for one in numbers)])  # noqa: B023
        assert desk.world.drift() == []
