"""Faults of the worker at every checkpoint of the hand-over, of its way to ZooKeeper, and of ZooKeeper itself."""

import random
import signal

from tests.chaos.fault_injection import arm
from tests.chaos.faults.deck import LONG_STALL, STALL, Steps, fault, master
from tests.chaos.system_under_test import WORKERS, SystemUnderTest
from tests.support.proxy import Mode

POINTS = {
    "claiming": "before the claim's commit",
    "claimed": "after the claim's commit",
    "answered": "after UCCE's answer",
    "recording": "before the record's commit",
    "recorded": "after the record's commit",
    "recording-results": "before the results' commit",
}


def struck(system: SystemUnderTest, point: str, effect: str) -> Steps:
    """Arm a fault at a checkpoint and wait until it struck; disarm it when no process reached the checkpoint
    in time.
    """
    armed = arm(system.control, point, effect)
    for _ in range(40):
        if not armed.exists():
            break
        yield 0.2
    else:
        armed.unlink(missing_ok=True)


def _dies(system: SystemUnderTest, rng: random.Random, point: str, effect: str) -> Steps:
    system.down.update(WORKERS)  # not started again at once
    yield from struck(system, point, effect)
    yield rng.uniform(0.5, 3)
    system.down.difference_update(WORKERS)
    system.start_fallen()
    yield 3.0


def _freezes(system: SystemUnderTest, rng: random.Random, point: str, seconds: float = STALL) -> Steps:
    yield from struck(system, point, "stop")
    yield seconds + rng.uniform(0, 3)
    for name in WORKERS:
        system[name].kill(signal.SIGCONT)
    yield 1.0


for _point, _words in POINTS.items():
    fault("workers", f"worker killed {_words}", point=_point, effect="kill")(_dies)
for _point in ("claiming", "claimed", "answered", "recording"):
    fault("workers", f"worker stalled {POINTS[_point]}", point=_point)(_freezes)
for _point in ("claimed", "answered"):
    name = f"worker stalled past session and grace {POINTS[_point]}"
    fault("workers", name, point=_point, seconds=LONG_STALL)(_freezes)
fault("workers", "worker told to stop after the claim's commit", point="claimed", effect="term")(_dies)


@fault("workers", "worker killed during the POST, before UCCE took it", when="delayBefore")
@fault("workers", "worker killed during the POST, after UCCE took it", when="delayAfter")
def dies_sending(system: SystemUnderTest, rng: random.Random, when: str) -> Steps:
    system.ucce.next_answer(method="POST", kind="import", **{when: 1.5})
    yield from _dies(system, rng, "claimed", "kill-soon")


@fault("workers", "worker's database connection drops inside the claim", point="claiming", effect="drop")
@fault("workers", "worker's database connection drops inside the record", point="recording", effect="drop")
@fault("workers", "answer to the claim's commit lost", point="claiming", effect="lost-commit")
@fault("workers", "answer to the record's commit lost", point="recording", effect="lost-commit")
def dropped(system: SystemUnderTest, rng: random.Random, point: str, effect: str) -> Steps:
    yield from struck(system, point, effect)


@fault("zookeeper", "ZooKeeper leader killed", which="leader")
@fault("zookeeper", "ZooKeeper follower killed", which="follower")
@fault("zookeeper", "ZooKeeper quorum lost", which="quorum")
def member_killed(system: SystemUnderTest, rng: random.Random, which: str) -> Steps:
    leader = system.leader_member() or "zookeeper-1"
    followers = [name for name in system.member_ports if name != leader]
    names = {"leader": [leader], "follower": [rng.choice(followers)], "quorum": [leader, followers[0]]}[which]
    system.down.update(names)
    for name in names:
        system[name].kill()
    yield 8.0 if which == "quorum" else 4.0
    system.down.difference_update(names)
    system.start_fallen()
    yield 4.0


@fault("workers", "master cut off from ZooKeeper", mode="cut")
@fault("workers", "master's way to ZooKeeper silent", mode="silent")
def cut_off(system: SystemUnderTest, rng: random.Random, mode: Mode) -> Steps:
    name = master(system)
    for proxy in system.zookeeper_proxies[name]:
        proxy.set(mode)
    yield STALL
    for proxy in system.zookeeper_proxies[name]:
        proxy.set("open")
    yield 2.0


@fault("workers", "ZooKeeper session of the master expired")
def expired(system: SystemUnderTest, rng: random.Random) -> Steps:
    system.expire_session(master(system))
    yield 3.0
