"""The audit log's chain: any number of nodes seal it at once, and a later change or removal of a row breaks it."""

import hashlib
import json
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from deploy.doctor import audit_chain as doctor
from deploy.doctor.finding import Verdict
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.roles import Role
from shared.callbacks.retention import purge
from shared.callbacks.settings import BusinessSettings
from shared.db.audit import write_audit
from shared.db.audit_chain import BATCH_ROWS, Link, seal_batch
from shared.db.audit_verification import ChainReport, verify
from shared.db.models import AuditLog, AuditSeal
from shared.db.session import Database
from tests.support.configured_database import NOW, World
from tests.support.databases import sqlite_only

ANNA = CurrentUser(1, "anna", "Anna", Role.SUPERVISOR, address="10.0.0.7", request_id="r-1")
SETTINGS = BusinessSettings()


def act(database: Database, number: int, days_ago: int = 0) -> None:
    with database.writing() as tx:
        write_audit(tx, ANNA, "update", "settings", number, now=NOW - timedelta(days=days_ago), label=f"Löck {number}",
                    before={"minutes": 5}, after={"minutes": number})  # fmt: skip
        tx.commit()


def sealed(database: Database, count: int, days_ago: int = 0) -> None:
    for number in range(count):
        act(database, number, days_ago)
    seal_all(database)


def seal_all(database: Database) -> None:
    while seal_batch(database):
        pass


def tamper(database: Database, *statements: Any) -> None:
    with database.writing() as tx:
        for statement in statements:
            tx.execute(statement)
        tx.commit()


def ids(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.execute(select(AuditLog.id).order_by(AuditLog.id)).scalars())


def test_what_was_written_is_sealed_in_order_and_the_chain_is_whole(world: World) -> None:
    sealed(world.database, 3)
    sealed(world.database, 2)
    report = verify(world.database)
    assert (report.breaks, report.seals, report.last, report.unsealed) == ([], 5, 5, 0)
    assert [row.audit_id for row in world.rows(AuditSeal)] == ids(world.database)


def test_rows_that_nobody_sealed_yet_are_told(world: World) -> None:
    sealed(world.database, 1)
    act(world.database, 7)
    report = verify(world.database)
    assert (report.breaks, report.unsealed, report.oldest_at) == ([], 1, NOW)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", NOW + timedelta(microseconds=1)), ("who", "user:bob"), ("action", "delete"), ("resource", "users"),
        ("resource_id", None), ("label", "Lock 1"), ("before", {"minutes": 6}), ("after", None),
        ("address", "10.0.0.8"), ("request_id", "r-2"),
    ],
)  # fmt: skip
def test_a_change_of_any_column_is_found_and_the_row_named(world: World, column: str, value: Any) -> None:
    sealed(world.database, 3)
    middle = ids(world.database)[1]
    tamper(world.database, update(AuditLog).where(AuditLog.id == middle).values({column: value}))
    (problem,) = verify(world.database).breaks
    assert problem.startswith(f"row {middle} (position 2")
    assert problem.endswith("was changed after it was sealed")


def test_a_row_that_is_removed_is_named(world: World) -> None:
    sealed(world.database, 3)
    middle = ids(world.database)[1]
    tamper(world.database, delete(AuditLog).where(AuditLog.id == middle))
    assert verify(world.database).breaks == [f"row {middle} (position 2) was removed"]


def test_rows_that_are_removed_with_their_seals_leave_a_gap(world: World) -> None:
    sealed(world.database, 5)
    gone = ids(world.database)[1:3]
    tamper(world.database, delete(AuditLog).where(AuditLog.id.in_(gone)),
           delete(AuditSeal).where(AuditSeal.audit_id.in_(gone)))  # fmt: skip
    assert verify(world.database).breaks == [
        "positions 2 to 3 of the chain: rows were removed together with their seals"
    ]


