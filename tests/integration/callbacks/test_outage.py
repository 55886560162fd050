"""During an outage of the database nothing is booked and callers get the refusal in time; afterwards
everything works.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from shared.callbacks.availability import availability
from shared.callbacks.cancel_dispatch import cancel, dispatch_now
from shared.callbacks.lookup import find_by_account_number, find_by_phone
from shared.callbacks.reschedule import reschedule
from shared.db.models import Callback, CallbackRequest
from shared.db.session import Database
from shared.db.sqlite_write_queue import WriteQueue
from shared.errors import Unavailable
from tests.support.configured_database import NOW, World
from tests.support.database_faults import down, lost_commits
from tests.support.databases import sqlite_only

WITHIN = 5.0  # seconds: CVP's timeout

ACTS: dict[str, Callable[[World, str], object]] = {
    "a booking": lambda world, _: world.book(),
    "a question": lambda world, _: availability(world.database, world.config_cache, "Billing", None, NOW),
    "a cancel": lambda world, number: cancel(world.database, number, now=NOW, who="client:ivr"),
    "a move": lambda world, number: reschedule(
        world.database, world.config_cache, number, "2026-11-25T09:10", now=NOW, who="client:ivr"
    ),
    "a dispatch": lambda world, number: dispatch_now(
        world.database, world.config_cache, number, now=NOW, who="user:ann"
    ),
    "a look at a callback": lambda world, number: find_by_account_number(world.database, world.config_cache, number),
    "a look at a number": lambda world, _: find_by_phone(world.database, world.config_cache, "+13125550142"),
}
acts = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.db.session._pause", lambda *_: 0.0)


@acts
@pytest.mark.usefixtures("no_pauses")
def test_it_is_unavailable_during_an_outage_and_works_afterwards(world: World, act: Callable[..., object]) -> None:
    number = world.book().callback.account_number
    with down(world.database), pytest.raises(Unavailable) as refused:
        act(world, number)
    assert refused.value.extra["retryAfter"] > 0
    assert len(world.rows(Callback)) == len(world.rows(CallbackRequest)) == 1
    act(world, number)
    assert world.drift() == []


def test_the_refusal_comes_in_time_for_everyone_who_waits(world: World) -> None:
    def ask(_: int) -> float:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            world.book()
        return time.monotonic() - began

    world.book()
    with down(world.database), ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(ask, range(8)))
    assert max(waits) < WITHIN


@pytest.mark.usefixtures("no_pauses")
def test_a_booking_that_cannot_be_written_leaves_nothing_at_all(world: World) -> None:
    world.book()
    with lost_commits(world.database, times=100), pytest.raises(Unavailable):
        world.book("k-1")
    assert len(world.rows(Callback)) == len(world.rows(CallbackRequest)) == 1
    assert not world.book("k-1").replayed
    assert world.drift() == []


@sqlite_only
def test_a_writer_that_holds_the_file_for_too_long_is_not_waited_for(
    world: World, connect: Callable[..., Database], database_url: str
) -> None:
    world.book()
    hasty = world.on(connect(timeout=0.1))
    path = Path(f"{database_url.removeprefix('sqlite:///')}.write-lock")
    with closing(WriteQueue(path, 10)) as queue, queue.acquire(), pytest.raises(Unavailable):
        hasty.book()
    assert hasty.book().callback.status == "scheduled"


@pytest.mark.usefixtures("long_retry_budget")
def test_a_short_outage_is_not_noticed(world: World) -> None:
    world.book()
    with lost_commits(world.database, times=2) as happened:
        assert world.book(now=NOW + timedelta(seconds=1)).callback.status == "scheduled"
    assert len(happened) == 2
    assert len(world.rows(CallbackRequest)) == 2
