"""The configuration snapshot in memory: when it is read again, and that it is always consistent."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, update

from shared.callbacks.config_cache import ConfigCache, StaleSnapshot, bump_version
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.db.models import Campaign, Setting, Skill
from shared.db.session import Database
from shared.errors import Code, DomainError, Unavailable
from tests.support.configured_database import World
from tests.support.until import until


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic time in seconds, moved by the test."""
    now = [1000.0]
    monkeypatch.setattr("shared.callbacks.config_cache.time.monotonic", lambda: now[0])
    return now


@pytest.fixture
def tables_read(database: Database) -> Iterator[list[str]]:
    """The tables that are read from now on."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.extend(re.findall(r"FROM (\w+)", statement))

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def names(snapshot: ConfigSnapshot) -> set[str]:
    return {skill.name for skill in snapshot.skills.values()}


def test_a_snapshot_within_its_maximum_age_is_used_without_asking_the_database(
    world: World, clock: list[float], tables_read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ConfigCache(world.database)
    first = cache.current()
    del tables_read[:]
    clock[0] += 0.99
    assert cache.current() is first
    assert tables_read == []
    clock[0] += 0.02
    assert cache.current() is first
    assert tables_read == ["config_version"]  # nothing changed: one row is all that is read


def test_a_change_is_seen_when_the_maximum_age_is_over_and_all_tables_are_read_anew(
    world: World, clock: list[float]
) -> None:
    cache = ConfigCache(world.database)
    assert names(cache.current()) == {"Billing"}
    world.another_skill("Sales")
    assert names(cache.current()) == {"Billing"}
    clock[0] += 1.01
    assert names(cache.current()) == {"Billing", "Sales"}


def test_a_reload_gives_the_newest_configuration_at_once(world: World) -> None:
    cache = ConfigCache(world.database)
    cache.current()
    world.another_skill("Sales")
    assert names(cache.reload()) == {"Billing", "Sales"}


def test_a_refusal_by_an_old_snapshot_is_decided_anew(world: World) -> None:
    cache = ConfigCache(world.database)
    cache.current()
    world.another_skill("Sales")
    seen = []

    def decide(snapshot: ConfigSnapshot) -> str:
        seen.append(names(snapshot))
        if snapshot.skill_named("Sales") is None:
            raise DomainError(Code.UNKNOWN_SKILL, "There is no such skill.")
        return "found"

    assert cache.retry_if_stale(decide) == "found"
    assert seen == [{"Billing"}, {"Billing", "Sales"}]


def test_a_refusal_by_the_newest_snapshot_stands(world: World) -> None:
    def refuse(_: ConfigSnapshot) -> None:
        raise DomainError(Code.UNKNOWN_SKILL, "There is no such skill.")

    with pytest.raises(DomainError, match="unknown_skill"):
        ConfigCache(world.database).retry_if_stale(refuse)


def test_a_decision_whose_snapshot_is_always_outdated_gives_up(world: World) -> None:
    calls = []

    def outdated(_: ConfigSnapshot) -> None:
        calls.append(1)
        raise StaleSnapshot

    with pytest.raises(Unavailable, match="being changed"):
        ConfigCache(world.database).retry_if_stale(outdated)
    assert len(calls) == 5


def test_when_the_database_does_not_answer_a_decision_does_not_ask_again(world: World, tables_read: list[str]) -> None:
    cache = ConfigCache(world.database)
    cache.current()
    del tables_read[:]

    def unavailable(_: ConfigSnapshot) -> None:
        raise Unavailable("The database does not answer.")

    with pytest.raises(Unavailable):
        cache.retry_if_stale(unavailable)
    assert tables_read == []


def test_all_threads_that_wait_for_a_database_that_is_down_are_refused_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, released = [], threading.Event()

    def fail(*_: object) -> None:
        tries.append(1)
        released.wait(10)
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr("shared.callbacks.config_cache._newest_version", fail)
    cache = ConfigCache(world.database)
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(cache.current) for _ in range(8)]
        until(lambda: tries and threads._work_queue.qsize() == 0)
        until(lambda: sum(thread.is_alive() for thread in threads._threads) == 8)
        released.set()
    assert all(isinstance(answer.exception(), Unavailable) for answer in answers)
    assert len(tries) < 4, "each waited for its own turn to fail"
    with pytest.raises(Unavailable):
        cache.current()  # a later request reads again


def test_threads_that_wait_share_one_reading(world: World, tables_read: list[str]) -> None:
    cache = ConfigCache(world.database)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: cache.current(), range(32)))
    assert len({id(snapshot) for snapshot in found}) == 1
    assert tables_read.count("skill") == 1


def test_a_snapshot_is_of_one_piece_while_administrators_write(world: World, connect: Callable[..., Database]) -> None:
    # In each transaction the setting, the skill and the campaign get the same number: no snapshot may show two.
    world.settings(expire_minutes=0)
    world.configure(Skill, {"name": "0"})
    world.configure(Campaign, {"name": "0"})
    stop, looked = threading.Event(), threading.Event()
    written: list[int] = []

    def write(database: Database) -> None:
        while not stop.is_set():
            number = len(written) + 1
            with database.writing() as tx:
                tx.execute(update(Setting).values(value=number))
                tx.execute(update(Skill).values(name=str(number)))
                tx.execute(update(Campaign).values(name=str(number)))
                bump_version(tx)
                tx.commit()
            written.append(number)
            if number % 3 == 0:
                looked.wait(1)
                looked.clear()

    writer = threading.Thread(target=write, args=(connect(),))
    writer.start()
    cache = ConfigCache(world.database)
    deadline = time.monotonic() + 0.5
    seen: set[str] = set()
    while time.monotonic() < deadline or len(seen) < 4:
        snapshot = cache.reload()
        looked.set()
        numbers = {str(snapshot.settings.expire_minutes), *snapshot.skills, *snapshot.campaigns}
        assert len(numbers) == 1, numbers
        seen.update(numbers)
    stop.set()
    writer.join()


def test_reading_gives_up_when_the_configuration_changes_during_every_try(
    world: World, connect: Callable[..., Database]
) -> None:
    administrator = connect()

    def change(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM api_client" in statement:
            with administrator.writing() as tx:
                bump_version(tx)
                tx.commit()

    event.listen(world.database.engine, "before_cursor_execute", change)
    cache = ConfigCache(world.database)
    try:
        with pytest.raises(Unavailable, match="being changed"):
            cache.current()
    finally:
        event.remove(world.database.engine, "before_cursor_execute", change)
