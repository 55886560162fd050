"""Shortens the plan of a failing seed: requests and faults are left out for as long as the same check fails."""

import time
from collections.abc import Callable
from dataclasses import replace

from tests.simulation.databases import Databases
from tests.simulation.plan import Plan
from tests.simulation.run import Result, simulate

MAX_PROCESSOR_SECONDS = 60.0  # of processor time, which other programs on a busy machine hardly change


def shortest(failed: Result, databases: Databases) -> Result:
    """Greedy: leave out halves, quarters … single items of both lists, then lower the rate of task switches."""
    check, until = failed.findings[0].check, time.process_time() + MAX_PROCESSOR_SECONDS
    best = failed

    def still(plan: Plan) -> bool:
        nonlocal best
        if time.process_time() > until:
            return False
        result = simulate(plan, databases)
        if any(finding.check == check for finding in result.findings):
            best = result
            return True
        return False

    for calmer in ({"stall": 0.0}, {"switch": 0.0}, {"lag": 0.0}, {"batch_size": 500}, {"max_attempts": 1}):
        still(replace(best.plan, **calmer))
    shrunk = True
    while shrunk and time.process_time() < until:
        before = len(best.plan.ops) + len(best.plan.faults)
        _drop(lambda: len(best.plan.faults), lambda gone: still(best.plan.without(set(), gone)))
        _drop(lambda: len(best.plan.ops), lambda gone: still(best.plan.without(gone, set())))
        shrunk = len(best.plan.ops) + len(best.plan.faults) < before
    return best


def _drop(count: Callable[[], int], without: Callable[[set[int]], bool]) -> None:
    size = max(1, count() // 2)
    while size:
        index = 0
        while index < count():
            if not without(set(range(index, min(index + size, count())))):
                index += size
        size //= 2
