"""`make model`: the table of runs, each with its states, and with the shortest trace where a property breaks."""

import time

from tests.model.explorer import explore
from tests.model.runs import ASSUMPTIONS, BREAKS, EITHER_HOLDS, HOLDS, Run

CHAPTERS = {
    "The protocol holds over the complete state space": HOLDS,
    "What each rule is for": BREAKS,
    "Either line of defence alone": EITHER_HOLDS,
    "What the protocol assumes": ASSUMPTIONS,
}


def main() -> None:
    for chapter, runs in CHAPTERS.items():
        print(f"\n{chapter}\n")
        for run in runs:
            _show(run)


def _show(run: Run) -> None:
    began = time.process_time()
    explored = explore(run.model)
    verdict = f"{explored.broken} breaks" if explored.broken else "ONCE, THERE, LIVE and DUE hold"
    off = f" (off: {', '.join(run.off)})" if run.off else ""
    seconds = time.process_time() - began
    print(f"  {run.name}{off}: {verdict}, {explored.states:,} states, {seconds:.1f} s", flush=True)
    for line in _short(explored.trace):
        print(f"      {line}")


def _short(trace: list[str]) -> list[str]:
    """Ticks in a row as one line."""
    lines: list[str] = []
    ticks = 0
    for label in [*trace, ""]:
        ticks += label == "time passes"
        if label != "time passes":
            lines += [f"{ticks} ticks pass"] * (ticks > 0) + [label] * bool(label)
            ticks = 0
    return lines


if __name__ == "__main__":
    main()
