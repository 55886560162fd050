"""The demo's data are consistent, as if the services had written them, and no callback is due at once."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from deploy.sandbox.seed import DEMO_SKILL, seed
from services.admin_api.identity import passwords
from shared.callbacks.booking_request import ApiCaller
from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.states import OPEN, is_legal
from shared.db.models import (
    Attempt,
    AuditLog,
    Callback,
    CallbackEvent,
    CallbackRequest,
    DoNotCall,
    PortalUser,
    Skill,
    Slot,
)
from shared.db.session import Database
from tests.support.configured_database import World

NOW = datetime(2026, 11, 25, 17, 40, tzinfo=UTC)
KEYS = {"ivr": "one", "ops": "three", "admin": "a demo password"}


@pytest.fixture
def empty_world(database: Database) -> World:
    """A database with the schema and without data."""
    return World(database, ConfigCache(database), ApiCaller(0, "-", "-"), 0, 0, 0, 0, 0)


@pytest.fixture
def demo_world(empty_world: World) -> World:
    assert seed(empty_world.database, KEYS, NOW, history=True)
    return empty_world


def test_every_path_of_events_is_a_legal_one_and_ends_where_the_callback_is(demo_world: World) -> None:
    events: dict[str, list[CallbackEvent]] = {}
    for event in demo_world.rows(CallbackEvent):
        events.setdefault(event.account_number, []).append(event)
    for callback in demo_world.rows(Callback):
        path = events[callback.account_number]
        assert path[0].from_status is None
        assert all(is_legal(event.from_status, event.to_status) for event in path)
        assert all(one.to_status == two.from_status for one, two in itertools.pairwise(path))
        assert path[-1].to_status == callback.status
        assert [event.at for event in path] == sorted(event.at for event in path)
        assert (callback.open_rank == 1) is (callback.status in OPEN)


def test_slots_hold_as_many_as_they_say_and_no_more_than_they_can(demo_world: World) -> None:
    assert demo_world.drift() == []
    assert len(demo_world.rows(Slot)) > 100


def test_the_past_is_over_and_the_future_begins_in_an_hour(demo_world: World) -> None:
    callbacks = demo_world.rows(Callback)
    assert 200 < len(callbacks) < 2000
    waiting = [one for one in callbacks if one.status == "scheduled"]
    assert len(waiting) > 20
    assert min(one.due_at for one in waiting) >= NOW + timedelta(hours=1)
    assert {one.status for one in callbacks} == {"scheduled", "completed", "failed", "cancelled", "expired"}
    assert all(event.at <= NOW for event in demo_world.rows(CallbackEvent))


def test_attempts_stand_where_they_were_made_and_are_finished(demo_world: World) -> None:
    made = {one.account_number: one.attempts for one in demo_world.rows(Callback)}
    attempts = demo_world.rows(Attempt)
    assert sum(made.values()) == len(attempts)
    assert all(one.finished_at for one in attempts)


def test_every_page_has_something_to_show(demo_world: World) -> None:
    assert {"Billing", "Sales", "Support", "Collections", "Retention"} == {row.name for row in demo_world.rows(Skill)}
    assert {row.role for row in demo_world.rows(PortalUser)} == {"administrator", "supervisor", "operator", "viewer"}
    for table in (DoNotCall, AuditLog, CallbackRequest):
        assert demo_world.rows(table)


def test_without_history_there_is_the_administrator_and_an_empty_book(empty_world: World) -> None:
    assert seed(empty_world.database, KEYS, NOW)
    (admin,) = empty_world.rows(PortalUser)
    assert passwords.verify(admin.password_hash, KEYS["admin"])
    assert empty_world.rows(Callback) == []
    assert DEMO_SKILL in {row.name for row in empty_world.rows(Skill)}


def test_a_second_start_adds_nothing_and_lets_the_keys_of_the_file_in(demo_world: World) -> None:
    before = len(demo_world.rows(Callback))
    assert not seed(demo_world.database, {**KEYS, "admin": "another password"}, NOW, history=True)
    assert len(demo_world.rows(Callback)) == before
    admin = next(row for row in demo_world.rows(PortalUser) if row.name == "admin")
    assert passwords.verify(admin.password_hash, "another password")
