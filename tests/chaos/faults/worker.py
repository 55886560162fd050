"""The worker struck at every point of the hand-over, and cut off from ZooKeeper; ZooKeeper itself."""

import random
import signal

from tests.chaos.fault_injection import arm
from tests.chaos.faults.deck import LONG_STALL, STALL, Steps, fault, master
from tests.chaos.system_under_test import WORKERS, Rig
from tests.support.proxy import Mode

POINTS = {
    "claiming": "before the claim's commit",
    "claimed": "after the claim's commit",
    "answered": "after UCCE's answer",
    "recording": "before the record's commit",
    "recorded": "after the record's commit",
    "recording-results": "before the results' commit",
}


def struck(rig: Rig, point: str, blow: str) -> Steps:
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
    yield from struck(rig, point, blow)
    yield dice.uniform(0.5, 3)
    rig.down.difference_update(WORKERS)
    rig.start_fallen()
    yield 3.0


def _freezes(rig: Rig, dice: random.Random, point: str, seconds: float = STALL) -> Steps:
    yield from struck(rig, point, "stop")
    yield seconds + dice.uniform(0, 3)
    for name in WORKERS:
        rig[name].kill(signal.SIGCONT)
    yield 1.0


for _point, _words in POINTS.items():
    fault("workers", f"worker killed {_words}", point=_point, blow="kill")(_dies)
for _point in ("claiming", "claimed", "answered", "recording"):
    fault("workers", f"worker stalled {POINTS[_point]}", point=_point)(_freezes)
for _point in ("claimed", "answered"):
    name = f"worker stalled past session and grace {POINTS[_point]}"
    fault("workers", name, point=_point, seconds=LONG_STALL)(_freezes)
fault("workers", "worker told to stop after the claim's commit", point="claimed", blow="term")(_dies)


@fault("workers", "worker killed during the POST, before UCCE took it", when="delayBefore")
@fault("workers", "worker killed during the POST, after UCCE took it", when="delayAfter")
def dies_sending(rig: Rig, dice: random.Random, when: str) -> Steps:
    rig.ucce.next_answer(method="POST", kind="import", **{when: 1.5})
    yield from _dies(rig, dice, "claimed", "kill-soon")


@fault("workers", "worker's database connection drops inside the claim", point="claiming", blow="drop")
@fault("workers", "worker's database connection drops inside the record", point="recording", blow="drop")
@fault("workers", "answer to the claim's commit lost", point="claiming", blow="lost-commit")
@fault("workers", "answer to the record's commit lost", point="recording", blow="lost-commit")
def dropped(rig: Rig, dice: random.Random, point: str, blow: str) -> Steps:
    yield from struck(rig, point, blow)


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
def cut_off(rig: Rig, dice: random.Random, mode: Mode) -> Steps:
    name = master(rig)
    for proxy in rig.zookeeper_proxies[name]:
        proxy.set(mode)
    yield STALL
    for proxy in rig.zookeeper_proxies[name]:
        proxy.set("open")
    yield 2.0


@fault("workers", "ZooKeeper session of the master expired")
def expired(rig: Rig, dice: random.Random) -> Steps:
    rig.expire_session(master(rig))
    yield 3.0
