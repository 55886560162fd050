"""Processes killed, stopped, stalled, restarted; Redis slow or empty; clocks that are wrong."""

import random
import signal
import subprocess

from tests.chaos.faults.deck import LONG_STALL, STALL, Steps, fault, master, standby
from tests.chaos.system_under_test import WORKERS, SystemUnderTest


def _pick(system: SystemUnderTest, rng: random.Random, which: str) -> list[str]:
    if which == "master":
        return [master(system)]
    if which == "standby":
        return [standby(system)]
    if which == "both workers":
        return list(WORKERS)
    if which in ("booking", "admin"):
        return [f"{which}-{rng.randint(1, 2)}"]
    return [which]


@fault("workers", "master killed", which="master")
@fault("workers", "standby killed", which="standby")
@fault("workers", "both workers killed", which="both workers")
@fault("booking", "booking API killed", which="booking")
@fault("admin", "admin API killed", which="admin")
@fault("haproxy", "HAProxy killed", which="haproxy")
@fault("redis", "Redis killed", which="redis")
@fault("ucce", "UCCE killed and restarted", which="ucce")
def killed(system: SystemUnderTest, rng: random.Random, which: str) -> Steps:
    names = _pick(system, rng, which)
    system.down.update(names)
    for name in names:
        system[name].kill()
    yield rng.uniform(0.3, 1.5) if which == "haproxy" else rng.uniform(0.5, 4)
    system.down.difference_update(names)
    system.start_fallen()
    yield 3.0  # until it serves again


@fault("workers", "master told to stop", which="master")
@fault("booking", "booking API told to stop (drains)", which="booking")
def told_to_stop(system: SystemUnderTest, rng: random.Random, which: str) -> Steps:
    names = _pick(system, rng, which)
    system.down.update(names)
    for name in names:
        system[name].ask_to_stop()
    while any(system[name].alive for name in names):
        yield 0.3
    system.down.difference_update(names)
    system.start_fallen()
    yield 3.0


@fault("workers", "master stalled past its session", which="master", seconds=STALL)
@fault("workers", "master stalled past session and grace", which="master", seconds=LONG_STALL)
@fault("workers", "standby stalled", which="standby", seconds=STALL)
@fault("workers", "both workers stalled", which="both workers", seconds=STALL)
@fault("booking", "booking API stalled", which="booking", seconds=6.0)
@fault("redis", "Redis stalled", which="redis", seconds=3.0)
@fault("ucce", "UCCE stalled", which="ucce", seconds=6.0)
@fault("ucce", "UCCE stalled longer than the settle grace", which="ucce", seconds=14.0)
def stalled(system: SystemUnderTest, rng: random.Random, which: str, seconds: float) -> Steps:
    names = _pick(system, rng, which)
    for name in names:
        system[name].kill(signal.SIGSTOP)
    yield seconds
    for name in names:
        system[name].kill(signal.SIGCONT)
    yield 1.0


@fault("workers", "master resigns")
def resigns(system: SystemUnderTest, rng: random.Random) -> Steps:
    system.ops("POST", "resign")
    yield 3.0


@fault("booking", "rolling restart of the booking APIs")
def rolling(system: SystemUnderTest, rng: random.Random) -> Steps:
    for name in ("booking-1", "booking-2"):
        system.down.add(name)
        system[name].ask_to_stop()
        while system[name].alive:
            yield 0.3
        system.down.discard(name)
        system.start_fallen()
        while not system[name].ready():
            yield 0.3
        yield 2.0  # until the load balancer has seen it


@fault("haproxy", "HAProxy reloaded")
def reloaded(system: SystemUnderTest, rng: random.Random) -> Steps:
    system["haproxy"].kill(signal.SIGUSR2)
    yield 1.0


def _redis(system: SystemUnderTest, *words: str) -> None:
    command = ["redis-cli", "-p", str(system.stack.settings.ports["redis"]), *words]
    subprocess.run(command, stdout=subprocess.DEVNULL, timeout=3, check=True)


@fault("redis", "Redis slow")
def redis_slow(system: SystemUnderTest, rng: random.Random) -> Steps:
    _redis(system, "CLIENT", "PAUSE", "3000", "ALL")
    yield 3.5


@fault("redis", "Redis flushed")
def redis_flushed(system: SystemUnderTest, rng: random.Random) -> Steps:
    _redis(system, "FLUSHALL")
    yield 0.5


@fault("workers", "clock of the master an hour ahead", seconds=3600)
@fault("workers", "clock of the master an hour behind", seconds=-3600)
def clock(system: SystemUnderTest, rng: random.Random, seconds: int) -> Steps:
    name = master(system)
    system.set_clock(name, seconds)
    yield 8.0
    system.set_clock(name, 0)
    yield 0.5


@fault("booking", "clock of a booking API an hour ahead", seconds=3600)
@fault("booking", "clock of a booking API two hours behind", seconds=-7200)
def api_clock(system: SystemUnderTest, rng: random.Random, seconds: int) -> Steps:
    name = f"booking-{rng.randint(1, 2)}"
    system.set_clock(name, seconds)
    yield 14.0
    system.set_clock(name, 0)
    yield 3.0  # until it is ready again
