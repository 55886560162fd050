"""`python -m tests.simulation.moments NAME --seeds 5`: plans written by hand for interleavings that are rare in seeds.

Against each of them only one rule of the product protects; a seed varies its times and sizes. The product passes all of
them, and without that rule a check is broken (tests/chaos/mutants).
"""

import argparse
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from tests.simulation.databases import Databases
from tests.simulation.plan import AFTER_CHOICE, ANY_WORKER, Fault, Op, Plan
from tests.simulation.run import simulate

DUE = 2  # the minute at which most customers are due
ENDS = 420.0  # seconds: then all is healed
EXPIRE_MINUTES = 10
FIRST = 10  # the number of the first customer: UCCE refuses that of the second (customers.py)
PROXY_503 = 5.0  # a proxy's 503 for an import that UCCE did not take (faults.py)


def _customers(chance: Random) -> tuple[Op, ...]:
    return tuple(Op(chance.uniform(1, 20), "book", FIRST + who, DUE) for who in range(chance.randint(4, 9)))


def _plan(chance: Random, ops: tuple[Op, ...], *faults: Fault, max_attempts: int = 1) -> Plan:
    ops = (*sorted(ops, key=lambda op: op.at), Op(ENDS, "availability"))
    settings = {"expire_minutes": EXPIRE_MINUTES, "minimum_notice_minutes": 0}
    return Plan(chance.randrange(10**6), ops, faults, capacity=20, settings=settings, max_attempts=max_attempts)


def _chosen(chance: Random, request: Op | None = None, **what: Any) -> Fault:
    """A fault that strikes when the master has selected callbacks and not yet claimed them."""
    values: dict[str, Any] = {"what": "slow", "value": chance.uniform(2, 6), **what}
    return Fault(DUE * 60 - 0.5, target=ANY_WORKER, where=AFTER_CHOICE, request=request, **values)


def listed(chance: Random) -> Plan:
    """A number is put on the do-not-call list between the SELECT of due callbacks and the claim."""
    ops = _customers(chance)
    return _plan(chance, ops, _chosen(chance, Op(chance.uniform(0.1, 1), "do_not_call", chance.choice(ops).who)))


def braked(chance: Random) -> Plan:
    """The brake is set between the SELECT of due callbacks and the claim."""
    request = Op(chance.uniform(0.1, 1), "brake", detail=chance.choice(("all", "campaign")))
    return _plan(chance, (*_customers(chance), Op(DUE * 60 + 100, "release")), _chosen(chance, request))


def hours_changed(chance: Random) -> Plan:
    """The calling hours are changed between the SELECT of due callbacks and the claim, so that they are over."""
    request = Op(chance.uniform(0.1, 1), "hours", detail="closed")
    opened = Op(DUE * 60 + 100, "hours", detail="open")
    return _plan(chance, (*_customers(chance), opened), _chosen(chance, request))


def hours_over(chance: Random) -> Plan:
    """The calling hours are over when the callbacks fall due."""
    closed, opened = Op(DUE * 60 - 20, "hours", detail="closed"), Op(DUE * 60 + 100, "hours", detail="open")
    return _plan(chance, (*_customers(chance), closed, opened))


def moved(chance: Random) -> Plan:
    """A customer moves their callback between the SELECT of due callbacks and the claim."""
    ops = _customers(chance)
    request = Op(chance.uniform(0.1, 1), "move", chance.choice(ops).who, DUE + chance.choice((2, 4, 30)))
    return _plan(chance, ops, _chosen(chance, request))


