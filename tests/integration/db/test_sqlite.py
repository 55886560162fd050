"""SQLite with our settings: pragmas, file modes, transactions, locks and constraints as on a server."""

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from shared.db.models import CallbackEvent, ConfigVersion, DoNotCall, Slot
from shared.db.session import Database
from tests.support.configured_database import NOW
from tests.support.databases import sqlite_only

pytestmark = sqlite_only


def version(database: Database) -> int:
    with database.reading() as connection:
        number: int = connection.execute(select(ConfigVersion.version)).scalar_one()
    return number


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5_000)]
)
def test_every_connection_is_prepared(database: Database, pragma: str, value: str | int) -> None:
    with database.reading() as first, database.reading() as second:
        for connection in (first, second):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/new/folder/cm.db")) as database:
        database.ping()
    assert (tmp_path / "new/folder/cm.db").exists()


def test_only_their_owner_can_read_a_new_database_and_its_companions(tmp_path: Path) -> None:
    """Whatever the umask is: they hold phone numbers, and a lock file that others may open stops every writer."""
    before = os.umask(0)
    try:
        with closing(Database(f"sqlite:///{tmp_path}/cm.db")) as database:
            with database.writing() as tx:
                tx.execute(text("CREATE TABLE numbers (phone TEXT)"))
                tx.commit()
            modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert {"cm.db", "cm.db-wal", "cm.db-shm", "cm.db.write-lock"} <= modes.keys()
    assert set(modes.values()) == {0o600}, modes


def test_what_is_not_committed_is_rolled_back(database: Database) -> None:
    before = version(database)
    with database.writing() as tx:
        tx.execute(update(ConfigVersion).values(version=99))
    with pytest.raises(ZeroDivisionError), database.writing() as tx:
        tx.execute(update(ConfigVersion).values(version=99))
        raise ZeroDivisionError
    assert version(database) == before


def test_what_is_committed_stays_even_if_the_block_then_fails(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as tx:
        tx.execute(update(ConfigVersion).values(version=99))
        tx.commit()
        raise ZeroDivisionError
    assert version(database) == 99


def test_a_reader_is_not_kept_waiting_by_a_writer_and_sees_what_was_committed(database: Database) -> None:
    before = version(database)
    with database.writing() as tx:
        tx.execute(update(ConfigVersion).values(version=99))
        assert version(database) == before
        tx.commit()
        assert version(database) == 99


def test_each_statement_of_a_reading_sees_what_was_committed_before_it(
    database: Database, connect: Callable[..., Database]
) -> None:
    with database.reading() as reader:
        before = reader.execute(select(ConfigVersion.version)).scalar_one()
        with connect().writing() as tx:
            tx.execute(update(ConfigVersion).values(version=before + 1))
            tx.commit()
        assert reader.execute(select(ConfigVersion.version)).scalar_one() == before + 1


def test_a_writer_takes_its_lock_with_its_first_statement_even_if_it_reads(database: Database) -> None:
    # With a deferred BEGIN another writer could come between what is read here and what is written then.
    with (
        closing(sqlite3.connect(str(database.engine.url.database), timeout=0, isolation_level=None)) as other,
        database.writing() as tx,
    ):
        tx.execute(select(ConfigVersion.version))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


def test_writers_of_two_processes_do_not_lose_each_others_changes(
    database: Database, connect: Callable[..., Database]
) -> None:
    ready, before = threading.Barrier(2), version(database)

    def count(of: Database) -> None:
        ready.wait(10)
        for _ in range(20):
            with of.writing() as tx:
                number = tx.execute(select(ConfigVersion.version)).scalar_one()
                tx.execute(update(ConfigVersion).values(version=number + 1))
                tx.commit()

    threads = [threading.Thread(target=count, args=(of,)) for of in (database, connect())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert version(database) == before + 40


def test_a_row_that_refers_to_nothing_is_refused(database: Database) -> None:
    with database.writing() as tx, pytest.raises(IntegrityError, match="FOREIGN KEY"):
        tx.execute(insert(Slot).values(pool_id=4711, start_at=NOW, capacity=1, booked=0))


def test_fewer_than_no_places_are_refused(database: Database) -> None:
    with database.writing() as tx, pytest.raises(IntegrityError, match="ck_slot_booked"):
        tx.execute(insert(Slot).values(pool_id=1, start_at=NOW, capacity=1, booked=-1))


def test_an_error_does_not_show_what_was_to_be_stored(database: Database) -> None:
    with database.writing() as tx:
        tx.execute(insert(DoNotCall).values(phone="+13125550142", added_at=NOW, note="Ada Lovelace"))
        with pytest.raises(IntegrityError) as refused:
            tx.execute(insert(DoNotCall).values(phone="+13125550142", added_at=NOW, note="Ada Lovelace"))
    assert "5550142" not in str(refused.value)
    assert "Lovelace" not in str(refused.value)


def test_a_commit_that_fails_leaves_neither_its_rows_nor_its_lock(database: Database) -> None:
    """A foreign key that is checked at the commit makes SQLite refuse it, and keep the transaction open."""
    event = insert(CallbackEvent).values(
        account_number="01NOBODY", at=NOW, to_status="scheduled", who="test", why="", id=1, from_status=None
    )
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        tx.execute(event)
        tx.commit()
    with database.writing() as tx:
        tx.execute(insert(DoNotCall).values(phone="+13125550142", added_at=NOW))
        tx.commit()
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(CallbackEvent)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(DoNotCall)).scalar_one() == 1
