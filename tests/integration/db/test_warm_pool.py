"""Connections that are opened before they are needed."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared import deadline
from shared.callbacks.booking import rehearse
from shared.db.session import Database
from shared.db.warm_pool import READY_CONNECTIONS, WarmPool
from shared.deadline import DeadlinePassed
from shared.web.health import DatabaseReadiness
from tests.support.configured_database import World
from tests.support.databases import ON_SERVER
from tests.support.proxy import Proxy, proxy_to
from tests.support.until import until

on_server = pytest.mark.skipif(not ON_SERVER, reason="needs a server: CM_TEST_DATABASE_URL")


class Opener:
    """Opens connections to a file while `may` is set; `opened` holds the threads that opened one."""

    def __init__(self, path: Path) -> None:
        self.path, self.may, self.fails = path, threading.Event(), False
        self.opened: list[str] = []
        self.may.set()

    def __call__(self) -> sqlite3.Connection:
        self.may.wait(20)
        if self.fails:
            raise sqlite3.OperationalError("unable to open database file")
        self.opened.append(threading.current_thread().name)
        return sqlite3.connect(self.path, check_same_thread=False)


@contextmanager
def pool_of(make: Opener) -> Iterator[tuple[WarmPool, Callable[[], Any]]]:
    """A warm pool, and a function that runs one query on one of its connections."""
    engine = create_engine(f"sqlite:///{make.path}")

    def ask() -> Any:
        with pool.place(10), engine.connect() as connection:
            return connection.execute(text("SELECT 1")).scalar()

    with closing(WarmPool(engine, make, 8)) as pool:
        yield pool, ask
    engine.dispose()


@pytest.fixture
def opener(tmp_path: Path) -> Opener:
    return Opener(tmp_path / "file.db")


def test_connections_are_opened_by_a_thread_of_their_own_before_they_are_needed(opener: Opener) -> None:
    with pool_of(opener) as (warm, ask):
        until(lambda: len(opener.opened) == READY_CONNECTIONS and not warm.warming)
        assert ask() == 1
        assert set(opener.opened) == {"warm-pool"}


def test_who_needs_one_waits_for_it_no_longer_than_its_deadline(opener: Opener) -> None:
    opener.may.clear()
    with pool_of(opener) as (_, ask):
        began = time.monotonic()
        with pytest.raises(DeadlinePassed), deadline.within(0.3):
            ask()
        assert 0.3 <= time.monotonic() - began < 5, "without the deadline the pool waits for 10 s"
        threading.Timer(0.2, opener.may.set).start()
        assert ask() == 1


def test_who_waits_takes_the_connection_that_another_gives_back(opener: Opener) -> None:
    with pool_of(opener) as (warm, ask), ExitStack() as held:
        until(lambda: len(opener.opened) == READY_CONNECTIONS and not warm.warming)
        opener.may.clear()  # no login ends from now on
        places = [held.enter_context(ExitStack()) for _ in range(READY_CONNECTIONS)]
        for place in places:
            place.enter_context(warm.place(1))
        with pytest.raises(PoolTimeout), warm.place(0.2):
            raise AssertionError("there was none left")
        threading.Timer(0.2, places[0].close).start()
        began = time.monotonic()
        assert ask() == 1
        assert time.monotonic() - began < 5
        opener.may.set()


def test_a_login_that_fails_is_told_to_who_waits_and_tried_again(opener: Opener) -> None:
    opener.fails = True
    with pool_of(opener) as (warm, ask):
        for _ in range(2):
            with pytest.raises(OperationalError, match="unable to open database file"):
                ask()
        assert not warm.warming  # the database is down, which readiness says by itself
        opener.fails = False
        until(lambda: len(opener.opened) >= READY_CONNECTIONS)  # nobody asked
        assert ask() == 1


# --- a server -------------------------------------------------------------------------------------------------


@pytest.fixture
def proxy(database_url: str) -> Iterator[Proxy]:
    url = make_url(database_url)
    with proxy_to(str(url.host), url.port or 1433) as between:
        yield between


@pytest.fixture
def warm_world(database_url: str, world: World, proxy: Proxy) -> Iterator[World]:
    """The world on a warm pool, whose connections are ready."""
    moved = make_url(database_url).set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
    with closing(Database(moved, timeout=10)) as database:
        database.keep_warm(rehearse)
        database.ping()
        until(lambda: not database.warming, timeout=90)
        yield world.on(database)


@on_server
def test_nobody_waits_for_a_login(warm_world: World, proxy: Proxy) -> None:
    with warm_world.database.reading():  # the one that is in the pool
        proxy.slow_down(0.5)
        began = time.monotonic()
        warm_world.database.ping()
        assert time.monotonic() - began < 2  # a statement and the end of its transaction; a login is five round trips


@on_server
def test_after_a_failover_readiness_says_warming_until_connections_are_ready(warm_world: World, proxy: Proxy) -> None:
    ready = DatabaseReadiness(warm_world.database)
    ready.MAX_AGE_SECONDS = 0.0
    until(lambda: ready() is None, timeout=60)
    proxy.go_away()
    until(lambda: ready() == "database", timeout=20)
    proxy.listen()
    said: list[str | None] = []

    def is_ready() -> bool:
        said.append(ready())
        return said[-1] is None

    until(is_ready, timeout=90, every=0.01)
    assert "warming" in said
    assert set(said) <= {"database", "warming", None}
    assert warm_world.book().callback.status == "scheduled"
