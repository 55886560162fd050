"""Callback requests: every request leaves a row, also those that are written later by a background thread."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from shared.callbacks.request_log import RequestLog, insert_request_now, request_values
from shared.db.models import CallbackRequest
from shared.db.session import Database
from tests.support.configured_database import NOW, World
from tests.support.database_faults import down
from tests.support.until import until


@pytest.fixture
def log(database: Database) -> Iterator[RequestLog]:
    log = RequestLog(database)
    yield log
    log.close()


def asked(**values: Any) -> dict[str, Any]:
    return request_values(NOW, "asked", source="ivr", skill="Billing", slots_offered=3, **values)


def test_questions_are_written_within_a_second(world: World, log: RequestLog) -> None:
    log.put(asked(call_id="call-1"))
    row = until(lambda: world.rows(CallbackRequest), timeout=1.0)[0]
    assert (row.outcome, row.skill, row.slots_offered, row.call_id, row.at) == ("asked", "Billing", 3, "call-1", NOW)


def test_questions_are_written_in_batches(world: World, log: RequestLog, statements: list[str]) -> None:
    for _ in range(1200):
        log.put(asked())
    until(lambda: len(world.rows(CallbackRequest)) == 1200)
    assert 3 <= sum("INSERT INTO callback_request" in statement for statement in statements) <= 30


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """The statements that are executed from now on."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def test_closing_writes_what_is_left(world: World) -> None:
    log = RequestLog(world.database)
    for _ in range(700):
        log.put(asked())
    log.close()
    assert len(world.rows(CallbackRequest)) == 700


def test_an_outage_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.db.session._pause", lambda *_: 0.001)
    monkeypatch.setattr(RequestLog, "INTERVAL_SECONDS", 0.01)
    log = RequestLog(world.database)
    flushed = threading.Event()
    flush = log._flush

    def flush_and_tell() -> None:
        flush()
        flushed.set()

    monkeypatch.setattr(log, "_flush", flush_and_tell)
    with down(world.database):
        for _ in range(10):
            log.put(asked())
        until(flushed.is_set)
    until(lambda: len(world.rows(CallbackRequest)) == 10)
    log.close()
    assert log.dropped == 0


def test_the_log_is_bounded_and_counts_what_it_drops(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RequestLog, "MAX_ROWS", 5)
    monkeypatch.setattr(RequestLog, "INTERVAL_SECONDS", 60)
    log = RequestLog(world.database)
    for _ in range(8):
        log.put(asked())
    log.close()
    assert (log.dropped, len(world.rows(CallbackRequest))) == (3, 5)


def test_a_record_that_the_database_refuses_does_not_hold_back_the_others(world: World) -> None:
    log = RequestLog(world.database)
    for number in range(20):
        log.put(asked(api_client_id=4711 if number in (3, 11) else None))  # there is no such client
    log.close()
    assert (log.dropped, len(world.rows(CallbackRequest))) == (2, 18)


def test_questions_that_come_from_many_threads_are_all_written(world: World) -> None:
    log = RequestLog(world.database)

    def ask() -> None:
        for _ in range(100):
            log.put(asked())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    assert len(world.rows(CallbackRequest)) == 800


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x" * 5000, "x" * 64),
        ("🧾" * 64, "🧾" * 32),  # two UTF-16 units each, as SQL Server counts
        ("x" + "🧾" * 64, "x" + "🧾" * 31),
        ("a\x00b", "ab"),
        ("\ud800", "?"),
        ("Ünïcode", "Ünïcode"),
        ("", ""),
    ],
)
def test_a_request_may_name_anything_and_is_still_recorded(world: World, text: str, kept: str) -> None:
    world.refusal(skill=text or "-", campaign=text, call_id=text)
    insert_request_now(world.database, asked(campaign=text))
    first, second = world.rows(CallbackRequest)
    assert (first.campaign, first.call_id, second.campaign) == (kept, kept, kept)


def test_an_offer_that_was_not_taken_is_tied_to_its_call(world: World) -> None:
    insert_request_now(world.database, request_values(NOW, "asked", source="ivr", call_id="call-1", slots_offered=7))
    insert_request_now(world.database, request_values(NOW, "declined", source="ivr", call_id="call-1"))
    assert [(row.outcome, row.call_id) for row in world.rows(CallbackRequest)] == [
        ("asked", "call-1"), ("declined", "call-1")]  # fmt: skip
