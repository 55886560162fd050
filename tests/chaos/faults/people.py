"""Faults that change times in the database: rows become old enough for retention, callbacks become due or overdue."""

import fcntl
import random
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import text

from tests.chaos.faults.deck import Steps, fault
from tests.chaos.history import instant
from tests.chaos.invariants import AGED, DUE_NOW, OVERDUE
from tests.chaos.system_under_test import ROOMY, SystemUnderTest
from tests.support.databases import ON_SERVER

AGE = timedelta(days=60)  # longer than personal data are kept, shorter than history is
_CHOSEN = (
    "SELECT account_number, status, changed_at, start_at FROM callback WHERE status IN ({}) ORDER BY created_at DESC"
)


@fault("workers", AGED)
def grow_old(system: SystemUnderTest, rng: random.Random) -> Steps:
    """Closed callbacks become two months old, and so does the last change of some that are still to come."""
    closed = _age(system, rng, ("completed", "failed", "cancelled"), start=True)
    waiting = _age(system, rng, ("scheduled",), start=False)
    system.note(fault=AGED, phase="aged", accounts=[*closed, *waiting])
    system.ops("POST", "resign")
    yield 4.0


def _age(system: SystemUnderTest, rng: random.Random, statuses: tuple[str, ...], *, start: bool) -> list[str]:
    """Account numbers of up to twelve callbacks whose last change is long ago now, and their start with it."""
    names = ", ".join(f"'{status}'" for status in statuses)
    columns = ("changed_at", "start_at") if start else ("changed_at",)
    with system.database.writing() as tx:
        candidates = tx.execute(text(_CHOSEN.format(names))).all()
        chosen = rng.sample(candidates, min(12, len(candidates)))
        if start:
            system.retired.update(row.account_number for row in chosen)
        for row in chosen:
            for column in columns:
                tx.execute(
                    text(f"UPDATE callback SET {column} = :then WHERE account_number = :number"),  # noqa: S608
                    {"then": _before(getattr(row, column)), "number": row.account_number},
                )
        tx.commit()
    return [row.account_number for row in chosen]


def _before(value: Any) -> Any:
    """The instant of a database, which SQLite keeps as text, so much earlier."""
    if isinstance(value, str):
        return (datetime.fromisoformat(value) - AGE).isoformat(sep=" ", timespec="microseconds")
    return value - AGE


_STORED = "%Y-%m-%d %H:%M:%S.%f"  # an instant in SQLite
MOVED = 8  # callbacks that become overdue at a time
_AHEAD = """
SELECT account_number, pool_id, slot_start, start_at FROM callback JOIN skill ON skill.id = skill_id
WHERE status = 'scheduled' AND due_at > :later AND skill.name <> 'Sales' ORDER BY created_at DESC
"""


@fault("database", OVERDUE, possible=not ON_SERVER, hours=3)
@fault("database", DUE_NOW, possible=not ON_SERVER, hours=0)
def become_due(system: SystemUnderTest, rng: random.Random, hours: int) -> Steps:
    """Set the start of some callbacks of tomorrow to now, or to hours ago as after an outage of the hand-over.

    Meanwhile the write queue is held, and half of them are moved to tomorrow again: a step that chose them before must
    check its condition again when it writes.
    """
    path = f"{system.database.engine.url.database}.write-lock"
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours, seconds=1)
    with Path(path).open("a") as queue:
        while True:
            try:
                fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                yield 0.1
        chosen = _make_late(system, rng, then)
        system.note(fault=OVERDUE if hours else DUE_NOW, phase="late", accounts=chosen, start=then.isoformat())
        yield 1.2  # seconds in which the next cycle has chosen whom to expire, and waits for the write queue
        threads = [threading.Thread(target=_move, args=(system, account), daemon=True) for account in chosen[::2]]
        for thread in threads:
            thread.start()
        yield 0.8
    while any(thread.is_alive() for thread in threads):
        yield 0.1


def _make_late(system: SystemUnderTest, rng: random.Random, then: datetime) -> list[str]:
    """Written without the write queue, which is held. Their places move with them."""
    later, slot = datetime.now(UTC) + timedelta(minutes=45), then.replace(minute=then.minute // 30 * 30, second=0)
    with system.database.engine.connect() as tx:
        candidates = tx.execute(text(_AHEAD), {"later": later.strftime(_STORED)}).all()
        chosen = rng.sample(candidates, min(MOVED, len(candidates)))
        for row in chosen:
            values = {"then": then.strftime(_STORED), "slot": slot.strftime(_STORED), "account": row.account_number,
                      "pool": row.pool_id, "old": row.slot_start}  # fmt: skip
            tx.execute(text(
                "UPDATE callback SET start_at = :then, due_at = :then, slot_start = :slot"
                " WHERE account_number = :account AND status = 'scheduled'"), values)  # fmt: skip
            tx.execute(text("UPDATE slot SET booked = booked - 1 WHERE pool_id = :pool AND start_at = :old"), values)
            made = text("INSERT INTO slot (pool_id, start_at, capacity, booked) SELECT :pool, :slot, :room, 0 WHERE NOT"
                        " EXISTS (SELECT 1 FROM slot WHERE pool_id = :pool AND start_at = :slot)")  # fmt: skip
            tx.execute(made, {**values, "room": ROOMY})
            tx.execute(text("UPDATE slot SET booked = booked + 1 WHERE pool_id = :pool AND start_at = :slot"), values)
        tx.commit()
    return [row.account_number for row in chosen]


def _move(system: SystemUnderTest, account: str) -> None:
    """Move as a client would; the request goes into the history as a client's."""
    began, status, answer, error = instant(), None, None, None
    body = {"start": (datetime.now(UTC) + timedelta(hours=20)).isoformat(timespec="seconds")}
    try:
        response = requests.post(
            f"{system.stack.url}/api/v1/callbacks/{account}/reschedule", json=body, timeout=12,
            headers={"X-API-Key": system.stack.env["CM_IVR_KEY"]},
        )  # fmt: skip
        status, answer = response.status_code, response.json()
    except (requests.RequestException, ValueError) as failure:
        error = type(failure).__name__
    system.note(client=901, op="reschedule", key=None, account=account, began=began, ended=instant(), request=body,
             status=status, answer=answer, error=error, repeat=False, stale=False)  # fmt: skip
