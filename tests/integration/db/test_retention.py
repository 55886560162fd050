"""Retention removes personal data in small batches and keeps what reports count, on both engines."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update
from ulid import ULID

from shared.callbacks import retention
from shared.callbacks.booking import book
from shared.callbacks.personal_data import REMOVED
from shared.callbacks.retention import Purged, purge
from shared.callbacks.settings import BusinessSettings
from shared.db import models
from shared.db.audit_chain import seal_batch
from shared.errors import Code, DomainError
from tests.support.configured_database import NOW, World, phone

SETTINGS = BusinessSettings()
PERSONAL = timedelta(days=SETTINGS.keep_personal_days)
HISTORY = timedelta(days=SETTINGS.keep_history_days)
_minutes = itertools.count()


def callback(world: World, at: datetime, status: str = "completed", **values: Any) -> str:
    """Insert a callback of that time with its attempt, event, request and slot."""
    number = str(ULID())
    common = {"account_number": number, "status": status, "phone": phone(), "skill_id": world.skill_id,
              "campaign_id": world.campaign_id, "pool_id": world.pool_id, "slot_start": at, "start_at": at,
              "due_at": at, "first_name": "Ada", "last_name": "L", "call_data": {"customerId": "A-77"},
              "call_id": f"call-{number}", "source": "ivr", "attempts": 1, "outcome": "answered",
              "created_at": at, "changed_at": at}  # fmt: skip
    with world.database.writing() as tx:
        tx.execute(insert(models.Callback).values({**common, **values}))
        tx.execute(insert(models.Attempt).values(
            contact_key=f"{number}-01", account_number=number, number=1, campaign_id=world.campaign_id,
            batch_id=str(ULID()), epoch=1, node="n1", claimed_at=at, imported_at=at, dialed_at=at, finished_at=at,
            outcome="answered"))  # fmt: skip
        tx.execute(insert(models.CallbackEvent).values(
            account_number=number, at=at, to_status="scheduled", who="client:ivr", why="booked"))  # fmt: skip
        slot = select(models.Slot.id).where(models.Slot.pool_id == world.pool_id, models.Slot.start_at == at)
        if tx.execute(slot).first() is None:
            tx.execute(insert(models.Slot).values(pool_id=world.pool_id, start_at=at, capacity=3, booked=1))
        tx.commit()
    request(world, at, "scheduled", call_id=f"call-{number}", account_number=number)
    return number


def request(world: World, at: datetime, outcome: str, **values: Any) -> None:
    with world.database.writing() as tx:
        tx.execute(
            insert(models.CallbackRequest).values(
                **{"at": at, "outcome": outcome, "skill": "Billing", "source": "ivr", "slots_offered": 3, **values}
            )
        )
        tx.commit()


def counted(world: World) -> dict[str, Any]:
    """The rows of the reports without their personal columns."""
    queries = {
        "requests": "SELECT category, COUNT(*) FROM report_requests GROUP BY category ORDER BY category",
        "offered": "SELECT SUM(offered) FROM report_requests",
        "results": "SELECT skill, outcome, status, COUNT(*) FROM report_results GROUP BY skill, outcome, status",
        "made": "SELECT skill, outcome, COUNT(*) FROM report_made GROUP BY skill, outcome",
        "scheduled": "SELECT skill, status, COUNT(*) FROM report_scheduled GROUP BY skill, status ORDER BY status",
    }
    with world.database.reading() as connection:
        return {name: [tuple(row) for row in connection.execute(text(query))] for name, query in queries.items()}


def test_nothing_to_do_says_nothing(world: World) -> None:
    callback(world, NOW - timedelta(days=1))
    assert purge(world.database, SETTINGS, NOW).summary() is None


def test_personal_data_of_a_closed_callback_goes_and_the_row_stays(world: World) -> None:
    old = callback(world, NOW - PERSONAL - timedelta(hours=1))
    done = purge(world.database, SETTINGS, NOW)
    (row,) = world.rows(models.Callback, account_number=old)
    assert (row.phone, row.first_name, row.last_name, row.call_data, row.call_id) == (REMOVED, None, None, {}, None)
    assert (row.status, row.outcome, row.start_at) == ("completed", "answered", NOW - PERSONAL - timedelta(hours=1))
    assert [each.call_id for each in world.rows(models.CallbackRequest)] == [None]
    assert done == Purged(personal=1, requests=1)
    assert done.summary() == "purged 1 personal, 1 requests"


@pytest.mark.parametrize("status", ["scheduled", "importing", "imported"])
def test_an_open_callback_keeps_its_data_however_old_it_is(world: World, status: str) -> None:
    old = callback(world, NOW - PERSONAL * 2, status, open_rank=1)
    purge(world.database, SETTINGS, NOW)
    (row,) = world.rows(models.Callback, account_number=old)
    assert row.phone.startswith("+1312")


def test_a_callback_that_ended_late_keeps_its_data_from_its_end_on(world: World) -> None:
    old = callback(world, NOW - PERSONAL * 2, changed_at=NOW - timedelta(days=1))
    assert purge(world.database, SETTINGS, NOW).personal == 0
    assert world.rows(models.Callback, account_number=old)[0].first_name == "Ada"


def test_many_callbacks_without_a_phone_can_stand_side_by_side(world: World) -> None:
    for _ in range(3):
        callback(world, NOW - PERSONAL * 2)
    assert purge(world.database, SETTINGS, NOW).personal == 3
    assert purge(world.database, SETTINGS, NOW) == Purged()


def test_every_report_counts_the_same_after_the_purge_of_personal_data(world: World) -> None:
    old, recent = NOW - PERSONAL * 2, NOW - timedelta(days=1)
    for moment in (old, recent):
        for index, outcomes in enumerate((["asked", "asked", "declined"], ["asked", "slot_full", "abandoned"],
                                          ["no_slots"], ["asked"], ["invalid_phone"])):  # fmt: skip
            for step, outcome in enumerate(outcomes):
                request(world, moment + timedelta(seconds=step), outcome, call_id=f"{moment:%d}-{index}")
        request(world, moment, "asked")  # without a call id
        booked = callback(world, moment)
        request(world, moment - timedelta(seconds=9), "asked", call_id=f"call-{booked}")
        request(world, moment + timedelta(seconds=9), "asked", call_id=f"call-{booked}")
    before = counted(world)
    done = purge(world.database, SETTINGS, NOW)
    assert counted(world) == before
    assert done.requests > 0
    assert all(row.call_id is None for row in world.rows(models.CallbackRequest) if row.at < NOW - PERSONAL)


def test_late_writes_recurring_ids_and_offers_count_the_same_after_the_purge(world: World) -> None:
    old, other = NOW - PERSONAL * 2, world.add(
        models.ApiClient, name="ivr-2", key_hash="1" * 64, key_hint="1", scopes=["ivr"], enabled=True, changed_at=NOW,
        version=1,
    )  # fmt: skip

    def told(at: timedelta, outcome: str, call_id: str, offered: int | None = None, **values: Any) -> None:
        request(world, old + at, outcome, call_id=call_id, **{"slots_offered": offered, **values})

    second, hour, day = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
    told(second, "declined", "late")
    told(0 * second, "asked", "late", 5)
    for number in range(9):  # the id of every day, also of one that is recent
        told(number * day, "asked" if number % 2 else "invalid_phone", "daily", number % 2)
    request(world, NOW - second, "asked", call_id="daily")
    told(hour, "no_slots", "daily", 0, api_client_id=other)
    for number in range(4):  # one long call: each follows the one before within its time, the first and last do not
        told(3 * number * hour, "asked" if number < 3 else "slot_full", "long", 0 if number else 7)
    told(0 * hour, "asked", "offered", 3)
    told(hour, "slot_full", "offered")
    before = counted(world)
    assert dict(before["requests"]) == {"not_completed": 6, "no_slots": 1, "refused": 7}
    assert before["offered"] == [(1 + 4 + 1 + 0 + 1,)]
    for run in range(4):
        done = purge(world.database, SETTINGS, NOW)
        assert counted(world) == before, run
    assert done == Purged()
    assert all(row.call_id is None for row in world.rows(models.CallbackRequest) if row.at < NOW - PERSONAL)


def test_an_unfinished_purge_counts_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH_ROWS", 2)
    monkeypatch.setattr(retention, "MAX_BATCHES", 1)
    old = NOW - PERSONAL * 2
    for number in range(7):
        for second, outcome in enumerate(("asked", "asked", "slot_full")):
            request(world, old + timedelta(hours=3 * second), outcome, call_id=f"call-{number}")
    before = counted(world)
    for _ in range(20):
        purge(world.database, SETTINGS, NOW)
        assert counted(world) == before
    assert all(row.call_id is None for row in world.rows(models.CallbackRequest))


def test_a_call_that_goes_on_at_the_edge_is_counted_once(world: World) -> None:
    edge = NOW - PERSONAL
    request(world, edge - timedelta(seconds=5), "asked", call_id="edge")
    request(world, edge - timedelta(seconds=4), "scheduled", call_id="edge")
    request(world, edge + timedelta(seconds=5), "asked", call_id="edge")
    before = counted(world)
    purge(world.database, SETTINGS, NOW)
    assert counted(world) == before
    purge(world.database, SETTINGS, NOW + timedelta(hours=1))
    assert counted(world) == before


def test_an_old_idempotency_answer_goes_with_its_key(world: World) -> None:
    days = timedelta(days=SETTINGS.keep_answers_days)
    for name, at in (("old", NOW - days - timedelta(minutes=1)), ("new", NOW - days + timedelta(minutes=1))):
        request(world, at, "slot_full", request_key=name, request_hash="x" * 64, response={"detail": "words"},
                api_client_id=world.caller.client_id)  # fmt: skip
    assert purge(world.database, SETTINGS, NOW).answers == 1
    assert [(row.request_key, row.response) for row in world.rows(models.CallbackRequest)] == [
        (None, None),
        ("new", {"detail": "words"}),
    ]


def test_history_ends_with_all_that_hangs_on_it(world: World) -> None:
    callback(world, NOW - HISTORY - timedelta(days=1))
    kept = callback(world, NOW - timedelta(days=1))
    request(world, NOW - HISTORY - timedelta(days=1), "no_slots")
    world.add(models.MastershipTerm, epoch=1, node="n1", began_at=NOW - HISTORY * 2, ended_at=NOW - HISTORY * 1.5)
    world.add(models.MastershipTerm, epoch=2, node="n2", began_at=NOW - HISTORY * 1.5)
    counts = {"callbacks": 1, "row_count": 1, "do_not_call": False}
    for finished_at in (NOW - HISTORY * 1.5, NOW, None):
        at = {"requested_at": NOW - HISTORY * 2, "finished_at": finished_at}
        world.add(models.Erasure, requested_by="user:anna", **at, **counts)
    done = purge(world.database, SETTINGS, NOW)
    assert done.history == 5  # callback, request, slot, past master, finished erasure
    assert [row.finished_at for row in world.rows(models.Erasure)] == [NOW, None]
    for table in (models.Callback, models.Attempt, models.CallbackEvent):
        assert [row.account_number for row in world.rows(table)] == [kept]
    assert len(world.rows(models.Slot)) == 1
    assert len(world.rows(models.CallbackRequest)) == 1
    assert [row.epoch for row in world.rows(models.MastershipTerm)] == [2]


def test_the_audit_log_ends_by_its_own_setting(world: World) -> None:
    for days in (SETTINGS.keep_audit_days + 1, SETTINGS.keep_audit_days - 1):
        with world.database.writing() as tx:
            tx.execute(insert(models.AuditLog).values(at=NOW - timedelta(days=days), who="anna", action="update",
                                                      resource="setting"))  # fmt: skip
            tx.commit()
    seal_batch(world.database)
    assert purge(world.database, SETTINGS, NOW).audit == 1
    assert [row.who for row in world.rows(models.AuditLog)] == ["anna", "retention"]


def test_one_run_is_bounded_and_the_next_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH_ROWS", 2)
    monkeypatch.setattr(retention, "MAX_BATCHES", 2)
    for _ in range(7):
        callback(world, NOW - PERSONAL * 2 + timedelta(minutes=30 * next(_minutes)))
    first = purge(world.database, SETTINGS, NOW)
    assert (first.personal, first.unfinished) == (4, True)
    assert "more next time" in (first.summary() or "")
    second = purge(world.database, SETTINGS, NOW)
    assert second.personal == 3
    with world.database.reading() as connection:
        left = connection.execute(select(func.count()).where(models.Callback.phone != REMOVED)).scalar_one()
    assert left == 0


@pytest.mark.parametrize(("personal", "answers"), [(30, 3), (3, 3), (1, 90)])  # the last: stored by an older version
@pytest.mark.parametrize("batches", [1, 10])
def test_no_answer_is_kept_that_tells_of_removed_data(
    world: World, monkeypatch: pytest.MonkeyPatch, personal: int, answers: int, batches: int
) -> None:
    monkeypatch.setattr(retention, "BATCH_ROWS", 2)
    # 1: keyed requests beyond the first two wait for the next run
    monkeypatch.setattr(retention, "MAX_BATCHES", batches)
    settings = BusinessSettings(keep_personal_days=personal, keep_answers_days=answers)
    world.settings(keep_personal_days=personal, keep_answers_days=answers)
    for hours in range(3):
        request(world, NOW - timedelta(days=100, hours=hours), "slot_full", request_key=f"refused-{hours}",
                request_hash="x", response={}, api_client_id=world.caller.client_id)  # fmt: skip
    booked = {}
    for days in (2, 4, 31, 45):
        at = NOW - timedelta(days=days)
        start = (at + timedelta(hours=2)).isoformat()
        booked[f"key-{days}"] = booking_request = world.request(start=start)
        number = book(
            world.database, world.config_cache, booking_request, world.caller, at, f"key-{days}"
        ).callback.account_number
        with world.database.writing() as tx:
            closed = {"status": "completed", "open_rank": None, "changed_at": at + timedelta(hours=2)}
            tx.execute(update(models.Callback).where(models.Callback.account_number == number).values(closed))
            tx.commit()

    purge(world.database, settings, NOW)

    assert REMOVED in {row.phone for row in world.rows(models.Callback)}
    for key, booking_request in booked.items():
        try:
            answer = book(world.database, world.config_cache, booking_request, world.caller, NOW, key).callback
        except DomainError as refused:  # a new request by now, for a time that is over
            assert refused.code == Code.START_IN_PAST
        else:
            assert answer.phone == booking_request.phone
