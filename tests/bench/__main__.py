"""`python -m tests.bench`: measure speed, scale and failover of the real stack, as ratios of this one run."""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.clock import utcnow
from tests.bench import footprint, report, scale, speed
from tests.bench.report import Check
from tests.bench.rig import Rig

Part = Callable[[Rig], tuple[dict[str, Any], list[Check]]]


def parts(seconds: float, large: int, ready_after: Callable[[], float]) -> dict[str, Part]:
    """The parts in their order, by name."""
    return {
        "availability": lambda rig: speed.measure_availability(rig, seconds),
        "bookings": lambda rig: speed.measure_bookings(rig, seconds),
        "footprint": lambda rig: footprint.measure(rig, ready_after()),
        "scale": lambda rig: scale.measure(rig, seconds, large),
    }


def main() -> int:
    arguments = _arguments()
    began, folder = utcnow(), Path("var/bench")
    rig = Rig(folder / "stack")
    results: dict[str, Any] = {}
    checks: list[Check] = []
    started = time.monotonic()
    print("starting the stack …", flush=True)
    try:
        rig.start()
        ready = time.monotonic() - started
        chosen = parts(arguments.seconds, arguments.callbacks, lambda: ready)
        for name, part in chosen.items():
            if arguments.part in ("all", name):
                print(f"  {name} …", flush=True)
                results[name], found = part(rig)
                checks += found
                print(report.table(found), flush=True)
    finally:
        rig.stop()
    path = report.write(folder, began, results, checks)
    print(f"\n{report.table(checks)}\n  written to {path}")
    return 0 if all(check.met for check in checks) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = [*parts(0, 0, lambda: 0.0), "all"]
    parser.add_argument("part", nargs="?", default=os.environ.get("BENCH") or "all", choices=names)
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("BENCH_SECONDS") or 5),
                        help="length of one round of load (default 5, or BENCH_SECONDS)")  # fmt: skip
    parser.add_argument("--callbacks", type=int, default=scale.LARGE, help="how many the large book holds")
    if shutil.which("wrk") is None:
        sys.exit("make bench needs wrk: apt-get install wrk")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
