"""In any order of acts of clients, operators and the master's real steps, one by one or by several threads: a slot's
count equals the callbacks that hold its places, and every callback's transitions are legal."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Barrier, Event
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from services.dialer_sync.election.errors import StaleEpoch
from shared.callbacks.cancel_dispatch import cancel, dispatch_now
from shared.callbacks.reschedule import reschedule
from shared.db.models import Attempt, Callback, CallbackEvent, CallbackRequest, DailySchedule, DoNotCall, Slot
from shared.errors import DomainError
from tests.integration.dialer_sync import steps_by_hand as steps
from tests.integration.dialer_sync.callback_model import (
    ATTEMPTS,
    CAPACITY,
    CODES,
    HALF_HOUR,
    LIMIT,
    OPEN,
    PHONES,
    SLOTS,
    WINDOW,
    Expected,
    Model,
)  # fmt: skip
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.support.configured_database import NOW, World

# The transitions of shared/README.md, "The life of a callback", written here again, independent of the product.
LEGAL = {
    (None, "scheduled"), ("scheduled", "scheduled"), ("scheduled", "importing"), ("scheduled", "cancelled"),
    ("scheduled", "expired"), ("importing", "imported"), ("importing", "scheduled"), ("importing", "failed"),
    ("imported", "completed"), ("imported", "failed"), ("imported", "scheduled"),
}  # fmt: skip

Act = tuple[str, int, int, int]  # what, which callback or phone, which slot and whether late, which minute
CLIENTS = ["book", "book", "book", "cancel", "move", "move", "dispatch", "bulk", "capacity"]
# The steps of a stalled master that do not call UCCE: before such a call the lease would stop it.
STALLED = ["claim", "expire", "do_not_call"]
MASTERS = ["hand_over", "hand_over", "unanswered", "claim", "settle", "expire", "do_not_call",
           "answered", "busy", "invalid"]  # fmt: skip
STEPS: dict[str, Callable[[MasterFixture], object]] = {
    "hand_over": steps.hand_over_all, "unanswered": steps.hand_over_unanswered, "claim": steps.claim_only,
    "settle": steps.settle_all, "expire": steps.expire,
}  # fmt: skip


def acts(*kinds: str) -> st.SearchStrategy[Act]:
    return st.tuples(st.sampled_from(kinds), st.integers(0, 5), st.integers(0, 3), st.sampled_from([0, 10, 29]))


# Not shortened when one fails: each example takes half a second, and those with threads do not fail the same way twice.
few = settings(
    max_examples=20,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def clean_master(master: MasterFixture) -> Callable[[], MasterFixture]:
    """A master without callbacks and with the initial configuration; UCCE keeps the contacts of earlier examples."""
    world = master.world
    world.settings(open_callbacks_per_number=LIMIT, expire_minutes=steps.EXPIRE_MINUTES)
    master.configure_campaign(max_attempts=ATTEMPTS, retry_delays={"busy": 5})
    master.settings["settle_grace"] = steps.GRACE

    def cleaned() -> MasterFixture:
        with world.database.writing() as tx:
            for model in (CallbackRequest, CallbackEvent, Attempt, Callback, Slot, DoNotCall):
                tx.execute(delete(model))
            tx.commit()
        world.configure(DailySchedule, {"capacities": [CAPACITY] * 48}, id=world.daily_id)
        world.config_cache.reload()
        master.clock.now = NOW
        master.renew()
        return master

    return cleaned


def slot_of(choice: int) -> datetime:
    return SLOTS[choice % len(SLOTS)]


def masters_time(choice: int, minute: int) -> datetime:
    """A time when the whole slot is due, or when its window is over."""
    return slot_of(choice) + timedelta(minutes=29 + minute) + (WINDOW if choice >= len(SLOTS) else timedelta())


def act(master: MasterFixture, numbers: Sequence[str], given: Act) -> tuple[str, str]:
    """Carry out an act; returns its end and the account number."""
    what, which, choice, minute = given
    if what in MASTERS:
        masters_act(master, what, masters_time(choice, minute))
        return "done", ""
    number = numbers[which % len(numbers)] if numbers else ""
    try:
        if what == "book":
            start = slot_of(choice) + timedelta(minutes=minute)
            booking = master.world.book(phone=PHONES[which % len(PHONES)], start=start.isoformat())
            return "done", booking.callback.account_number
        clients_act(master.world, what, number, slot_of(choice), minute, choice)
    except DomainError as refusal:
        return str(refusal.code), number
    return "done", number


def clients_act(world: World, what: str, number: str, slot: datetime, minute: int, choice: int) -> None:
    if what == "capacity":
        world.configure(DailySchedule, {"capacities": [1 + choice % 3] * 48}, id=world.daily_id)
    elif what == "bulk":
        steps.cancel_in_bulk(world, slot, slot + HALF_HOUR)
    elif number and what == "cancel":
        cancel(world.database, number, now=NOW, who="client:ivr")
    elif number and what == "move":
        start = (slot + timedelta(minutes=minute)).isoformat()
        reschedule(world.database, world.config_cache, number, start, now=NOW, who="client:ivr")
    elif number and what == "dispatch":
        dispatch_now(world.database, world.config_cache, number, now=NOW, who="user:ann")


def masters_act(master: MasterFixture, what: str, now: datetime) -> None:
    master.clock.now = now
    if what == "do_not_call":
        steps.set_do_not_call(master.world, PHONES[:2])
        steps.apply_do_not_call(master)
        steps.set_do_not_call(master.world, ())
    elif what in CODES:
        master.clock.now += timedelta(seconds=5)  # no call is over at once
        steps.read_results(master, CODES[what])
    else:
        STEPS[what](master)


@few
@given(st.lists(acts(*CLIENTS, *MASTERS, *MASTERS), min_size=15, max_size=40))
def test_one_after_the_other_all_ends_as_the_rules_say(
    clean_master: Callable[[], MasterFixture], given: list[Act]
) -> None:
    follow(clean_master(), given)


def test_a_second_busy_result_is_the_last_where_two_attempts_are_allowed(
    clean_master: Callable[[], MasterFixture],
) -> None:
    master = clean_master()
    tries = [(what, 0, 0, minute) for minute in (0, 10, 29) for what in ("hand_over", "busy")]
    follow(master, [("book", 0, 0, 0), *tries])
    (row,) = master.world.rows(Callback)
    assert (row.status, row.outcome, row.attempts) == ("failed", "busy", ATTEMPTS)
    assert [key[26:] for key in master.simulator.control.taken() if key.startswith(row.account_number)] == [
        "-01",
        "-02",
    ]


def follow(master: MasterFixture, given: list[Act]) -> None:
    """Carry out the acts one after the other and compare each end with the model's."""
    model = Model()
    numbers: list[str] = []
    for each in given:
        what, which, choice, minute = each
        phone, slot = PHONES[which % len(PHONES)], slot_of(choice)
        if what == "book":
            should = model.may_book(phone, slot)
        elif what in MASTERS:
            model.of_master(what, masters_time(choice, minute))
            should = "done"
        else:
            should = model.of_client(what, numbers[which % len(numbers)] if numbers else "", slot, minute, choice)
        ended, number = act(master, numbers, each)
        assert ended == should, each
        if what == "book" and ended == "done":
            numbers.append(number)
            model.held[number] = Expected(phone, slot, slot + timedelta(minutes=minute))
        assert master.world.drift() == [], each
    stored = {row.account_number: (row.status, row.phone, row.slot_start, row.due_at, row.attempts)
              for row in master.world.rows(Callback)}  # fmt: skip
    assert stored == {number: (one.status, one.phone, one.slot, one.due, one.attempts)
                      for number, one in model.held.items()}  # fmt: skip


