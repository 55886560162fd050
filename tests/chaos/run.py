"""One run: start a system, put load on it, inject faults, heal, drain, judge."""

import json
import pickle
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import func, or_, select

from deploy.sandbox.process import on_other_ports
from shared.callbacks.states import Status
from shared.clock import utcnow
from shared.db import models
from tests.chaos.administrator import Administrator
from tests.chaos.checks import CHECKS, Breach, judge
from tests.chaos.checks.masterships import longest_on_the_way, out_of_order
from tests.chaos.evidence import Evidence, gather
from tests.chaos.faults import Fault
from tests.chaos.history import History, instant
from tests.chaos.invariants import PUT_BACK
from tests.chaos.load import Load
from tests.chaos.schedule import Schedule, heal
from tests.chaos.system_under_test import SETTLE_GRACE, SystemUnderTest
from tests.chaos.trace import shortest_trace


def run(seed: int, minutes: float, var: Path, *, rate: float = 14.0, deck: list[Fault] | None = None,
        every: tuple[float, float] = (2.2, 3.6), drain: float = 150.0) -> dict[str, Any]:  # fmt: skip
    """Run once; returns the figures, with `breaches` (a list of texts) and `trace`, that of the shortest broken
    callback.

    `var` is removed unless a check was broken.
    """
    began = time.monotonic()
    with _running_system(var) as system:
        history = History(var / "history.jsonl")
        load = Load(system.stack.url, system.stack.env["CM_IVR_KEY"], seed, history, rate=rate)
        system.note = lambda **row: history.add(at=instant(), **row)
        system.retired = load.retired
        people = Administrator(system.stack.url, system.stack.env, seed, history, load)
        people.start()
        load.start()
        schedule = Schedule(system, seed, history, deck)
        schedule.run(minutes * 60, every)
        load.stop()
        people.stop()
        heal(system)
        put_back = bool(schedule.struck[PUT_BACK])
        people.release(lost=put_back)
        settled_at = time.monotonic()
        load.ask_again()
        drained = _drain(system, drain, people.resume_held if put_back else lambda: None)
        drift = _drift(system)
        evidence = gather(system, history)
    history.close()
    (var / "evidence.pickle").write_bytes(pickle.dumps(evidence))
    breaches = judge(evidence)
    if not drained:
        breaches.append(Breach("all handed over", None, f"not drained {drain:g} s after healing"))
    if drift:
        breaches.append(Breach("places", None, f"the worker's self-check says {drift}"))
    figures = {
        "seed": seed,
        "seconds": round(time.monotonic() - began),
        "drained_in": round(time.monotonic() - settled_at),
        **_figures(evidence),
        "faults": sum(schedule.struck.values()),
        "kinds": {name: number for name, number in sorted(schedule.struck.items()) if number},
        "breaches": [f"{breach.check}: {breach.account or ''} {breach.text}" for breach in breaches],
        "trace": shortest_trace(evidence, breaches) if breaches else "",
    }
    (var / "figures.json").write_text(json.dumps(figures, indent=1))
    if not breaches:
        shutil.rmtree(var)
    return figures


@contextmanager
def _running_system(var: Path) -> Iterator[SystemUnderTest]:
    """A running system in an empty `var`."""

    def start() -> SystemUnderTest:
        shutil.rmtree(var, ignore_errors=True)
        var.mkdir(parents=True)
        return SystemUnderTest(var).__enter__()

    system = on_other_ports(start)
    try:
        yield system
    finally:
        system.stop()


def _figures(evidence: Evidence) -> dict[str, Any]:
    statuses = Counter(row.status for row in evidence.callbacks.values())
    answers = Counter(str(call["status"] or call["error"]) for call in evidence.calls)
    return {
        "bookings": len(evidence.callbacks),
        "calls": len(evidence.calls),
        "answers": dict(sorted(answers.items())),
        "edits": sum(1 for edit in evidence.edits if edit["status"] in (200, 201)),
        "repeats": sum(1 for call in evidence.calls if call["op"] == "book" and call["status"] == 200),
        "masterships": len(evidence.terms),
        "imports": len(evidence.taken),
        "batches": sum(1 for one in evidence.received if one["taken"]),
        "statuses": dict(sorted(statuses.items())),
        "results_lost": sum(1 for row in evidence.callbacks.values() if row.outcome == "result_lost"),
        "longest_on_the_way": round(longest_on_the_way(evidence), 1),
        "out_of_order": len(out_of_order(evidence)),
        "margin": round(SETTLE_GRACE - max(out_of_order(evidence), default=0.0), 1),
        "checks": len(CHECKS),
    }


def _drain(system: SystemUnderTest, within: float, help_out: Callable[[], None]) -> bool:
    """Wait until nothing that is due is open; `help_out` is what a person does meanwhile."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        system.start_fallen()
        help_out()
        if _left(system) == 0:
            return True
        time.sleep(1)
    return False


def _left(system: SystemUnderTest) -> int:
    due = (models.Callback.status == Status.SCHEDULED) & (models.Callback.due_at <= utcnow())
    under_way = models.Callback.status.in_((Status.IMPORTING, Status.IMPORTED))
    with system.database.reading() as connection:
        query = select(func.count()).select_from(models.Callback).where(or_(due, under_way))
        return int(connection.execute(query).scalar_one())


def _drift(system: SystemUnderTest) -> str | None:
    """The number of drifted slots that the master itself reports, when that is not "0"."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            drift = system.ops("GET", "status")["slotDrift"]
        except requests.RequestException:
            time.sleep(0.5)
            continue
        return None if drift == 0 else f"{drift} slots drifted"
    return "nothing: no master answers"
