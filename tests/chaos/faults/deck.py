"""The deck: each fault is a generator that breaks something, yields for how many seconds, and mends it again.

They run in the main thread, one step after another; a fault has its resource to itself while it lasts, so that what
mends it cannot meet another fault of the same thing. Faults of different things overlap.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.chaos.system_under_test import SESSION, SETTLE_GRACE, WORKERS, SystemUnderTest

Steps = Iterator[float]


@dataclass(frozen=True)
class Fault:
    name: str
    resource: str
    run: Callable[[SystemUnderTest, random.Random], Steps]


DECK: list[Fault] = []
STALL = SESSION + 4  # seconds: longer than the session, and than the lease
# Longer than the session and the settle grace together: by then another master has found what UCCE lists, and has sent
# again what it does not list.
LONG_STALL = SESSION + SETTLE_GRACE + 8


def fault(
    resource: str, name: str, *, possible: bool = True, **fixed: object
) -> Callable[[Callable[..., Steps]], Callable[..., Steps]]:
    """Put a generator into the deck, with some of its arguments fixed."""

    def register(run: Callable[..., Steps]) -> Callable[..., Steps]:
        if possible:
            DECK.append(Fault(name, resource, lambda system, rng: run(system, rng, **fixed)))
        return run

    return register


def master(system: SystemUnderTest) -> str:
    return system.master() or WORKERS[0]


def standby(system: SystemUnderTest) -> str:
    return WORKERS[1] if master(system) == WORKERS[0] else WORKERS[0]
