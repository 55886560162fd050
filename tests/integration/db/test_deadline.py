"""The deadline of a use case bounds every wait of its transactions, and their commits."""

import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from sqlalchemy import func, insert, select

from shared import deadline
from shared.db.models import DoNotCall
from shared.db.session import Database, retried
from shared.deadline import DeadlinePassed
from shared.errors import Unavailable
from tests.support.configured_database import NOW
from tests.support.until import until

ROW = insert(DoNotCall).values(phone="+13125550142", added_at=NOW)


def rows(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(DoNotCall)).scalar_one())


def test_what_was_written_is_not_committed_after_the_deadline(database: Database) -> None:
    with pytest.raises(DeadlinePassed), deadline.within(0.5), database.writing() as tx:
        tx.execute(ROW)
        until(lambda: deadline.remaining() < 0)
        tx.commit()
    assert rows(database) == 0


def test_nothing_is_begun_after_the_deadline(database: Database) -> None:
    with deadline.within(0):
        for transaction in (database.reading, database.writing):
            with pytest.raises(DeadlinePassed), transaction():
                raise AssertionError("it was begun")


def test_the_wait_for_a_connection_ends_with_the_deadline(connect: Callable[..., Database]) -> None:
    database = connect(pool_size=1)
    with ExitStack() as held:
        for _ in range(2):
            held.enter_context(database.reading())
        began = time.monotonic()
        with pytest.raises(Unavailable), deadline.within(0.2):
            retried(rows)(database)
        assert time.monotonic() - began < 5, "without the deadline the pool waits for 10 s"
    assert rows(database) == 0  # and the places are free again


def test_the_wait_for_the_turn_to_write_ends_with_the_deadline(connect: Callable[..., Database]) -> None:
    mine, others = connect(), connect()
    if mine.dialect != "sqlite":
        pytest.skip("a server's writers wait for locks, which its own limit ends")
    with others.writing() as tx:
        tx.execute(ROW)
        began = time.monotonic()
        with pytest.raises(Unavailable), deadline.within(0.2):
            retried(_write)(mine)
        assert time.monotonic() - began < 3, "without the deadline the queue waits for 5 s"
    assert rows(mine) == 0


def _write(database: Database) -> None:
    with database.writing() as tx:
        tx.execute(ROW)
        tx.commit()


def test_a_use_case_bound_to_a_lease_ends_with_the_time_that_was_left_when_it_began(database: Database) -> None:
    with deadline.following(lambda: 0.5), pytest.raises(DeadlinePassed):
        retried(_write_after_a_while)(database)
    assert rows(database) == 0


def test_a_transaction_bound_to_a_lease_is_not_committed_when_the_lease_is_lost_meanwhile(database: Database) -> None:
    left = [60.0]
    with deadline.following(lambda: left[0]), pytest.raises(DeadlinePassed), database.writing() as tx:
        tx.execute(ROW)
        left[0] = 0.0
        tx.commit()
    assert rows(database) == 0


def _write_after_a_while(database: Database) -> None:
    with database.writing() as tx:
        tx.execute(ROW)
        until(lambda: deadline.remaining() < 0)
        tx.commit()


def test_an_inner_deadline_ends_with_its_block(database: Database) -> None:
    with deadline.within(60):
        with deadline.within(0), pytest.raises(DeadlinePassed):
            rows(database)
        assert rows(database) == 0
