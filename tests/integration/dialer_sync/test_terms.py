"""Masterships in the database: the epoch only grows; the timeline holds node, times and reason."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from services.dialer_sync.election.errors import NotMaster, StaleEpoch
from services.dialer_sync.election.fencing import UNKNOWN_END_REASON, begin_term, end_term, fence
from services.dialer_sync.election.lease import LeaderTerm
from shared.db import models
from shared.db.session import Database
from tests.support.configured_database import NOW
from tests.support.tables import table_of


def term(epoch: int, node: str = "a", since: datetime = NOW) -> LeaderTerm:
    return LeaderTerm(epoch, since, node)


def nothing_to_prove() -> None:
    raise AssertionError("there was nothing to prove")


def rows(database: Database, model: type[models.Base]) -> list[tuple[object, ...]]:
    table = table_of(model)
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]


def test_the_epoch_of_zookeeper_is_taken_and_the_term_stands_in_the_timeline(database: Database) -> None:
    assert begin_term(database, term(7), nothing_to_prove) == 7
    assert rows(database, models.Mastership) == [(1, 7, 0, "a", NOW, NOW)]
    assert rows(database, models.MastershipTerm) == [(7, "a", NOW, None, None)]


def test_a_later_term_closes_the_earlier_and_fences_it_off(database: Database) -> None:
    begin_term(database, term(7), nothing_to_prove)
    later = NOW + timedelta(minutes=5)
    begin_term(database, term(9, "b", later), nothing_to_prove)
    assert rows(database, models.MastershipTerm) == [
        (7, "a", NOW, later, UNKNOWN_END_REASON),
        (9, "b", later, None, None),
    ]
    with database.writing() as tx:
        fence(tx, 9, later)
    with database.writing() as tx, pytest.raises(StaleEpoch):
        fence(tx, 7, later)


def test_the_reason_of_an_ended_term_is_kept_also_when_it_comes_late(database: Database) -> None:
    begin_term(database, term(7), nothing_to_prove)
    begin_term(database, term(9, "b", NOW + timedelta(minutes=5)), nothing_to_prove)
    end_term(database, 7, "the ZooKeeper session ended", NOW + timedelta(minutes=9))
    assert rows(database, models.MastershipTerm)[0][3:] == (NOW + timedelta(minutes=5), "the ZooKeeper session ended")
    end_term(database, 9, "resigned", NOW + timedelta(minutes=10))
    end_term(database, 9, "stopped", NOW + timedelta(minutes=11))
    assert rows(database, models.MastershipTerm)[1][3:] == (NOW + timedelta(minutes=10), "resigned")


def test_an_older_epoch_that_zookeeper_does_not_confirm_never_begins(database: Database) -> None:
    begin_term(database, term(9, "b"), nothing_to_prove)

    def refuse() -> None:
        raise NotMaster("mastership could not be confirmed: the lock node is gone")

    with pytest.raises(NotMaster):
        begin_term(database, term(7), refuse)
    assert rows(database, models.Mastership)[0][1] == 9


def test_after_zookeeper_was_set_up_anew_epochs_go_on_from_the_databases(database: Database) -> None:
    begin_term(database, term(5_000_000_000), nothing_to_prove)
    proofs: list[int] = []
    assert begin_term(database, term(4, "b", NOW + timedelta(1)), lambda: proofs.append(1)) == 5_000_000_001
    assert begin_term(database, term(9, "a", NOW + timedelta(2)), lambda: proofs.append(2)) == 5_000_000_002
    assert proofs == [1, 2]


def test_a_term_whose_commit_was_lost_on_the_way_back_is_recognised(database: Database) -> None:
    assert begin_term(database, term(7), nothing_to_prove) == 7
    assert begin_term(database, term(7), nothing_to_prove) == 7
    assert len(rows(database, models.MastershipTerm)) == 1
