"""No statement of the hot path scans a large table: each finds its rows by an index."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select

from shared.callbacks.availability import availability
from shared.callbacks.cancel_dispatch import cancel, dispatch_now
from shared.callbacks.lookup import find_by_account_number, find_by_phone
from shared.callbacks.reschedule import reschedule
from shared.callbacks.retention import purge
from shared.db.models import Attempt, Callback, CallbackEvent, CallbackRequest, DoNotCall, Slot
from tests.support.configured_database import NOW, World
from tests.support.databases import sqlite_only

pytestmark = sqlite_only

BIG = {model.__tablename__ for model in (Attempt, Callback, CallbackEvent, CallbackRequest, DoNotCall, Slot)}
PHONE = "+13125550142"


@pytest.fixture
def plans(world: World) -> Iterator[list[tuple[str, str]]]:
    """The statements that are executed, each with a step of its plan."""
    seen: list[tuple[str, str]] = []
    engine = world.database.engine

    def explain(connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if re.match(r"SELECT|UPDATE|DELETE", statement):
            raw = connection.connection.cursor()
            raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            seen.extend((statement, step[3]) for step in raw.fetchall())
            raw.close()

    event.listen(engine, "before_cursor_execute", explain)
    yield seen
    event.remove(engine, "before_cursor_execute", explain)


def scans(plans: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The steps that read a big table without an index that narrows it."""
    return [(statement, step) for statement, step in plans if re.match(rf"SCAN ({'|'.join(BIG)})\b", step)]


ACTS: dict[str, Callable[[World, str], object]] = {
    "a booking": lambda world, _: world.book("k-1"),
    "a repeated booking": lambda world, _: [world.book("k-1", phone="+13125550143") for _ in "12"],
    "a duplicate": lambda world, number: world.refusal(phone=PHONE),
    "a refusal with alternatives": lambda world, _: [world.book() for _ in "12"] and world.refusal(),
    "a cancel": lambda world, number: cancel(world.database, number, now=NOW, who="client:ivr"),
    "a move": lambda world, number: reschedule(
        world.database, world.config_cache, number, "2026-11-25T09:10", now=NOW, who="client:ivr"
    ),
    "a dispatch": lambda world, number: dispatch_now(
        world.database, world.config_cache, number, now=NOW, who="user:ann"
    ),
    "a look at a callback": lambda world, number: find_by_account_number(world.database, world.config_cache, number),
    "a look at a number": lambda world, _: find_by_phone(world.database, world.config_cache, PHONE),
    "a question": lambda world, _: availability(world.database, world.config_cache, "Billing", None, NOW),
    "a question about dates": lambda world, _: availability(
        world.database, world.config_cache, "Billing", None, NOW, dates=[date(2026, 11, 23), date(2026, 12, 3)]
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_a_statement_of_the_hot_path_finds_its_rows_by_an_index(
    world: World, plans: list[tuple[str, str]], act: Callable[[World, str], object]
) -> None:
    number = world.book(phone=PHONE).callback.account_number
    del plans[:]
    act(world, number)
    assert scans(plans) == []
    assert plans


def steps(world: World, plans: list[tuple[str, str]], query: Any) -> str:
    del plans[:]
    with world.database.reading() as connection:
        connection.execute(query).all()
    return "\n".join(step for _, step in plans)


def test_retention_looks_only_through_what_it_has_not_removed_yet(world: World, plans: list[tuple[str, str]]) -> None:
    world.book("k-1", call_id="call-1")
    del plans[:]
    purge(world.database, world.config_cache.current().settings, NOW)
    assert scans(plans) == []
    found = [step for statement, step in plans if statement.startswith("SELECT")]
    for index in ("ix_callback_personal", "ix_callback_request_personal", "ix_callback_request_keyed"):
        assert any(f"USING INDEX {index} (" in step or f"USING COVERING INDEX {index} (" in step for step in found), (
            found
        )


def test_due_callbacks_are_found_and_ordered_by_one_index(world: World, plans: list[tuple[str, str]]) -> None:
    due = (
        select(Callback.account_number)
        .where(Callback.status == "scheduled", Callback.campaign_id == world.campaign_id, Callback.due_at <= NOW)
        .order_by(Callback.due_at)
        .limit(500)
    )
    found = steps(world, plans, due)
    assert "ix_callback_due (status=? AND campaign_id=? AND due_at<?)" in found
    assert "TEMP B-TREE" not in found


def test_the_requests_of_an_interval_are_found_by_their_time(world: World, plans: list[tuple[str, str]]) -> None:
    counted = (
        select(CallbackRequest.outcome, func.count())
        .where(CallbackRequest.at >= NOW, CallbackRequest.at < NOW + timedelta(minutes=30))
        .group_by(CallbackRequest.outcome)
    )
    assert "USING COVERING INDEX ix_callback_request_at (at>? AND at<?)" in steps(world, plans, counted)


def test_the_booked_slots_of_a_pool_are_found_by_their_range(world: World, plans: list[tuple[str, str]]) -> None:
    booked = select(Slot.booked).where(
        Slot.pool_id == world.pool_id, Slot.start_at >= NOW, Slot.start_at < NOW + timedelta(days=3)
    )
    assert "SEARCH slot USING INDEX sqlite_autoindex_slot_1 (pool_id=? AND start_at>? AND start_at<?)" in steps(
        world, plans, booked
    )


def test_the_open_callbacks_of_a_number_are_found_by_it(world: World, plans: list[tuple[str, str]]) -> None:
    found = steps(world, plans, select(Callback.open_rank).where(Callback.phone == PHONE, Callback.open_rank > 0))
    assert "uq_callback_phone_open_rank (phone=?" in found
