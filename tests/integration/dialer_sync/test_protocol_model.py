"""The master's transactions do what the model of the protocol (tests/model) says.

For every kind of transaction and every situation in which the model's state space has it (the callback's state, a stale
epoch or not, a change since it was picked), the shortest way there is walked with the real functions on a real
database. After each step the callback, the epoch and the open attempts are compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from ulid import ULID

from services.dialer_sync.cycle_context import no_checkpoint
from services.dialer_sync.election.errors import NotMaster
from services.dialer_sync.election.fencing import HandOverCount, begin_term
from services.dialer_sync.election.lease import LeaderTerm
from services.dialer_sync.handover.batch_store import FencedActor, claim, fail_refused, record_imported, release
from services.dialer_sync.handover.callable_now import CallableNow
from shared.callbacks.calling_hours import ALL_DAY
from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.reschedule import reschedule
from shared.db import models
from shared.db.session import Database
from tests.model import state
from tests.model.explorer import canonical
from tests.model.protocol import successors
from tests.model.state import INITIAL, State
from tests.model.switches import Model, Product
from tests.model.switches import World as Surroundings
from tests.support.configured_database import NOW, World, build_world

PROTOCOL = Model(
    Product(),
    Surroundings(
        queue=0, lag=0, request_timeout=0, crash=True, session_ends=True, answers_lost=True, nothing_taken=True,
        refusals=True, database_away=True, customer=True,
    ),
)  # fmt: skip
WRITES = ("begins its term", "claims", "records", "fails", "releases", "meets a newer epoch")
KINDS = 60  # the least number of different pairs of a transaction and a situation
CUSTOMERS = {"the customer cancels", "the customer moves it to tomorrow", "tomorrow comes"}

Walk = list[tuple[str, State, State]]  # what happens, before, after


def walks() -> Iterator[Walk]:
    """The shortest walk to each transaction in each of its situations."""
    order: list[tuple[State, int, str]] = [(INITIAL, -1, "")]
    visited, met = {INITIAL}, set[object]()
    for at, (before, _, _) in enumerate(order):
        for label, after, _ in successors(before, PROTOCOL):
            if label == "its window ends":
                continue
            kind = _kind(label, before, after)
            if kind is not None and kind not in met:
                met.add(kind)
                yield [*_way(order, at), (label, before, after)]
            if canonical(after) not in visited:
                visited.add(canonical(after))
                order.append((after, at, label))


def _kind(label: str, before: State, after: State) -> object:
    if label in CUSTOMERS:
        return label, before.db.callback
    if label[0] not in "AB" or not label[2:].startswith(WRITES):
        return None
    worker = before.workers["AB".index(label[0])]
    mine = (worker.epoch > before.db.epoch) - (worker.epoch < before.db.epoch)
    return worker.at, label[2:], before.db.callback, before.db.when, mine, after.db.callback


def _way(order: list[tuple[State, int, str]], at: int) -> Walk:
    walk: Walk = []
    while at > 0:
        after, parent, label = order[at]
        walk.append((label, order[parent][0], after))
        at = parent
    return walk[::-1]


@dataclass
class Walker:
    """One callback of a real database, the two workers' transactions on it, and the customer's."""

    world: World
    now: datetime = NOW + timedelta(minutes=70)
    number: str = field(init=False)
    first_epoch: int = field(init=False)

    def __post_init__(self) -> None:
        self.number = self.world.book(now=NOW).callback.account_number
        self.first_epoch = self.world.rows(models.Mastership)[0].epoch

    def step(self, label: str, before: State, after: State) -> None:
        if label in CUSTOMERS:
            self._customer(label)
        elif _kind(label, before, after) is not None:
            try:
                self._write("AB".index(label[0]), before)
            except NotMaster:
                assert "stands down" in label or "changed meanwhile" in label, label
            else:
                assert "stands down" not in label

    def _customer(self, label: str) -> None:
        database, who = self.world.database, "client:ivr"
        tomorrow = f"{self.now + timedelta(days=1, hours=-6):%Y-%m-%dT%H:%M}"  # local time of the pool
        if label == "the customer cancels":
            cancel(database, self.number, now=self.now, who=who)
        elif label == "the customer moves it to tomorrow":
            reschedule(database, self.world.config_cache, self.number, tomorrow, now=self.now, who=who)
        else:
            self.now += timedelta(days=1)

    def _write(self, i: int, before: State) -> None:
        worker, database, now = before.workers[i], self.world.database, self.now
        actor = FencedActor(self.first_epoch + worker.epoch, "AB"[i])
        if worker.at == state.ELECTED:
            self._begin(i, actor, before)
        elif worker.at == state.PICKED:
            self._claim(actor)
        elif worker.at in (state.TOOK, state.FOUND):
            listed = worker.at == state.FOUND
            record_imported(
                database, actor, [self.number], why="test", now=now, checkpoint=no_checkpoint, listed=listed
            )
        elif worker.at == state.REFUSED:
            fail_refused(database, actor, self.number, reason="test", now=now)
        else:
            release(database, actor, [self.number], why="test", now=now)

    def _begin(self, i: int, actor: FencedActor, before: State) -> None:
        def prove() -> None:
            if before.holder != i:
                raise NotMaster("the lock is gone")

        since = NOW + timedelta(seconds=actor.epoch)
        assert begin_term(self.world.database, LeaderTerm(actor.epoch, since, actor.node), prove) == actor.epoch

    def _claim(self, actor: FencedActor) -> None:
        claim(
            self.world.database, actor, str(ULID()), self.world.campaign_id, [self.number], ucce_id=1,
            now=self.now, floor=self.now - timedelta(hours=2), callable_now=CallableNow(ALL_DAY, (), ()),
            count=HandOverCount(),
            checkpoint=no_checkpoint,
        )  # fmt: skip

    def compare(self, expected: State) -> None:
        (callback,) = self.world.rows(models.Callback, account_number=self.number)
        attempts = self.world.rows(models.Attempt, account_number=self.number)
        unfinished = [one for one in attempts if one.finished_at is None]
        has_one = expected.db.callback in (state.IMPORTING, state.IMPORTED)
        assert callback.status == expected.db.callback
        assert (callback.due_at > self.now) == (expected.db.when == state.TOMORROW)
        assert self.world.rows(models.Mastership)[0].epoch == self.first_epoch + expected.db.epoch
        assert len(unfinished) == has_one
        assert all((one.imported_at is not None) == (callback.status == state.IMPORTED) for one in unfinished)


@pytest.fixture
def spacious_world(database: Database) -> World:
    return build_world(database, capacity=1000)


def test_the_masters_transactions_do_what_the_model_says(spacious_world: World) -> None:
    kinds = 0
    for walk in walks():
        walker = Walker(spacious_world)
        for label, before, after in walk:
            walker.step(label, before, after)
            walker.compare(after)
        kinds += 1
    assert kinds >= KINDS
