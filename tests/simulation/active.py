"""The run under way, for the objects that replace module-level names of the product."""

import random

from tests.simulation.scheduler import Node, Scheduler


class Active:
    """The run under way."""

    scheduler: Scheduler | None = None
    chance = random.Random(0)

    def get(self) -> Scheduler:
        assert self.scheduler is not None, "no simulation is running"
        return self.scheduler

    def node(self) -> Node | None:
        scheduler = self.scheduler
        if scheduler is None or scheduler.current is None:
            return None
        return scheduler.current.node


ACTIVE = Active()
