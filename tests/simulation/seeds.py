"""Simulates seeds one after the other in this process, and writes the report of a failing one."""

import gc
import time
from dataclasses import dataclass
from multiprocessing.util import Finalize

from tests.simulation.databases import Databases
from tests.simulation.plan import Plan, plan_of
from tests.simulation.run import Result, simulate
from tests.simulation.shrink import shortest

COLLECT_EVERY = 20  # seeds


@dataclass(frozen=True)
class Outcome:
    """The outcome of a seed; `report` is empty when there was no finding."""

    seed: int
    virtual_seconds: float
    processor_seconds: float
    report: str


class _Process:
    """State that all seeds of a process share: engines and compiled statements."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        self.kinds = kinds
        self.databases = Databases()
        self.done = 0
        gc.disable()

    def simulate(self, seed: int) -> Outcome:
        began = time.process_time()
        result = simulate(plan_of(seed, self.kinds), self.databases)
        spent = time.process_time() - began
        self.done += 1
        if self.done == 1:
            gc.freeze()  # modules, engines and compiled statements stay
        if self.done % COLLECT_EVERY == 0:
            gc.collect()
        return Outcome(seed, result.virtual_seconds, spent, _report(result) if result.findings else "")

    def shortened(self, seed: int) -> str:
        short = shortest(simulate(plan_of(seed, self.kinds), self.databases), self.databases)
        requests, faults = len(short.plan.ops), len(short.plan.faults)
        head = f"shortened to {requests} requests and {faults} faults: {short.findings[0]}"
        return "\n".join([head, *plan_lines(short.plan)])


def _report(result: Result) -> str:
    first, *others = result.findings
    lines = [f"seed {result.plan.seed}: FOUND {first}", *(f"    and {one}" for one in others[:3])]
    return "\n".join([*lines, f"replay: make simulate REPLAY={result.plan.seed}"])


_processes: list[_Process] = []  # one, once it is prepared


def prepare(kinds: tuple[str, ...]) -> None:
    """Before the first seed of a process; its database is removed when the process ends."""
    process = _Process(kinds)
    _processes[:] = [process]
    Finalize(process, process.databases.close, exitpriority=1)


def simulate_seed(seed: int) -> Outcome:
    return _processes[0].simulate(seed)


def shortened(seed: int) -> str:
    """A shorter trace of a failing seed."""
    return _processes[0].shortened(seed)


def plan_lines(plan: Plan) -> list[str]:
    """The requests and faults of a plan in the order of time."""
    steps = sorted([*map(str, plan.ops), *map(str, plan.faults)], key=lambda line: float(line.split(" s ")[0]))
    return [
        f"  capacity {plan.capacity}, list lag {plan.lag:g} s, attempts {plan.max_attempts}, batch {plan.batch_size}, "
        f"turns change {plan.switch:g}, stalls {plan.stall:g}, {plan.settings}",
        *(f"  {line}" for line in steps),
    ]
