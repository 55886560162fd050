"""Chooses the faults and their times by the seed, so that a run can be repeated."""

import contextlib
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator

from deploy.sandbox.process import NotReady
from tests.chaos.faults import DECK, Fault
from tests.chaos.history import History, instant
from tests.chaos.system_under_test import BOOKING, DIAL, WORKERS, SystemUnderTest

TICK = 0.1


class Schedule:
    """Strikes every few seconds with the next fault of a shuffled deck whose resource is free."""

    def __init__(self, system: SystemUnderTest, seed: int, history: History, deck: list[Fault] | None = None) -> None:
        self._running_system, self._history = system, history
        self._rng = random.Random(f"faults-{seed}")
        self._deck = list(deck or DECK)
        self._rng.shuffle(self._deck)
        self._next = 0
        self._under_way: dict[str, tuple[Fault, Iterator[float], float]] = {}
        self.struck: Counter[str] = Counter()

    def run(self, seconds: float, every: tuple[float, float] = (2.2, 3.6)) -> None:
        """Start faults for so many seconds; those under way at the end run to their own end."""
        ends = time.monotonic() + seconds
        strike_at = time.monotonic() + 3
        while (now := time.monotonic()) < ends or self._under_way:
            if now < ends and now >= strike_at and self._strike():
                strike_at = now + self._rng.uniform(*every)
            self._go_on(now)
            if fallen := self._running_system.start_fallen():
                self._history.add(at=instant(), started_again=fallen)
            time.sleep(TICK)

    def _strike(self) -> bool:
        for offset in range(len(self._deck)):
            fault = self._deck[(self._next + offset) % len(self._deck)]
            if fault.resource in self._under_way or (fault.name.startswith("worker killed during") and
                                                     "ucce" in self._under_way):  # fmt: skip
                continue
            self._deck.remove(fault)
            self._deck.append(fault)
            self._history.add(at=instant(), fault=fault.name, phase="begins")
            self.struck[fault.name] += 1
            self._under_way[fault.resource] = (fault, fault.run(self._running_system, self._rng), 0.0)
            return True
        return False

    def _go_on(self, now: float) -> None:
        for resource, (fault, steps, due) in list(self._under_way.items()):
            if now < due:
                continue
            try:
                self._under_way[resource] = (fault, steps, now + next(steps))
            except StopIteration:
                self._end(resource, fault, "ends")
            except Exception as error:  # another fault has broken the same thing
                self._end(resource, fault, f"not possible: {error!r}"[:300])
                self.struck[fault.name] -= 1

    def _end(self, resource: str, fault: Fault, phase: str) -> None:
        del self._under_way[resource]
        self._history.add(at=instant(), fault=fault.name, phase=phase)


def heal(system: SystemUnderTest) -> None:
    """End every fault and repair everything."""
    system.down.clear()
    for file in system.control.iterdir():
        file.unlink(missing_ok=True)
    for process in system.processes.values():
        if process.alive:
            process.kill(signal.SIGCONT)
    for proxy in system.proxies():
        proxy.set("open")
    for name in (*WORKERS, *BOOKING):
        system.set_clock(name, 0)
    _wait_whole(system)
    with contextlib.suppress(Exception):
        system.ucce.clear_next_answers()
        system.ucce.queue(30)
        system.ucce.delay(0)
        system.ucce.dialer(dialSeconds=DIAL)
        system.ucce.behaviour(listLagSeconds=0.0, partialAcceptance="no")


def _wait_whole(system: SystemUnderTest, within: float = 60.0) -> None:
    """Wait until everything runs and is ready. A process that is still stopping is started once it has ended."""
    deadline = time.monotonic() + within
    while waiting := [name for name, process in system.processes.items() if not (process.alive and process.ready())]:
        if time.monotonic() > deadline:
            raise NotReady(f"{', '.join(waiting)} did not come back within {within:g} s")
        system.start_fallen()
        time.sleep(TICK)
