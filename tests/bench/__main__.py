"""`python -m tests.bench`: measure speed, scale and failover of the real stack, as ratios of this one run."""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.clock import utcnow
from tests.bench import admin_lists, dialling, footprint, gadget, report, scale, slow_senders, speed
from tests.bench.report import Check
from tests.bench.system_under_test import SystemUnderTest

Part = Callable[[], tuple[dict[str, Any], list[Check]]]
FOLDER = Path("var/bench")
UNDER_LOAD = ("availability", "bookings", "voice", "footprint", "scale")
OF_ITS_OWN = ("admin-lists", "hand-over", "failover", "slow-senders", "gadget")  # each starts a stack of its own


def main() -> int:
    arguments = _arguments()
    began = utcnow()
    results: dict[str, Any] = {}
    checks: list[Check] = []
    for name, part in _parts(arguments):
        print(f"  {name} …", flush=True)
        results[name], found = part()
        checks += found
        print(report.table(found), flush=True)
    path = report.write(FOLDER, began, results, checks)
    print(f"\n{report.table(checks)}\n  written to {path}")
    return 0 if all(check.met for check in checks) else 1


def _parts(arguments: argparse.Namespace) -> Iterator[tuple[str, Part]]:
    """The chosen parts in their order; those under load share one stack."""
    chosen = (*UNDER_LOAD, *OF_ITS_OWN) if arguments.part == "all" else (arguments.part,)
    if any(name in UNDER_LOAD for name in chosen):
        with _running_system() as (system, ready_after):
            seconds, large = arguments.seconds, arguments.callbacks
            under_load: dict[str, Part] = {
                "availability": lambda: speed.measure_availability(system, seconds),
                "bookings": lambda: speed.measure_bookings(system, seconds),
                "voice": lambda: speed.measure_voice(system, seconds),
                "footprint": lambda: footprint.measure(system, ready_after),
                "scale": lambda: _scale(system, seconds, large),
            }
            yield from ((name, part) for name, part in under_load.items() if name in chosen)
    if "admin-lists" in chosen:
        with _running_system("admin-lists") as (system, _):
            yield "admin-lists", lambda: admin_lists.measure(system, arguments.callbacks)
    if "hand-over" in chosen:
        yield "hand-over", lambda: dialling.measure_hand_over(FOLDER / "hand-over")
    if "failover" in chosen:
        yield "failover", lambda: dialling.measure_failover(FOLDER / "failover")
    if "slow-senders" in chosen:
        yield "slow-senders", lambda: slow_senders.measure(FOLDER / "slow-senders", arguments.seconds)
    if "gadget" in chosen:
        yield "gadget", lambda: gadget.measure(FOLDER / "gadget", arguments.seconds)


def _scale(small: SystemUnderTest, seconds: float, size: int) -> tuple[dict[str, Any], list[Check]]:
    with _running_system("large") as (large, _):
        return scale.measure(small, large, seconds, size)


@contextmanager
def _running_system(name: str = "stack") -> Iterator[tuple[SystemUnderTest, float]]:
    """The stack under load, and the seconds from its start until it was ready."""
    print("starting the stack …", flush=True)
    system, started = SystemUnderTest(FOLDER / name), time.monotonic()
    try:
        system.start()
        yield system, time.monotonic() - started
    finally:
        system.stop()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = [*UNDER_LOAD, *OF_ITS_OWN, "all"]
    parser.add_argument("part", nargs="?", default=os.environ.get("BENCH") or "all", choices=names)
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("BENCH_SECONDS") or 5),
                        help="length of one round of load (default 5, or BENCH_SECONDS)")  # fmt: skip
    parser.add_argument("--callbacks", type=int, default=scale.LARGE, help="how many the large book holds")
    arguments = parser.parse_args()
    if arguments.part not in ("slow-senders", "gadget") and shutil.which("wrk") is None:
        sys.exit("make bench needs wrk: apt-get install wrk")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
