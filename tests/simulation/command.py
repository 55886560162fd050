"""The command line of the simulation: seeds are distributed to processes, one for each processor."""

import argparse
import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context

from tests.simulation.databases import Databases
from tests.simulation.plan import KINDS, Plan, plan_of
from tests.simulation.run import Result, simulate
from tests.simulation.seeds import Outcome, plan_lines, prepare, shortened, simulate_seed

CHUNK = 4  # seeds that a process takes at once


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when nothing was found, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", default="1..100", help="1..1000, or 3,7,19")
    parser.add_argument("--faults", default="", help=f"only these kinds, of {', '.join(KINDS)}; or none")
    parser.add_argument("--replay", type=int, help="run one seed and print all that happens")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (one for each processor)")
    parser.add_argument("--quiet", action="store_true", help="print findings only")
    parser.add_argument("--keep-going", action="store_true", help="do not end with the first seed that fails")
    parser.add_argument("--no-shrink", action="store_true", help="do not look for a shorter trace")
    options = parser.parse_args(arguments)
    kinds = () if options.faults == "none" else tuple(options.faults.split(",")) if options.faults else KINDS
    if strange := set(kinds) - set(KINDS):
        parser.error(f"there is no fault named {', '.join(sorted(strange))}")
    if options.replay is not None:
        with closing(Databases()) as databases:
            return _replay(plan_of(options.replay, kinds), databases)
    seeds = _seeds(options.seeds)
    progress = Progress(len(seeds), options.quiet)
    if options.jobs == 1 or len(seeds) <= CHUNK:
        prepare(kinds)
        failed = progress.follow(map(simulate_seed, seeds), keep_going=options.keep_going)
    else:
        with ProcessPoolExecutor(options.jobs, get_context("spawn"), prepare, (kinds,)) as pool:
            outcomes = pool.map(simulate_seed, seeds, chunksize=CHUNK)
            failed = progress.follow(outcomes, keep_going=options.keep_going)
            pool.shutdown(cancel_futures=True)
        prepare(kinds)
    for seed in failed if not options.no_shrink else ():
        print(f"seed {seed}, {shortened(seed)}", flush=True)
    return 1 if failed else 0


def _seeds(text: str) -> list[int]:
    if ".." in text:
        first, last = text.split("..")
        return list(range(int(first), int(last) + 1))
    return [int(one) for one in text.split(",")]


@dataclass
class Progress:
    """The output while seeds are simulated, and at the end."""

    total: int
    quiet: bool
    done: int = 0
    lived: float = 0.0
    spent: float = 0.0

    def follow(self, outcomes: Iterable[Outcome], *, keep_going: bool) -> list[int]:
        """The outcomes of failing seeds: of the first one, or with `keep_going` of all."""
        began = told = time.monotonic()
        failed: list[int] = []
        for one in outcomes:
            self.done += 1
            self.lived, self.spent = self.lived + one.virtual_seconds, self.spent + one.processor_seconds
            if one.report:
                failed.append(one.seed)
                print(one.report, flush=True)
                if not keep_going:
                    break
            if not self.quiet and time.monotonic() - told > 10:
                told = time.monotonic()
                pace = _pace(self.lived, told - began)
                print(f"{self.done} of {self.total} seeds, {len(failed)} failed; {pace}", flush=True)
        if not self.quiet or failed:
            seconds = time.monotonic() - began
            print(f"{self.done} seeds, {len(failed)} failed, in {seconds:.0f} s: {_pace(self.lived, seconds)}, "
                  f"{self.lived / self.spent:,.0f} times by the processor's time", flush=True)  # fmt: skip
        return failed


def _pace(lived: float, seconds: float) -> str:
    return f"{lived / 3600:.1f} virtual hours, {lived / max(seconds, 0.001):,.0f} times as fast as real time"


def _replay(plan: Plan, databases: Databases) -> int:
    result = simulate(plan, databases)
    _print_trace(result)
    print("\n".join(plan_lines(plan)))
    for finding in result.findings:
        print(f"FOUND {finding}")
    print(f"trace {result.digest()}; {result.figures}; {_pace(result.virtual_seconds, result.real_seconds)}")
    return 1 if result.findings else 0


def _print_trace(result: Result) -> None:
    for at, who, what, detail in result.trace:
        print(f"{at:10.3f}  {who:<10} {what:<20} {detail}")
