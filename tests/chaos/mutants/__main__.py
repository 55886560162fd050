"""`python -m tests.chaos.mutants --only expir`: try the catalogue's mutants one by one, each in a copy of the tree.

First the unchanged product goes through every scene that the chosen mutants need: no check may be broken there. Then
each mutant must break one of the checks that are named for it. Exit status 1 when one survives, or cannot be made.
"""

import argparse
import os
import queue
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from deploy.sandbox.process import ROOT
from tests.chaos.mutants.catalogue import CATALOGUE
from tests.chaos.mutants.trial import Kept, Outcome, Trial


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="a regular expression: mutants whose name or file has it")
    parser.add_argument("--scene", default="", help="a regular expression: mutants whose scene's name has it")
    parser.add_argument("--no-unchanged", action="store_true", help="do not try the unchanged product")
    parser.add_argument("--resume", action="store_true", help="leave out what went well before with this very code")
    parser.add_argument("--at-once", type=int, default=2, help="trials at a time: one for each processor at most")
    options = parser.parse_args()
    mutants = [one for one in CATALOGUE if re.search(options.only, f"{one.name} {one.file}")
               and re.search(options.scene, one.scene.name)]  # fmt: skip
    if not mutants:
        print(f"no mutant has {options.only!r} in the scene {options.scene!r}")
        return 2
    scenes = {mutant.scene.name: mutant.scene for mutant in mutants}
    trials = [] if options.no_unchanged else [Trial(scene) for scene in scenes.values()]
    trials += [Trial(mutant.scene, mutant) for mutant in mutants]
    var = Path(os.environ.get("CM_VAR_DIR", ROOT / "var")).resolve()
    kept = Kept(var / "mutants.jsonl")
    known = kept.well() if options.resume else {}
    outcomes = [known[key] for one in trials if (key := (one.name, one.scene.name)) in known]
    if outcomes:
        print(f"{len(outcomes)} went well before", flush=True)
    left = [one for one in trials if (one.name, one.scene.name) not in known]
    try:
        for outcome in _all(left, var / "mutants", options.at_once):
            kept.add(outcome)
            outcomes.append(outcome)
    finally:
        shutil.rmtree(var / "mutants", ignore_errors=True)
    bad = [one for one in outcomes if not one.well]
    print(_table(outcomes))
    print(f"{len(outcomes) - len(bad)} of {len(outcomes)} went well"
          + "".join(f"\n  not: {one.mutant} [{one.scene}]" for one in bad))  # fmt: skip
    return 1 if bad else 0


def _all(trials: Sequence[Trial], folder: Path, at_once: int) -> Iterator[Outcome]:
    """Run the trials, several at a time, each in a folder of its own; print each result and an estimate of the rest."""
    shutil.rmtree(folder, ignore_errors=True)
    places: queue.Queue[Path] = queue.Queue()
    for number in range(at_once):
        places.put(folder / str(number))

    def run(trial: Trial) -> Outcome:
        place = places.get()
        try:
            return trial.run(place)
        finally:
            places.put(place)

    began = time.monotonic()
    with ThreadPoolExecutor(at_once) as threads:
        running = [threads.submit(run, trial) for trial in trials]
        try:
            for number, ended in enumerate(as_completed(running), start=1):
                outcome = ended.result()
                minutes = (time.monotonic() - began) / number * (len(trials) - number) / 60
                print(f"{number} of {len(trials)}  {outcome.mutant}  [{outcome.scene}]  {outcome.said}  "
                      f"{outcome.seconds:.0f} s; about {minutes:.0f} min left", flush=True)  # fmt: skip
                if outcome.trouble:
                    print(outcome.trouble, flush=True)
                yield outcome
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def _table(outcomes: Sequence[Outcome]) -> str:
    lines = [("mutant", "scene", "noticed by", "s"), ("---",) * 4]
    lines += [(one.mutant, one.scene, one.said, f"{one.seconds:.0f}") for one in outcomes]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
