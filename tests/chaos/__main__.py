"""`python -m tests.chaos --seed 7 --minutes 3`; a list (1,4,9) or a range (1..20) of seeds runs them one by one."""

import argparse
import json
import logging
import os
import re
import sys
from pathlib import Path
from typing import Any

from deploy.sandbox.process import ROOT
from tests.chaos.faults import DECK
from tests.chaos.run import run

EXAMPLES = 3  # breaches of each check that are printed
HEAD = "seed  bookings  faults  masterships  imports  drained  on the way  verdict"


def seeds(text: str) -> list[int]:
    """`7`, `1,4,9`, `1..20`, or several of these with commas."""
    chosen: list[int] = []
    for part in text.split(","):
        first, dots, last = part.partition("..")
        chosen += range(int(first), int(last) + 1) if dots else [int(first)]
    return chosen


def pause(text: str) -> tuple[float, float]:
    least, _, most = text.partition(",")
    return float(least), float(most or least)


def row(figures: dict[str, Any]) -> str:
    verdict = "holds" if not figures["breaches"] else f"BROKEN ({len(figures['breaches'])})"
    return (
        f"{figures['seed']:4}  {figures['bookings']:8}  {figures['faults']:6}  {figures['masterships']:11}  "
        f"{figures['imports']:7}  {figures['drained_in']:5} s  {figures['longest_on_the_way']:8} s  {verdict}"
    )


def _some(breaches: list[str]) -> list[str]:
    """The number of breaches of each check, and its first few."""
    by_check: dict[str, list[str]] = {}
    for breach in breaches:
        by_check.setdefault(breach.partition(":")[0], []).append(breach)
    return [line for check, lines in by_check.items() for line in (f"{check}: {len(lines)}", *lines[:EXAMPLES])]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=seeds, default=[1], help="one, a list, a range")
    parser.add_argument("--minutes", type=float, default=3.0, help="of faults under load, for each seed")
    parser.add_argument("--rate", type=float, default=14.0, help="bookings asked for, a second")
    parser.add_argument("--every", type=pause, default=(2.2, 3.6), help="seconds between two faults, as 2.2,3.6")
    parser.add_argument("--drain", type=float, default=150.0, help="seconds that the rest may take after healing")
    parser.add_argument("--only", default="", help="a regular expression: only the faults whose name has it")
    parser.add_argument("--without", default="^$", help="a regular expression: all faults but those whose name has it")
    options = parser.parse_args()
    deck = [fault for fault in DECK if re.search(options.only, fault.name)
            and not re.search(options.without, fault.name)]  # fmt: skip
    folder = Path(os.environ.get("CM_VAR_DIR", ROOT / "var")) / "chaos"
    folder.mkdir(parents=True, exist_ok=True)
    # Runs end ZooKeeper sessions with kazoo; its log of that is noise.
    logging.getLogger("kazoo").setLevel(logging.CRITICAL)
    broken = 0
    print(HEAD, flush=True)
    for seed in options.seed:
        var = folder / f"seed-{seed}"
        figures = run(
            seed, options.minutes, var, rate=options.rate, deck=deck, every=options.every, drain=options.drain
        )
        with (folder / "results.jsonl").open("a") as results:
            results.write(json.dumps(figures) + "\n")
        print(row(figures), flush=True)
        if figures["breaches"]:
            broken += 1
            print(f"Seed {seed} broke a promise; everything is kept in {var}", *_some(figures["breaches"]),
                  figures["trace"], sep="\n", flush=True)  # fmt: skip
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
