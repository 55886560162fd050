"""The command line of the simulation."""

import argparse
import gc
import time
from collections.abc import Sequence

from tests.simulation.databases import Databases
from tests.simulation.plan import KINDS, Plan, plan_of
from tests.simulation.run import Result, simulate
from tests.simulation.shrink import shortest


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when nothing was found, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", default="1..100", help="1..1000, or 3,7,19")
    parser.add_argument("--faults", default="", help=f"only these kinds, of {', '.join(KINDS)}; or none")
    parser.add_argument("--replay", type=int, help="run one seed and print all that happens")
    parser.add_argument("--quiet", action="store_true", help="print findings only")
    parser.add_argument("--keep-going", action="store_true", help="do not end with the first seed that fails")
    parser.add_argument("--no-shrink", action="store_true", help="do not look for a shorter story")
    options = parser.parse_args(arguments)
    kinds = () if options.faults == "none" else tuple(options.faults.split(",")) if options.faults else KINDS
    if strange := set(kinds) - set(KINDS):
        parser.error(f"there is no fault named {', '.join(sorted(strange))}")
    databases = Databases()
    try:
        if options.replay is not None:
            return _replay(plan_of(options.replay, kinds), databases)
        return _all(_seeds(options.seeds), kinds, databases, options)
    finally:
        databases.close()


def _seeds(text: str) -> list[int]:
    if ".." in text:
        first, last = text.split("..")
        return list(range(int(first), int(last) + 1))
    return [int(one) for one in text.split(",")]


def _all(seeds: list[int], kinds: tuple[str, ...], databases: Databases, options: argparse.Namespace) -> int:
    began, lived, failed, told = time.monotonic(), 0.0, 0, time.monotonic()
    worked = time.process_time()
    gc.disable()
    for number, seed in enumerate(seeds, start=1):
        result = simulate(plan_of(seed, kinds), databases)
        lived += result.virtual_seconds
        if number == 1:
            gc.freeze()  # modules, engines and compiled statements stay
        if number % 20 == 0:
            gc.collect()
        if result.findings:
            failed += 1
            _tell(result, databases, shrink=not options.no_shrink)
            if not options.keep_going:
                return 1
        if not options.quiet and time.monotonic() - told > 10:
            told = time.monotonic()
            print(f"{number} of {len(seeds)} seeds, {failed} failed; {_pace(lived, told - began)}", flush=True)
    if not options.quiet or failed:
        seconds, spent = time.monotonic() - began, time.process_time() - worked
        print(f"{len(seeds)} seeds, {failed} failed, in {seconds:.0f} s: {_pace(lived, seconds)}, "
              f"{lived / spent:,.0f} times by the processor's time")  # fmt: skip
    return 1 if failed else 0


def _pace(lived: float, seconds: float) -> str:
    return f"{lived / 3600:.1f} virtual hours, {lived / max(seconds, 0.001):,.0f} times as fast as real time"


def _replay(plan: Plan, databases: Databases) -> int:
    result = simulate(plan, databases)
    _print_trace(result)
    _print_plan(plan)
    for finding in result.findings:
        print(f"FOUND {finding}")
    print(f"trace {result.digest()}; {result.figures}; {_pace(result.virtual_seconds, result.real_seconds)}")
    return 1 if result.findings else 0


def _tell(result: Result, databases: Databases, *, shrink: bool) -> None:
    print(f"seed {result.plan.seed}: FOUND {result.findings[0]}")
    for finding in result.findings[1:4]:
        print(f"    and {finding}")
    if shrink:
        short = shortest(result, databases)
        print(f"shortened to {len(short.plan.ops)} doings and {len(short.plan.faults)} faults: {short.findings[0]}")
        _print_plan(short.plan)
    print(f"replay: make simulate REPLAY={result.plan.seed}", flush=True)


def _print_plan(plan: Plan) -> None:
    print(f"  capacity {plan.capacity}, list lag {plan.lag:g} s, attempts {plan.max_attempts}, "
          f"batch {plan.batch_size}, turns change {plan.switch:g}, stalls {plan.stall:g}, {plan.settings}")  # fmt: skip
    for line in sorted([*map(str, plan.ops), *map(str, plan.faults)], key=lambda line: float(line.split(" s ")[0])):
        print(f"  {line}")


def _print_trace(result: Result) -> None:
    for at, who, what, detail in result.trace:
        print(f"{at:10.3f}  {who:<10} {what:<20} {detail}")
