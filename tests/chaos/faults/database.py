"""The database locked, restarted, silent; a commit whose answer is lost."""

import random
import subprocess
import sys

from sqlalchemy import update

from deploy.local.process import ROOT
from shared.db import models
from tests.chaos.faults.deck import Steps, fault
from tests.chaos.faults.worker import struck
from tests.chaos.proxy import Mode
from tests.chaos.rig import Rig
from tests.support.databases import ON_SERVER


@fault("database", "database locked by another process", possible=not ON_SERVER, how="sqlite", seconds=3.0)
@fault("database", "database locked for longer than anybody waits", possible=not ON_SERVER, how="sqlite", seconds=7.0)
@fault("database", "database's write queue held", possible=not ON_SERVER, how="queue", seconds=4.0)
def file_locked(rig: Rig, dice: random.Random, how: str, seconds: float) -> Steps:
    path = rig.database.engine.url.database
    holder = subprocess.Popen([sys.executable, "-m", "tests.chaos.locker", str(path), str(seconds), how], cwd=ROOT)
    while holder.poll() is None:
        yield 0.5
    if holder.returncode:
        raise RuntimeError("somebody else held it all the time")


@fault("database", "database locked by another process", possible=ON_SERVER, seconds=3.0)
@fault("database", "database locked for longer than anybody waits", possible=ON_SERVER, seconds=7.0)
def rows_locked(rig: Rig, dice: random.Random, seconds: float) -> Steps:
    with rig.database.writing() as tx:
        tx.execute(update(models.Slot).values(capacity=models.Slot.capacity))
        tx.execute(update(models.Mastership).values(node=models.Mastership.node))
        yield seconds


@fault("database", "database server restarted", possible=ON_SERVER, mode="cut", seconds=3.0)
@fault("database", "database server away for longer than anybody waits", possible=ON_SERVER, mode="cut", seconds=8.0)
@fault("database", "database server silent", possible=ON_SERVER, mode="silent", seconds=5.0)
def server_gone(rig: Rig, dice: random.Random, mode: Mode, seconds: float) -> Steps:
    (wire,) = rig.proxies["database"]
    wire.set(mode)
    yield seconds
    wire.set("open")


@fault("booking", "answers to booking commits lost")
def booking_commit(rig: Rig, dice: random.Random) -> Steps:
    for _ in range(3):
        yield from struck(rig, "booking-commit", "lost-commit")
