"""Whatever is done in whatever order, by one or several at once: a slot counts the callbacks that hold its places."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from shared.callbacks.changes import cancel, dispatch_now
from shared.callbacks.reschedule import reschedule
from shared.callbacks.states import LEGAL, OPEN, Status
from shared.callbacks.transitions import transition_one
from shared.db.models import Callback, CallbackEvent, CallbackRequest, DailySchedule, Slot
from shared.errors import DomainError
from tests.support.world import NOW, World

PHONES = tuple(f"+1312555014{digit}" for digit in range(3))
SLOTS = tuple(NOW + timedelta(hours=2 + i) for i in range(3))
LIMIT, CAPACITY = 2, 2

Act = tuple[str, int, int, int]  # what, which callback or phone, which slot or state, which minute
acts = st.tuples(
    st.sampled_from(["book", "book", "book", "cancel", "move", "move", "dispatch", "step", "capacity"]),
    st.integers(0, 5), st.integers(0, 6), st.sampled_from([0, 10, 29]),
)  # fmt: skip
many_acts = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def clean(world: World) -> Callable[[], World]:
    """The world without any callback, and as it was configured."""
    world.settings(open_callbacks_per_number=LIMIT)

    def cleaned() -> World:
        with world.database.writing() as tx:
            for model in (CallbackRequest, CallbackEvent, Callback, Slot):
                tx.execute(delete(model))
            tx.commit()
        world.configure(DailySchedule, {"capacities": [CAPACITY] * 48}, id=world.daily_id)
        return world

    return cleaned


@dataclass
class Expected:
    """The callbacks as they should be, kept as simply as can be: the specification that the core is compared with."""

    capacity: int = CAPACITY
    held: dict[str, list[object]] = field(default_factory=dict)  # account number → [status, phone, slot]

    def room(self, slot: datetime) -> bool:
        return sum(1 for status, _, at in self.held.values() if at == slot and status != "cancelled") < self.capacity

    def may_book(self, phone: str, slot: datetime) -> str:
        if sum(1 for status, of, _ in self.held.values() if of == phone and status in OPEN) >= LIMIT:
            return "duplicate_callback"
        return "done" if self.room(slot) else "slot_full"

    def may_move(self, number: str, slot: datetime) -> str:
        status, _, at = self.held[number]
        if status != "scheduled":
            return "not_reschedulable"
        return "done" if at == slot or self.room(slot) else "slot_full"


def act(world: World, numbers: Sequence[str], given: Act) -> tuple[str, str]:
    """Do it, and tell how it ended and for which account number."""
    what, which, choice, minute = given
    slot = SLOTS[choice % len(SLOTS)]
    start = (slot + timedelta(minutes=minute)).isoformat()
    number = numbers[which % len(numbers)] if numbers else ""
    try:
        if what == "book":
            return "done", world.book(phone=PHONES[which % len(PHONES)], start=start).record.account_number
        if what == "capacity":
            world.configure(DailySchedule, {"capacities": [1 + choice % 3] * 48}, id=world.daily_id)
        elif number and what == "cancel":
            cancel(world.database, number, now=NOW, who="client:ivr")
        elif number and what == "move":
            reschedule(world.database, world.catalogues, number, start, now=NOW, who="client:ivr")
        elif number and what == "dispatch":
            dispatch_now(world.database, number, now=NOW, who="user:ann")
        elif number and what == "step":
            return step(world, number, choice), number
    except DomainError as refusal:
        return str(refusal.code), number
    return "done", number


STEPS = sorted((a, b) for a, b in LEGAL if a and b != "cancelled" and a != b)


def step(world: World, number: str, choice: int) -> str:
    """A transition of the worker's."""
    before, after = STEPS[choice % len(STEPS)]
    with world.database.writing() as tx:
        moved = transition_one(tx, number, before, after, now=NOW, who="worker:a", why="test")
        tx.commit()
    return "done" if moved else "left"


def expected(model: Expected, numbers: Sequence[str], given: Act) -> str:
    """How it should end; the model is changed accordingly, but for a booking, whose number is not known yet."""
    what, which, choice, _ = given
    slot = SLOTS[choice % len(SLOTS)]
    if what == "book":
        return model.may_book(PHONES[which % len(PHONES)], slot)
    if what == "capacity":
        model.capacity = 1 + choice % 3
        return "done"
    if not numbers:
        return "done"
    number = numbers[which % len(numbers)]
    callback = model.held[number]
    end, becomes = "done", callback[0]
    if what == "cancel":
        end = "done" if callback[0] in ("scheduled", "cancelled") else "not_cancellable"
        becomes = "cancelled"
    elif what == "move":
        end = model.may_move(number, slot)
        callback[2] = slot if end == "done" else callback[2]
    elif what == "dispatch":
        end = "done" if callback[0] == "scheduled" else "not_dispatchable"
    else:
        before, becomes = STEPS[choice % len(STEPS)]
        end = "done" if callback[0] == before else "left"
    callback[0] = becomes if end == "done" else callback[0]
    return end


@many_acts
@given(st.lists(acts, max_size=25))
def test_one_after_the_other_all_ends_as_the_rules_say(clean: Callable[[], World], given: list[Act]) -> None:
    world, model, numbers = clean(), Expected(), []  # type: ignore[var-annotated]
    for each in given:
        should = expected(model, numbers, each)
        ended, number = act(world, numbers, each)
        assert ended == should, each
        if each[0] == "book" and ended == "done":
            numbers.append(number)
            model.held[number] = ["scheduled", PHONES[each[1] % len(PHONES)], SLOTS[each[2] % len(SLOTS)]]
        assert world.drift() == []
    stored = {row.account_number: [row.status, row.phone, row.slot_start] for row in world.rows(Callback)}
    assert stored == model.held


@many_acts
@given(st.lists(st.lists(acts, min_size=1, max_size=8), min_size=2, max_size=4))
def test_by_several_at_once_no_place_is_lost_or_sold_twice(clean: Callable[[], World], given: list[list[Act]]) -> None:
    world = clean()
    numbers = [world.book(phone=phone, start=SLOTS[0].isoformat()).record.account_number for phone in PHONES[:2]]

    def one(acts_of_one: list[Act]) -> None:
        for each in acts_of_one:
            ended, number = act(world, numbers, each)
            if each[0] == "book" and ended == "done":
                numbers.append(number)
            assert ended != "service_unavailable", each

    with ThreadPoolExecutor(len(given)) as threads:
        list(threads.map(one, given))
    assert world.drift() == []
    of_phone = [row.phone for row in world.rows(Callback) if row.status in OPEN]
    assert all(of_phone.count(phone) <= LIMIT for phone in PHONES)
    assert all(Status(row.status) in OPEN or row.open_rank is None for row in world.rows(Callback))