def moved_when_overdue(chance: Random) -> Plan:
    """A customer moves a callback, held by a brake until its window was over, between the SELECT of overdue callbacks
    and their expiry."""
    ops = _customers(chance)
    over = (30 + EXPIRE_MINUTES) * 60.0  # the window of the first slot
    request = Op(chance.uniform(0.1, 1), "move", chance.choice(ops).who, int(over) // 60 + chance.choice((4, 30)))
    slow = Fault(over - 0.5, "slow", ANY_WORKER, AFTER_CHOICE, chance.uniform(2, 6), request)
    return _plan(chance, (*ops, Op(30.0, "brake", detail="all"), Op(over + 100, "release")), slow)


def deposed_before_its_claim(chance: Random) -> Plan:
    """The master is suspended between the verification of its lock and its claim; the next one cannot reach UCCE."""
    still = chance.uniform(60, 120)
    away = Fault(DUE * 60 + 1.0, "ucce_down", value=still + 5)
    how = chance.choice(("pause", "suspend"))
    return _plan(chance, _customers(chance), _chosen(chance, what=how, value=still), away)


def deposed_before_its_record(chance: Random) -> Plan:
    """The master is suspended between UCCE's answer and its record. Meanwhile the next one settles, reads results and
    claims the next attempts, which UCCE takes late and without an answer."""
    how = chance.choice(("pause", "suspend"))
    still = Fault(DUE * 60 - 0.5, how, ANY_WORKER, "ucce.import.answer", chance.uniform(170, 190))
    proxy = [Fault(DUE * 60 + 5.0, "ucce_proxy", value=PROXY_503) for _ in range(4)]
    return _plan(chance, _customers(chance), still, *proxy, max_attempts=2)


def paused_before_its_import(chance: Random) -> Plan:
    """The master's machine is paused together with its clocks before an import's first byte, until the next one has
    sent the same contacts."""
    pause = Fault(DUE * 60 - 0.5, "pause", ANY_WORKER, "ucce.import.connect", chance.uniform(150, 240))
    return _plan(chance, _customers(chance), pause)


def imports_stand_still(chance: Random) -> Plan:
    """UCCE's imports stand still for longer than the grace and a proxy answers them, while its list can be read; they
    are taken afterwards. Only failed hand-overs of other callbacks show that UCCE is silent."""
    late = Fault(DUE * 60 - 2.0, "ucce_late", value=chance.uniform(10, 29))
    stall = Fault(DUE * 60 + 8.0, "ucce_stall", value=chance.uniform(100, 160))
    others = tuple(Op(30.0 + minute, "book", 30 + minute, minute) for minute in range(DUE + 1, DUE + 5))
    return _plan(chance, (*_customers(chance), *others), late, stall)


MOMENTS: dict[str, Callable[[Random], Plan]] = {
    moment.__name__: moment
    for moment in (
        listed, braked, hours_changed, hours_over, moved, moved_when_overdue, deposed_before_its_claim,
        deposed_before_its_record, paused_before_its_import, imports_stand_still,
    )
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when nothing was found, else 1: it ends with the first plan that finds something."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.moments", description=__doc__)
    parser.add_argument("moment", choices=[*MOMENTS, "all"])
    parser.add_argument("--seeds", type=int, default=5, help="how many, from 1 on")
    parser.add_argument("--replay", type=int, help="run one seed and print all that happens")
    options = parser.parse_args(arguments)
    databases = Databases()
    names = list(MOMENTS) if options.moment == "all" else [options.moment]
    replayed = options.replay is not None
    seeds = [options.replay] if replayed else range(1, options.seeds + 1)
    try:
        for name in names:
            for seed in seeds:
                if not _holds(name, seed, databases, trace=replayed):
                    return 1
    finally:
        databases.close()
    print(f"{len(names) * len(seeds)} seeds, 0 failed")
    return 0


def _holds(name: str, seed: int, databases: Databases, *, trace: bool) -> bool:
    result = simulate(MOMENTS[name](Random(f"{name}/{seed}")), databases)
    if trace:
        for at, who, what, detail in result.trace:
            print(f"{at:10.3f}  {who:<10} {what:<20} {detail}")
    for number, finding in enumerate(result.findings[:4]):
        print(f"    and {finding}" if number else f"{name} {seed}: FOUND {finding}", flush=True)
    return not result.findings


if __name__ == "__main__":
    raise SystemExit(main())
