"""The faults: each a generator that breaks something, yields for how many seconds, and mends it again.

They run in the main thread, one step after another; a fault has its resource to itself while it lasts, so that what
mends it cannot meet another fault of the same thing. Faults of different things overlap.
"""

import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import update

from deploy.local.process import ROOT
from shared.db import models
from tests.chaos.proxy import Mode
from tests.chaos.rig import SESSION, WORKERS, Rig
from tests.chaos.sabotage import arm
from tests.support.databases import ON_SERVER

Steps = Iterator[float]


@dataclass(frozen=True)
class Fault:
    name: str
    resource: str
    run: Callable[[Rig, random.Random], Steps]


DECK: list[Fault] = []
STALL = SESSION + 4  # seconds: longer than the session, and than the lease


def fault(
    resource: str, name: str, *, possible: bool = True, **fixed: object
) -> Callable[[Callable[..., Steps]], Callable[..., Steps]]:
    """Put a generator into the deck, with some of its arguments fixed."""

    def register(run: Callable[..., Steps]) -> Callable[..., Steps]:
        if possible:
            DECK.append(Fault(name, resource, lambda rig, dice: run(rig, dice, **fixed)))
        return run

    return register


def _master(rig: Rig) -> str:
    return rig.master() or WORKERS[0]


def _standby(rig: Rig) -> str:
    return WORKERS[1] if _master(rig) == WORKERS[0] else WORKERS[0]


def _pick(rig: Rig, dice: random.Random, which: str) -> list[str]:
    if which == "master":
        return [_master(rig)]
    if which == "standby":
        return [_standby(rig)]
    if which == "both workers":
        return list(WORKERS)
    if which in ("booking", "admin"):
        return [f"{which}-{dice.randint(1, 2)}"]
    return [which]


# --- processes ----------------------------------------------------------------------------------------------------


@fault("workers", "master killed", which="master")
@fault("workers", "standby killed", which="standby")
@fault("workers", "both workers killed", which="both workers")
@fault("booking", "booking API killed", which="booking")
@fault("admin", "admin API killed", which="admin")
@fault("haproxy", "HAProxy killed", which="haproxy")
@fault("redis", "Redis killed", which="redis")
@fault("ucce", "UCCE killed and restarted", which="ucce")
def killed(rig: Rig, dice: random.Random, which: str) -> Steps:
    names = _pick(rig, dice, which)
    rig.down.update(names)
    for name in names:
        rig[name].kill()
    yield dice.uniform(0.3, 1.5) if which == "haproxy" else dice.uniform(0.5, 4)
    rig.down.difference_update(names)
    rig.start_fallen()
    yield 3.0  # until it serves again


@fault("workers", "master told to stop", which="master")
@fault("booking", "booking API told to stop (drains)", which="booking")
def told_to_stop(rig: Rig, dice: random.Random, which: str) -> Steps:
    names = _pick(rig, dice, which)
    rig.down.update(names)
    for name in names:
        rig[name].ask_to_stop()
    while any(rig[name].alive for name in names):
        yield 0.3
    rig.down.difference_update(names)
    rig.start_fallen()
    yield 3.0


@fault("workers", "master stalled past its session", which="master", seconds=STALL)
@fault("workers", "standby stalled", which="standby", seconds=STALL)
@fault("workers", "both workers stalled", which="both workers", seconds=STALL)
@fault("booking", "booking API stalled", which="booking", seconds=6.0)
@fault("redis", "Redis stalled", which="redis", seconds=3.0)
@fault("ucce", "UCCE stalled", which="ucce", seconds=6.0)
@fault("ucce", "UCCE stalled longer than the settle grace", which="ucce", seconds=14.0)
def stalled(rig: Rig, dice: random.Random, which: str, seconds: float) -> Steps:
    names = _pick(rig, dice, which)
    for name in names:
        rig[name].kill(signal.SIGSTOP)
    yield seconds
    for name in names:
        rig[name].kill(signal.SIGCONT)
    yield 1.0


@fault("workers", "master resigns")
def resigns(rig: Rig, dice: random.Random) -> Steps:
    rig.ops("POST", "resign")
    yield 3.0


