"""Faults of the database: locked, restarted, silent, put back to an earlier copy."""

import contextlib
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import requests
from sqlalchemy import text, update

from deploy.sandbox.process import ROOT
from shared.db import models
from tests.chaos.faults.deck import Steps, fault
from tests.chaos.faults.worker import struck
from tests.chaos.invariants import PUT_BACK
from tests.chaos.system_under_test import SystemUnderTest
from tests.support.databases import ON_SERVER
from tests.support.proxy import Mode


@fault("database", "database locked by another process", possible=not ON_SERVER, how="sqlite", seconds=3.0)
@fault("database", "database locked for longer than anybody waits", possible=not ON_SERVER, how="sqlite", seconds=7.0)
@fault("database", "database's write queue held", possible=not ON_SERVER, how="queue", seconds=4.0)
def file_locked(system: SystemUnderTest, rng: random.Random, how: str, seconds: float) -> Steps:
    path = system.database.engine.url.database
    holder = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.lock_process", str(path), str(seconds), how], cwd=ROOT
    )
    while holder.poll() is None:
        yield 0.5
    if holder.returncode:
        raise RuntimeError("somebody else held it all the time")


@fault("database", "database locked by another process", possible=ON_SERVER, seconds=3.0)
@fault("database", "database locked for longer than anybody waits", possible=ON_SERVER, seconds=7.0)
def rows_locked(system: SystemUnderTest, rng: random.Random, seconds: float) -> Steps:
    with system.database.writing() as tx:
        tx.execute(update(models.Slot).values(capacity=models.Slot.capacity))
        tx.execute(update(models.Mastership).values(node=models.Mastership.node))
        yield seconds


@fault("database", "database server restarted", possible=ON_SERVER, mode="cut", seconds=3.0)
@fault("database", "database server away for longer than anybody waits", possible=ON_SERVER, mode="cut", seconds=8.0)
@fault("database", "database server silent", possible=ON_SERVER, mode="silent", seconds=5.0)
def server_gone(system: SystemUnderTest, rng: random.Random, mode: Mode, seconds: float) -> Steps:
    assert system.database_proxy
    system.database_proxy.set(mode)
    yield seconds
    system.database_proxy.set("open")


@fault("booking", "answers to booking commits lost")
def booking_commit(system: SystemUnderTest, rng: random.Random) -> Steps:
    for _ in range(3):
        yield from struck(system, "booking-commit", "lost-commit")


@fault("database", PUT_BACK, possible=not ON_SERVER)
def put_back(system: SystemUnderTest, rng: random.Random) -> Steps:
    """Restore an earlier copy: what was committed since is lost in the database, and still there in UCCE.

    An operator waits until a master has read UCCE back, and releases the brake.
    """
    path = Path(str(system.database.engine.url.database))
    with closing(sqlite3.connect(path)) as now, closing(sqlite3.connect(system.var / "copy.db")) as copy:
        system.note(fault=PUT_BACK, phase="copied")
        now.backup(copy)
    system.may_forget = True
    yield rng.uniform(4, 8)
    names = [process.name for process in system.stack.services]
    while any(system[name].alive for name in names):  # the end of another fault may start some of them again
        system.down.update(names)
        for name in names:
            system[name].kill()
        yield 0.1
    system.database.engine.dispose()
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    (system.var / "copy.db").replace(path)
    system.note(fault=PUT_BACK, phase="put back")
    system.may_forget = False
    before = _read_back(system)
    system.down.difference_update(names)
    system.start_fallen()
    for _ in range(120):  # half seconds
        if _read_back(system) > before:
            break
        yield 0.5
    system.note(fault=PUT_BACK, phase="released")  # from now on the brake may be off, whoever had set it
    with contextlib.suppress(requests.RequestException):
        system.ops("POST", "brakes", handOver=True)
    yield 3.0


def _read_back(system: SystemUnderTest) -> int:
    """How many log lines say that a master has read UCCE back."""
    with system.database.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM audit_log WHERE action = 'read_back'")).scalar_one())
