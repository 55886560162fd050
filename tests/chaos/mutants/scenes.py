"""The scenes in which mutants are tried: a short run of tests/chaos with chosen faults, or a moment of
tests/simulation.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

TOO_LONG = 420.0  # seconds


@dataclass(frozen=True)
class Seen:
    """The result of a run: how often each check was broken, the first breach in `words`; `trouble` if it did
    not end.
    """

    checks: Counter[str]
    trouble: str
    seconds: float
    words: str = ""


class Scene(Protocol):
    """A way to run the product of a source tree."""

    @property
    def name(self) -> str: ...

    def run(self, tree: Path, var: Path) -> Seen: ...


@dataclass(frozen=True)
class Chaos:
    """`python -m tests.chaos` for some seconds with the faults whose names have `only` in them, one every `every`."""

    name: str
    only: str
    minutes: float = 0.35
    every: str = "1.2,1.8"
    rate: float = 12.0
    seed: int = 1

    def run(self, tree: Path, var: Path) -> Seen:
        command = ["tests.chaos", "--seed", str(self.seed), "--minutes", str(self.minutes), "--only", self.only,
                   "--every", self.every, "--rate", str(self.rate), "--drain", "45"]  # fmt: skip
        results = var / "chaos" / "results.jsonl"
        results.unlink(missing_ok=True)
        output, seconds = _run(command, tree, var)
        if not results.exists():
            return Seen(Counter(), f"the run did not end:\n{output[-2000:]}", seconds)
        figures = json.loads(results.read_text().splitlines()[-1])
        breaches = figures["breaches"]
        checks = Counter(breach.partition(":")[0] for breach in breaches)
        return Seen(checks, "", seconds, words="\n".join(breaches[:5]))


@dataclass(frozen=True)
class Moment:
    """`python -m tests.simulation.moments` for some seeds; it ends with the first that finds something."""

    moment: str
    seeds: int = 5

    @property
    def name(self) -> str:
        return self.moment.replace("_", " ")

    def run(self, tree: Path, var: Path) -> Seen:
        return _simulated(["tests.simulation.moments", self.moment, "--seeds", str(self.seeds)], tree, var)


def _simulated(command: list[str], tree: Path, var: Path) -> Seen:
    output, seconds = _run(command, tree, var)
    checks = Counter(re.findall(r"(?:FOUND|and) ([a-z_]+):", output))
    ended = "seeds, 0 failed" in output or not output.strip()
    trouble = "" if checks or ended else f"the simulation broke:\n{output[-2000:]}"
    return Seen(checks, trouble, seconds)


def _run(command: list[str], tree: Path, var: Path) -> tuple[str, float]:
    """What it printed, and how long it took. Processes that it started end with it (deploy/sandbox/process.py)."""
    began = time.monotonic()
    environment = {**os.environ, "CM_VAR_DIR": str(var), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run([sys.executable, "-m", *command], cwd=tree, env=environment, text=True, timeout=TOO_LONG,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)  # fmt: skip
        output = done.stdout
    except subprocess.TimeoutExpired:
        output = f"it took longer than {TOO_LONG:g} s"
    return output, time.monotonic() - began


PEACE = Chaos("peace", only="^rows grow old", every="4,6")
LOST_ANSWERS = Chaos("lost answers", only="^(UCCE resets after|UCCE takes the batch, answers after)", minutes=0.5)
LATE = Chaos("late", only="^UCCE takes the batch after", minutes=0.5)
ACCEPTED = Chaos("accepted", only="^UCCE answers 202, took nothing", minutes=0.4)
PROXIES = Chaos("proxies", only="^a proxy answers ", minutes=0.5)
REFUSALS = Chaos("refusals", only="^UCCE (refuses contacts|takes the good rows)")
STALLS = Chaos(
    "stalls", only="^(master stalled past session and grace|worker stalled past session and grace)", minutes=0.9
)
PUT_BACK = Chaos("put back", only="^database put back", every="8,12", minutes=0.5)
CLOCKS = Chaos("clocks", only="^clock of a booking API two hours behind", minutes=0.6, every="0.5,1")
LISTED, BRAKED = Moment("listed"), Moment("braked")
BEFORE_CLAIM, BEFORE_RECORD = Moment("deposed_before_its_claim"), Moment("deposed_before_its_record")
PAUSED, STANDING = Moment("paused_before_its_import"), Moment("imports_stand_still")
HOURS_CHANGED, HOURS_OVER = Moment("hours_changed"), Moment("hours_over")
MOVED, MOVED_LATE = Moment("moved"), Moment("moved_when_overdue")