@fault("booking", "rolling restart of the booking APIs")
def rolling(rig: Rig, dice: random.Random) -> Steps:
    for name in ("booking-1", "booking-2"):
        rig.down.add(name)
        rig[name].ask_to_stop()
        while rig[name].alive:
            yield 0.3
        rig.down.discard(name)
        rig.start_fallen()
        while not rig[name].ready():
            yield 0.3
        yield 2.0  # until the load balancer has seen it


@fault("haproxy", "HAProxy reloaded")
def reloaded(rig: Rig, dice: random.Random) -> Steps:
    rig["haproxy"].kill(signal.SIGUSR2)
    yield 1.0


# --- the worker at every point of the hand-over -------------------------------------------------------------------

POINTS = {
    "claiming": "before the claim's commit",
    "claimed": "after the claim's commit",
    "answered": "after UCCE's answer",
    "recording": "before the record's commit",
    "recorded": "after the record's commit",
    "recording-results": "before the results' commit",
}


def _struck(rig: Rig, point: str, blow: str) -> Steps:
    """Arm, and wait until somebody came by; forget it when nobody does."""
    armed = arm(rig.control, point, blow)
    for _ in range(40):
        if not armed.exists():
            break
        yield 0.2
    else:
        armed.unlink(missing_ok=True)


def _dies(rig: Rig, dice: random.Random, point: str, blow: str) -> Steps:
    rig.down.update(WORKERS)  # not started again at once
    yield from _struck(rig, point, blow)
    yield dice.uniform(0.5, 3)
    rig.down.difference_update(WORKERS)
    rig.start_fallen()
    yield 3.0


def _freezes(rig: Rig, dice: random.Random, point: str) -> Steps:
    yield from _struck(rig, point, "stop")
    yield STALL + dice.uniform(0, 3)
    for name in WORKERS:
        rig[name].kill(signal.SIGCONT)
    yield 1.0


for _point, _words in POINTS.items():
    fault("workers", f"worker killed {_words}", point=_point, blow="kill")(_dies)
for _point in ("claiming", "claimed", "answered", "recording"):
    fault("workers", f"worker stalled {POINTS[_point]}", point=_point)(_freezes)
fault("workers", "worker told to stop after the claim's commit", point="claimed", blow="term")(_dies)


@fault("workers", "worker killed during the POST, before UCCE took it", when="delayBefore")
@fault("workers", "worker killed during the POST, after UCCE took it", when="delayAfter")
def dies_sending(rig: Rig, dice: random.Random, when: str) -> Steps:
    rig.ucce.next_answer(method="POST", kind="import", **{when: 1.5})
    yield from _dies(rig, dice, "claimed", "kill-soon")


# --- ZooKeeper ----------------------------------------------------------------------------------------------------


@fault("zookeeper", "ZooKeeper leader killed", which="leader")
@fault("zookeeper", "ZooKeeper follower killed", which="follower")
@fault("zookeeper", "ZooKeeper quorum lost", which="quorum")
def member_killed(rig: Rig, dice: random.Random, which: str) -> Steps:
    leader = rig.leader_member() or "zookeeper-1"
    followers = [name for name in rig.member_ports if name != leader]
    names = {"leader": [leader], "follower": [dice.choice(followers)], "quorum": [leader, followers[0]]}[which]
    rig.down.update(names)
    for name in names:
        rig[name].kill()
    yield 8.0 if which == "quorum" else 4.0
    rig.down.difference_update(names)
    rig.start_fallen()
    yield 4.0


@fault("workers", "master cut off from ZooKeeper", mode="cut")
@fault("workers", "master's way to ZooKeeper silent", mode="silent")
def cut_off(rig: Rig, dice: random.Random, mode: str) -> Steps:
    name = _master(rig)
    for proxy in rig.proxies[name]:
        proxy.set(mode)  # type: ignore[arg-type]
    yield STALL
    for proxy in rig.proxies[name]:
        proxy.set("open")
    yield 2.0


@fault("workers", "ZooKeeper session of the master expired")
def expired(rig: Rig, dice: random.Random) -> Steps:
    rig.expire_session(_master(rig))
    yield 3.0


# --- UCCE ---------------------------------------------------------------------------------------------------------

IMPORT = {"method": "POST", "kind": "import"}
LIST = {"method": "GET", "kind": "import"}