@settings(few, max_examples=8)
@given(
    st.lists(st.lists(acts(*CLIENTS), min_size=4, max_size=10), min_size=2, max_size=3),
    st.lists(acts(*MASTERS), min_size=4, max_size=10),
    st.lists(acts(*STALLED), min_size=4, max_size=10),
)
def test_by_several_at_once_no_place_is_lost_or_sold_twice(
    clean_master: Callable[[], MasterFixture], clients: list[list[Act]], masters: list[Act], stalled_masters: list[Act]
) -> None:
    master = clean_master()
    bookings = [(phone, slot) for phone in PHONES[:2] for slot in SLOTS]
    numbers = [
        master.world.book(phone=phone, start=slot.isoformat()).callback.account_number for phone, slot in bookings
    ]
    stalled = MasterFixture(master.world, master.simulator, settings=master.settings, node="stalled")
    master.renew("node-a")  # the term of the stalled one is over, and it does not know
    begin, done = Barrier(len(clients) + 2), Event()

    def one(acts_of_one: list[Act], of: MasterFixture = master) -> None:
        for each in acts_of_one:
            try:
                ended, number = act(of, numbers, each)
            except StaleEpoch:
                assert of is stalled
                continue
            if each[0] == "book" and ended == "done":
                numbers.append(number)

    def client(acts_of_one: list[Act]) -> None:
        """Acts of a client, repeated for as long as the masters work."""
        begin.wait(30)
        while not done.is_set():
            one(acts_of_one)

    def run_master(acts_of_one: list[Act], of: MasterFixture) -> None:
        begin.wait(30)
        try:
            one(acts_of_one, of)
        finally:
            if of is master:
                done.set()

    with ThreadPoolExecutor(len(clients) + 2) as threads:
        running = [threads.submit(client, each) for each in clients]
        running += [threads.submit(run_master, masters, master), threads.submit(run_master, stalled_masters, stalled)]
    for each in running:
        each.result()
    judge(master, numbers)