@pytest.mark.parametrize("next_seal_too", [False, True])
def test_a_row_and_its_seal_that_are_made_anew_do_not_fit_what_follows(world: World, next_seal_too: bool) -> None:
    sealed(world.database, 3)
    middle = ids(world.database)[1]
    tamper(world.database, update(AuditLog).where(AuditLog.id == middle).values(who="user:bob"))
    forged = _sha256(world, 2)
    tamper(world.database, update(AuditSeal).where(AuditSeal.position == 2).values(hash=forged))
    if next_seal_too:
        tamper(world.database, update(AuditSeal).where(AuditSeal.position == 3).values(previous=forged))
    (problem,) = verify(world.database).breaks
    assert "position 3" in problem


def test_the_hash_is_of_the_hash_before_and_of_what_the_row_holds(world: World) -> None:
    """In words for whoever verifies with other tools: JSON of [previous, columns], keys sorted, NULLs left out."""
    sealed(world.database, 2)
    seals = world.rows(AuditSeal)
    assert [seal.previous for seal in seals] == ["0" * 64, seals[0].hash]
    assert [seal.hash for seal in seals] == [_sha256(world, 1), _sha256(world, 2)]


def _sha256(world: World, position: int) -> str:
    (seal,) = world.rows(AuditSeal, position=position)
    (row,) = world.rows(AuditLog, id=seal.audit_id)
    columns = {name: value for name, value in row._mapping.items() if value is not None}
    columns["at"] = row.at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
    text = json.dumps([seal.previous, columns], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_beginning_that_no_retention_removed_is_missing(world: World) -> None:
    sealed(world.database, 4)
    tamper(world.database, delete(AuditLog).where(AuditLog.id.in_(ids(world.database)[:2])),
           delete(AuditSeal).where(AuditSeal.position <= 2))  # fmt: skip
    assert verify(world.database).breaks == ["what stood before position 3 is missing, and no retention removed it"]


def test_retention_removes_the_beginning_and_the_rest_can_still_be_verified(world: World) -> None:
    sealed(world.database, 3, days_ago=SETTINGS.keep_audit_days + 2)
    sealed(world.database, 2)
    assert purge(world.database, SETTINGS, NOW).audit == 3
    assert verify(world.database).breaks == ["what stood before position 4 is missing, and no retention removed it"]
    seal_all(world.database)  # the row that says it
    report = verify(world.database)
    assert (report.breaks, report.first, report.last, report.unsealed) == ([], 4, 6, 0)
    assert [row.action for row in world.rows(AuditLog)] == ["update", "update", "purge"]


@sqlite_only  # a server's procedure goes by the server's own clock, for which these rows are of the future
def test_the_row_that_says_what_retention_removed_goes_itself_when_it_is_old(world: World) -> None:
    sealed(world.database, 3, days_ago=SETTINGS.keep_audit_days + 2)
    sealed(world.database, 2)
    assert purge(world.database, SETTINGS, NOW).audit == 3
    seal_all(world.database)
    later = NOW + timedelta(days=SETTINGS.keep_audit_days + 2)
    sealed(world.database, 1, days_ago=-SETTINGS.keep_audit_days - 1)
    assert purge(world.database, SETTINGS, later).audit == 3
    seal_all(world.database)
    assert verify(world.database).breaks == []


def test_retention_keeps_what_is_not_sealed_and_the_newest_seal(world: World) -> None:
    old = SETTINGS.keep_audit_days + 2
    act(world.database, 1, old)
    assert purge(world.database, SETTINGS, NOW).audit == 0
    seal_all(world.database)
    assert purge(world.database, SETTINGS, NOW).audit == 0
    sealed(world.database, 1, old)
    assert purge(world.database, SETTINGS, NOW).audit == 1
    seal_all(world.database)
    assert verify(world.database).breaks == []


def test_an_act_that_commits_after_later_ones_is_sealed_too(world: World) -> None:
    sealed(world.database, 3)
    first, late, last = ids(world.database)
    tamper(world.database, delete(AuditLog), delete(AuditSeal))
    for number in (first, last, late):
        row = {"id": number, "at": NOW, "who": "user:anna", "action": "update", "resource": "settings"}
        _with_id(world.database, row)
        seal_all(world.database)
    assert [row.audit_id for row in world.rows(AuditSeal)] == [first, last, late]
    assert verify(world.database).breaks == []


def _with_id(database: Database, row: dict[str, Any]) -> None:
    with database.writing() as tx:
        if database.dialect == "mssql":
            tx.execute(text("SET IDENTITY_INSERT audit_log ON"))
        tx.execute(insert(AuditLog).values(row))
        if database.dialect == "mssql":
            tx.execute(text("SET IDENTITY_INSERT audit_log OFF"))
        tx.commit()


def test_nodes_that_act_and_seal_at_once_make_one_whole_chain(world: World, connect: Callable[..., Database]) -> None:
    writers, sealers, acts = 3, 3, 25
    done = threading.Event()
    problems: list[BaseException] = []

    def noted(work: Callable[[Database], None]) -> None:
        try:
            work(connect())
        except BaseException as error:
            problems.append(error)
            raise

    def write(database: Database) -> None:
        for number in range(acts):
            act(database, number)

    def seal(database: Database) -> None:
        while not done.is_set():
            seal_batch(database)

    sealing = [threading.Thread(target=noted, args=(seal,)) for _ in range(sealers)]
    writing = [threading.Thread(target=noted, args=(write,)) for _ in range(writers)]
    for thread in (*sealing, *writing):
        thread.start()
    for thread in writing:
        thread.join()
    done.set()
    for thread in sealing:
        thread.join()
    seal_all(world.database)
    assert problems == []
    report = verify(world.database)
    assert (report.breaks, report.seals, report.unsealed) == ([], writers * acts, 0)


def test_of_two_that_read_the_same_end_one_seals(world: World, connect: Callable[..., Database]) -> None:
    act(world.database, 1)
    other = connect()
    inner: list[list[Link]] = []
    outer = seal_batch(world.database, copy=lambda _links: inner.append(seal_batch(other)))
    assert (len(inner[0]), outer) == (1, [])
    assert verify(world.database).seals == 1


def test_what_could_not_be_copied_is_not_sealed_yet(world: World) -> None:
    act(world.database, 1)

    def down(_links: object) -> None:
        raise OSError("no route to host")

    with pytest.raises(OSError, match="no route"):
        seal_batch(world.database, copy=down)
    assert verify(world.database).unsealed == 1
    assert len(seal_batch(world.database)) == 1


def test_more_than_a_batch_is_sealed_batch_by_batch(world: World) -> None:
    with world.database.writing() as tx:
        for number in range(BATCH_ROWS + 1):
            write_audit(tx, ANNA, "update", "settings", number, now=NOW)
        tx.commit()
    assert [len(seal_batch(world.database)) for _ in range(3)] == [BATCH_ROWS, 1, 0]
    assert verify(world.database) == ChainReport(
        BATCH_ROWS + 1, 1, BATCH_ROWS + 1, world.rows(AuditSeal)[-1].hash, [], 0, None
    )


def test_doctor_verifies_the_chain_and_names_the_row_that_breaks_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CM_DATABASE_URL", database_url)
    with closing(Database(database_url, timeout=10)) as database:
        sealed(database, 3)
        (whole,) = doctor.check()
        assert whole.verdict is Verdict.OK
        assert whole.text.startswith("whole: 3 rows, up to position 3, hash ")
        second = ids(database)[1]
        tamper(database, update(AuditLog).where(AuditLog.id == second).values(who="user:bob"))
        act(database, 9)
        broken, waiting = doctor.check()
    assert broken.verdict is Verdict.FAILED
    assert f"row {second} " in broken.text
    assert (waiting.verdict, waiting.text[:38]) == (Verdict.WARNING, "1 rows of the audit log are not sealed")


@sqlite_only
def test_doctor_reads_no_chain_where_there_is_no_database(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CM_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    (found,) = doctor.check()
    assert found.verdict is Verdict.SKIPPED