@fault("ucce", "UCCE answers 503", times=3, status=503)
@fault("ucce", "UCCE answers 401", times=2, status=401)
@fault("ucce", "UCCE answers 500, took nothing", times=2, status=500)
@fault("ucce", "UCCE answers 500, took the batch", times=2, status=500, take=True)
@fault("ucce", "UCCE resets before taking", times=2, reset="before")
@fault("ucce", "UCCE resets after taking", times=2, reset="after")
@fault("ucce", "UCCE's answer is cut short", times=2, status=400, take=True, cutShort=True, message="x" * 500)
@fault("ucce", "UCCE's answer is no XML", times=2, body="<oops")
@fault("ucce", "UCCE takes the batch after we gave up waiting", times=1, delayBefore=6.0)
@fault("ucce", "UCCE takes the batch, answers after we gave up", times=2, delayAfter=4.0)
def import_answers(rig: Rig, dice: random.Random, **planned: object) -> Steps:
    rig.ucce.next_answer(**IMPORT, **planned)
    yield 8.0
    rig.ucce.clear_next_answers()


@fault("ucce", "UCCE's contact list is cut short", times=3, cutShort=True)
@fault("ucce", "UCCE's contact list is no XML", times=3, body="<oops")
@fault("ucce", "UCCE's contact list answers 500", times=3, status=500)
def list_answers(rig: Rig, dice: random.Random, **planned: object) -> Steps:
    """With an import whose answer is lost, so that the list matters."""
    rig.ucce.next_answer(**IMPORT, reset=dice.choice(("before", "after")))
    rig.ucce.next_answer(**LIST, **planned)
    yield 6.0
    rig.ucce.clear_next_answers()


@fault("ucce", "UCCE refuses contacts within batches")
def refuses(rig: Rig, dice: random.Random) -> Steps:
    rig.ucce.next_answer(**IMPORT, times=0, refusePhones=[str(dice.randint(0, 9))], message="Bad number")
    yield 4.0
    rig.ucce.clear_next_answers()


@fault("ucce", "UCCE's import queue is full")
def queue_full(rig: Rig, dice: random.Random) -> Steps:
    rig.ucce.queue(0)
    yield 4.0
    rig.ucce.queue(30)


@fault("ucce", "UCCE is slow")
def slow(rig: Rig, dice: random.Random) -> Steps:
    rig.ucce.delay(1.2)
    yield 6.0
    rig.ucce.delay(0)


# --- database -----------------------------------------------------------------------------------------------------


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


@fault("workers", "worker's database connection drops inside the claim", point="claiming", blow="drop")
@fault("workers", "worker's database connection drops inside the record", point="recording", blow="drop")
@fault("workers", "answer to the claim's commit lost", point="claiming", blow="lost-commit")
@fault("workers", "answer to the record's commit lost", point="recording", blow="lost-commit")
def dropped(rig: Rig, dice: random.Random, point: str, blow: str) -> Steps:
    yield from _struck(rig, point, blow)


@fault("booking", "answers to booking commits lost")
def booking_commit(rig: Rig, dice: random.Random) -> Steps:
    for _ in range(3):
        yield from _struck(rig, "booking-commit", "lost-commit")


# --- Redis, clock -------------------------------------------------------------------------------------------------


def _redis(rig: Rig, *words: str) -> None:
    command = ["redis-cli", "-p", str(rig.stack.wiring.ports["redis"]), *words]
    subprocess.run(command, stdout=subprocess.DEVNULL, timeout=3, check=True)


@fault("redis", "Redis slow")
def redis_slow(rig: Rig, dice: random.Random) -> Steps:
    _redis(rig, "CLIENT", "PAUSE", "3000", "ALL")
    yield 3.5


@fault("redis", "Redis flushed")
def redis_flushed(rig: Rig, dice: random.Random) -> Steps:
    _redis(rig, "FLUSHALL")
    yield 0.5


@fault("workers", "clock of the master an hour ahead", seconds=3600)
@fault("workers", "clock of the master an hour behind", seconds=-3600)
def clock(rig: Rig, dice: random.Random, seconds: int) -> Steps:
    name = _master(rig)
    rig.set_clock(name, seconds)
    yield 8.0
    rig.set_clock(name, 0)
    yield 0.5
