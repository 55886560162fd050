"""Breadth-first search over all reachable states; states that differ only by names count as one."""

import gc
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from tests.model.election import Step
from tests.model.protocol import broken, good_end, successors
from tests.model.state import INITIAL, NOBODY, Database, State, Worker
from tests.model.switches import Model


@dataclass
class Explored:
    """The number of states, and the steps at which workers were in them.

    `trace` is the shortest way to a state that breaks the property `broken`; the search ends there.
    """

    states: int
    steps: frozenset[str]
    broken: str | None = None
    trace: list[str] = field(default_factory=list)


def canonical(s: State) -> State:
    """Epochs renamed by rank, and the two workers in their order: neither name means anything."""
    s = _renamed(s)
    a, b = s.workers
    if b < a:
        s = s._replace(
            workers=(b, a),
            holder=s.holder if s.holder == NOBODY else 1 - s.holder,
            requests=tuple(sorted((age, owner if owner == NOBODY else 1 - owner) for age, owner in s.requests)),
        )
    return s


def _renamed(s: State) -> State:
    (a, b), backup = s.workers, s.backup or s.db
    epochs = (s.db.epoch, a.epoch, b.epoch, backup.epoch)
    numbers = (s.db.hand_overs, s.handed_over, a.number, b.number, a.known, b.known, backup.hand_overs)
    new_epochs, new_numbers = _dense(epochs, 1), _dense(numbers, 2)
    if new_epochs is None and new_numbers is None:
        return s
    epoch, number = new_epochs or _SAME, new_numbers or _SAME
    return s._replace(
        db=_renamed_in_database(s.db, epoch, number),
        backup=s.backup and _renamed_in_database(s.backup, epoch, number),
        handed_over=number[s.handed_over],
        workers=(_renamed_in_worker(a, epoch, number), _renamed_in_worker(b, epoch, number)),
    )


Names = dict[int, int]


def _renamed_in_database(db: Database, epoch: Names, number: Names) -> Database:
    names = epoch[db.epoch], number[db.hand_overs]
    return db if names == (db.epoch, db.hand_overs) else db._replace(epoch=names[0], hand_overs=names[1])


def _renamed_in_worker(w: Worker, epoch: Names, number: Names) -> Worker:
    names = epoch[w.epoch], number[w.number], number[w.known]
    if names == (w.epoch, w.number, w.known):
        return w
    return w._replace(epoch=names[0], number=names[1], known=names[2])


_SAME = {value: value for value in range(1_000)}


@lru_cache(maxsize=100_000)
def _dense(values: tuple[int, ...], gap: int) -> dict[int, int] | None:
    """The values with all gaps beyond `gap` closed, by their old values; None when there is no such gap."""
    renamed = {0: 0}
    before = 0
    for value in sorted(set(values)):
        renamed[value] = renamed[before] + min(value - before, gap)
        before = value
    return renamed if renamed[before] != before else None


def explore(m: Model) -> Explored:
    """Visit every reachable state, or stop at the first one that breaks a property."""
    gc.disable()  # millions of live tuples and no cycles: each collection would visit them all
    try:
        return _explore(m)
    finally:
        gc.enable()


def _explore(m: Model) -> Explored:
    index = {INITIAL: 0}
    order, parents = [INITIAL], array("l", [-1])
    sources, targets = array("l"), array("l")  # the steps that are no faults
    bad, problem = None, None
    for at, s in enumerate(order):  # grows while it is read
        problem = broken(s, m)
        if problem is not None:
            bad = at
            break
        for _, successor, fault in successors(s, m):
            after = canonical(successor)
            known = index.get(after)
            if known is None:
                known = index[after] = len(order)
                order.append(after)
                parents.append(at)
            if not fault:
                sources.append(at)
                targets.append(known)
    else:
        bad = _stuck(order, sources, targets)
        problem = None if bad is None else "LIVE"
    steps = frozenset(w.at for s in order for w in s.workers)
    return Explored(len(order), steps, problem, [] if bad is None else _story(bad, parents, order, m))


def _stuck(order: list[State], sources: "array[int]", targets: "array[int]") -> int | None:
    """The first state from which no good end can be reached without another fault."""
    before: list[list[int]] = [[] for _ in order]
    for source, target in zip(sources, targets, strict=True):
        before[target].append(source)
    waiting = [at for at, s in enumerate(order) if good_end(s)]
    live = set(waiting)
    while waiting:
        for source in before[waiting.pop()]:
            if source not in live:
                live.add(source)
                waiting.append(source)
    return next((at for at in range(len(order)) if at not in live), None)


def _story(at: int, parents: "array[int]", order: list[State], m: Model) -> list[str]:
    """The labels on the shortest way to a state, with the same names throughout."""
    way = []
    while at >= 0:
        way.append(order[at])
        at = parents[at]
    way.reverse()
    s, trace = way[0], list[str]()
    for target in way[1:]:
        label, s = _step_to(s, target, m)
        trace.append(label)
    return trace


def _step_to(s: State, target: State, m: Model) -> tuple[str, State]:
    steps: Iterable[Step] = successors(s, m)
    return next((label, after) for label, after, _ in steps if canonical(after) == target)
