"""The round trips and compiled statements of a booking on a server, counted on the wire."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import bindparam, insert, literal, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.lookup import find_by_account_number
from shared.callbacks.states import Status
from shared.callbacks.transitions import transition_many
from shared.db import models
from shared.db.prepared_statements import MAX_KEPT
from shared.db.session import Database
from tests.support.configured_database import NOW, World
from tests.support.databases import ON_SERVER
from tests.support.proxy import proxy_to
from tests.support.tds import Wire

pytestmark = pytest.mark.skipif(not ON_SERVER, reason="needs a server: CM_TEST_DATABASE_URL")

OTHER_SLOT = "2026-11-23T11:10"


@pytest.fixture
def world_and_wire(world: World, database_url: str) -> Iterator[tuple[World, Wire]]:
    """The world behind a proxy that parses its requests; it has booked before, so its connection is open."""
    url = make_url(database_url)
    with proxy_to(str(url.host), url.port or 1433) as proxy:
        moved = url.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
        with closing(Database(moved, timeout=10)) as database:
            wire, here = Wire(proxy), world.on(database)
            here.book()
            here.config_cache.current()
            wire.clear()
            yield here, wire


def known_snapshot(world: World) -> World:
    """Load the configuration snapshot, so that a booking does not read it."""
    world.config_cache.reload()
    return world


def test_a_warm_booking_takes_five_round_trips_and_commits_right_after_the_hot_update(
    world_and_wire: tuple[World, Wire],
) -> None:
    world, wire = world_and_wire
    known_snapshot(world)
    wire.clear()
    world.book()
    assert len(wire.requests) <= 5, wire.names
    assert "UPDATE slot" in wire.requests[-2].text
    assert wire.names[-1] == "COMMIT"


def test_the_first_booking_of_a_slot_takes_seven(world_and_wire: tuple[World, Wire]) -> None:
    world, wire = world_and_wire
    known_snapshot(world)
    wire.clear()
    world.book(start=OTHER_SLOT)
    assert len(wire.requests) <= 7, wire.names
    assert "UPDATE slot" in wire.requests[-2].text
    assert wire.names[-1] == "COMMIT"


def test_bookings_of_values_of_any_length_declare_the_same_parameters(world_and_wire: tuple[World, Wire]) -> None:
    world, wire = world_and_wire
    seen = []
    for first, last, data in (("Al", "X", {}), ("Christopherina", "Ó" * 50, {"reason": "r" * 900})):
        known_snapshot(world)
        wire.clear()
        world.book(f"key-{first}", first_name=first, last_name=last, call_data=data, call_id=first, agent_id=last[:9])
        seen.append([(request.name, request.declarations) for request in wire.requests])
    assert seen[0] == seen[1]
    callback = seen[0][0][1]
    assert callback.startswith("@P1 nvarchar(26),@P2 nvarchar(16),@P3 nvarchar(20),")


def test_times_are_compared_and_stored_with_the_precision_of_their_columns(world_and_wire: tuple[World, Wire]) -> None:
    world, wire = world_and_wire
    known_snapshot(world)
    wire.clear()
    world.book()
    for request in wire.requests[:4]:
        assert request.declarations.count("datetime2") == request.text.count("AS DATETIME2(6)") > 0


def test_lists_of_keys_have_few_lengths(world_and_wire: tuple[World, Wire]) -> None:
    world, wire = world_and_wire
    seen = []
    for count in (5, 8):
        numbers = [world.book(start=f"2026-11-23T{10 + i}:10").callback.account_number for i in range(count)]
        wire.clear()
        with world.database.writing() as tx:
            taken = transition_many(tx, numbers, Status.SCHEDULED, Status.SCHEDULED, where=(),
                                    now=NOW, who="user:a", why="looked at")  # fmt: skip
        assert len(taken) == count
        seen.append([request.declarations for request in wire.requests if request.declarations])
    assert seen[0] == seen[1]


def test_a_statement_that_failed_is_prepared_anew(world_and_wire: tuple[World, Wire]) -> None:
    world, _ = world_and_wire
    number = {"phone": "+13125550142", "added_at": NOW}
    for _ in range(2):
        with world.database.writing() as tx:
            tx.execute(insert(models.DoNotCall), number)
            with pytest.raises(IntegrityError):
                tx.execute(insert(models.DoNotCall), number)
    with world.database.writing() as tx:
        tx.execute(insert(models.DoNotCall), number)
        tx.commit()
    assert len(world.rows(models.DoNotCall)) == 1


def test_what_nobody_reads_does_not_keep_the_connection_busy(world_and_wire: tuple[World, Wire]) -> None:
    world, _ = world_and_wire
    for _ in range(2):
        world.book()
    many = text("SELECT a.account_number FROM callback a, callback b, callback c WHERE a.attempts = :attempts")
    with world.database.reading() as connection:
        for _ in range(2):
            assert connection.execute(many, {"attempts": 0}).fetchone()
            assert connection.execute(select(models.Callback.status)).scalars().first() == "scheduled"


def test_a_connection_keeps_no_more_statements_than_it_may(world_and_wire: tuple[World, Wire]) -> None:
    world, wire = world_and_wire
    with world.database.reading() as connection:
        wire.clear()
        for index in range(MAX_KEPT + 5):
            column = literal(index).label(f"a{index}")
            assert connection.execute(select(column, bindparam("x", "y"))).one() == (index, "y")
    assert 0 < wire.names.count("sp_unprepare") <= 5 + 5


def test_what_is_longer_than_its_column_is_compared_and_not_found(world_and_wire: tuple[World, Wire]) -> None:
    world, _ = world_and_wire
    with world.database.reading() as connection:
        for length in (21, 4001):
            query = select(models.Callback.account_number).where(models.Callback.phone == "1" * length)
            assert connection.execute(query).all() == []
        assert connection.execute(select(models.Slot.id).where(models.Slot.id == 1 << 40)).all() == []


def test_a_change_after_a_booking_sees_it(world_and_wire: tuple[World, Wire]) -> None:
    world, _ = world_and_wire
    number = world.book(start=OTHER_SLOT).callback.account_number
    cancel(world.database, number, now=NOW, who="client:ivr")
    assert find_by_account_number(world.database, world.config_cache, number).status == "cancelled"
    assert world.drift() == []