def judge(master: MasterFixture, numbers: Sequence[str]) -> None:
    rows = master.world.rows(Callback)
    assert {row.account_number for row in rows} == set(numbers)
    assert master.world.drift() == []
    of_phone = Counter(row.phone for row in rows if row.status in OPEN)
    assert all(count <= LIMIT for count in of_phone.values())
    assert all(row.status in OPEN or row.open_rank is None for row in rows)
    assert master.simulator.control.duplicates() == []
    assert "worker:stalled" not in {event.who for event in master.world.rows(CallbackEvent)}
    taken = Counter(key[:26] for key in master.simulator.control.taken())
    for row in rows:
        in_doubt = 1 if row.status == "importing" else 0  # claimed; whether UCCE has it, only settling tells
        assert row.attempts - in_doubt <= taken[row.account_number] <= row.attempts
        judge_way(master, row)


def judge_way(master: MasterFixture, row: Any) -> None:
    """Judge the timeline of one callback: its transitions are legal, and the master's last one was allowed at
    its time.
    """
    events = master.world.rows(CallbackEvent, account_number=row.account_number)
    way = [(event.from_status, event.to_status) for event in events]
    assert set(way) <= LEGAL
    assert all(after == before for (_, after), (before, _) in pairwise(way))
    assert way[-1][1] == row.status
    last = events[-1]
    if row.status == "expired":
        assert row.due_at <= last.at
        assert row.slot_start <= last.at - WINDOW
    elif last.why == "do_not_call":
        assert row.due_at <= last.at
        assert row.phone in PHONES[:2]
    elif last.why.startswith("closed: "):
        assert last.why == f"closed: {row.slot_start.isoformat()}"
    elif row.status in ("importing", "imported"):
        claimed = next(event.at for event in reversed(events) if event.to_status == "importing")
        assert row.due_at <= claimed
        assert row.slot_start > claimed - WINDOW
