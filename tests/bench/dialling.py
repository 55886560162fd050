"""Parts `hand-over` and `failover`: how fast due callbacks reach UCCE, and the gap when a master dies."""

import signal
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from ulid import ULID

from deploy.sandbox.ucce_simulator.control_client import Control
from shared.clock import utcnow
from shared.db import models
from tests.bench.report import Check, at_most
from tests.bench.system_under_test import SystemUnderTest
from tests.support.until import until

DUE = 10_000
SESSION = 4.0  # seconds: the ZooKeeper session timeout
ROUNDS = 10
SETTINGS = {"CM_ZOOKEEPER_SESSION_TIMEOUT": f"{SESSION:g}", "CM_UCCE_TIMEOUT": "1.2", "CM_SYNC_INTERVAL": "1"}
BLOWS = {"SIGKILL": SESSION + 2, "SIGTERM": 1.0, "SIGSTOP": SESSION + 2}


@contextmanager
def dialling_rig(var: Path) -> Iterator[tuple[SystemUnderTest, Control]]:
    """A stack with a short session, whose simulator takes contacts and dials none: only hand-overs are measured."""
    system = SystemUnderTest(var, SETTINGS)
    try:
        system.start()
        control = Control(system.stack.settings.environment["CM_UCCE_URL"].replace("https://", "http://"))
        control.dialer(paused=True)
        until(lambda: _in_sync(system), timeout=30, what="the campaign in UCCE")
        yield system, control
    finally:
        system.stop()


def measure_hand_over(var: Path) -> tuple[dict[str, Any], list[Check]]:
    """Seconds until 10,000 callbacks that are due at once are imported, with UCCE answering at once and after
    300 ms.
    """
    found: dict[str, Any] = {}
    with dialling_rig(var) as (system, control):
        for name, delay in (("at_once", 0.0), ("after_300_ms", 0.3)):
            control.delay(delay)
            due = utcnow() + timedelta(seconds=4)
            before = len(control.received(method="POST", kind="import"))
            _add_due(system, [due] * DUE)
            until(lambda: not _waiting(system), timeout=120, every=0.1, what="all handed over")
            imports = len(control.received(method="POST", kind="import")) - before
            found[name] = {"seconds": (_last_import(system) - due).total_seconds(), "imports": imports}
        found["imported_twice"] = len(control.duplicates())
    return found, [
        at_most(f"{DUE:,} due: import requests", found["at_once"]["imports"], 20),
        at_most(f"{DUE:,} due: to the last import, answers at once", found["at_once"]["seconds"], 10, "s"),
        at_most(f"{DUE:,} due: imported twice", found["imported_twice"], 0),
    ]


def measure_failover(var: Path, rounds: int = ROUNDS) -> tuple[dict[str, Any], list[Check]]:
    """Seconds from a signal to the master until its successor's first import, while a callback is due every 50 ms."""
    found: dict[str, Any] = {}
    checks = []
    with dialling_rig(var) as (system, control):
        for blow, limit in BLOWS.items():
            taken = [_fail_over(system, signal.Signals[blow]) for _ in range(rounds)]
            found[blow] = {"median": statistics.median(taken), "worst": max(taken), "rounds": taken}
            print(f"    {blow}: median {statistics.median(taken):.2f} s, worst {max(taken):.2f} s", flush=True)
            checks.append(
                at_most(f"{blow} of the master: to the new one's first import, worst", max(taken), limit, "s")
            )
        until(lambda: not _waiting(system), timeout=60, every=0.1, what="all handed over")
        checks.append(at_most("failover: contacts imported twice", len(control.duplicates()), 0))
    return found, checks


def _fail_over(system: SystemUnderTest, blow: signal.Signals) -> float:
    """Seconds until an attempt of a newer epoch is recorded as imported."""
    master = until(system.stack.master, timeout=30)
    epoch = _epoch(system)
    now = utcnow()
    _add_due(system, [now + timedelta(milliseconds=50 * index) for index in range(200)])
    until(lambda: _imported(system, epoch, now), timeout=15, what="the old master's import")
    struck = utcnow()
    system.stack[master].kill(blow)
    first = until(lambda: _first_import_after(system, epoch), timeout=30, what="the new master's import")
    if blow == signal.SIGSTOP:
        system.stack[master].kill(signal.SIGCONT)
    until(lambda: blow == signal.SIGSTOP or not system.stack[master].alive, timeout=20)
    system.stack[master].start()
    system.stack[master].wait_ready()
    return (first - struck).total_seconds()


def _add_due(system: SystemUnderTest, dues: list[datetime]) -> None:
    """Insert callbacks due at the given instants, as bookings leave them."""
    now = utcnow()
    rows = [
        {
            "account_number": str(ULID()), "status": "scheduled", "phone": f"+1646{2_000_000 + index}",
            "skill_id": system.ids["skill"], "campaign_id": system.ids["campaign"], "pool_id": system.ids["pool"],
            "slot_start": due.replace(minute=due.minute - due.minute % 30, second=0, microsecond=0), "start_at": due,
            "due_at": due, "call_data": {}, "source": "ivr", "api_client_id": system.ids["client"], "attempts": 0,
            "created_at": now, "changed_at": now,
        }
        for index, due in enumerate(dues)
    ]  # fmt: skip
    with system.database.writing() as tx:
        tx.execute(insert(models.Callback), rows)
        tx.commit()


def _one(system: SystemUnderTest, query: Any) -> Any:
    with system.database.reading() as connection:
        return connection.execute(query).scalar_one()


def _in_sync(system: SystemUnderTest) -> bool:
    query = select(models.Campaign.sync_state).where(models.Campaign.id == system.ids["campaign"])
    return bool(_one(system, query) == "in_sync")


def _waiting(system: SystemUnderTest) -> int:
    waiting = models.Callback.status.in_(("scheduled", "importing"))
    mine = models.Callback.campaign_id == system.ids["campaign"]
    return int(_one(system, select(func.count()).select_from(models.Callback).where(waiting, mine)))


def _last_import(system: SystemUnderTest) -> datetime:
    last: datetime = _one(system, select(func.max(models.Attempt.imported_at)))
    return last


def _epoch(system: SystemUnderTest) -> int:
    return int(_one(system, select(models.Mastership.epoch)))


def _imported(system: SystemUnderTest, epoch: int, since: datetime) -> int:
    attempt = models.Attempt
    return int(_one(system, select(func.count()).where(attempt.epoch == epoch, attempt.imported_at > since)))


def _first_import_after(system: SystemUnderTest, epoch: int) -> datetime | None:
    first: datetime | None = _one(
        system, select(func.min(models.Attempt.imported_at)).where(models.Attempt.epoch > epoch)
    )
    return first
