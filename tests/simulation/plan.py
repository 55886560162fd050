"""The plan of a seed: the requests of customers and operators, the faults, the rate of task switches. Data only."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

WORKERS = ("worker-a", "worker-b")
SERVERS = ("api-x", "api-y")
ANY_WORKER = "worker"  # a fault's target: whichever comes to the point first
CYCLE = 30  # seconds between two cycles of a master
ACTIVE_SECONDS = 360.0  # of requests and faults; then everything is healed and the run goes on until it is at rest

AFTER_CHOICE = "db.turn after callbacks were read"  # between a step's choice and its UPDATE
# Where a fault that waits for a point of a node may strike.
WHERE = (
    "db.turn", "db.begin", "db.write", "db.commit", "db.read", "zk.ask", "zk.get", "ucce.import.connect",
    "ucce.import.send", "ucce.import.answer", "ucce.list.connect", "ucce.list.answer", "", AFTER_CHOICE,
)  # fmt: skip

KINDS = (
    "crash", "stop", "resign", "suspend", "pause", "slow", "zk_cut", "zk_expire", "zk_down", "db_down", "db_back",
    "conflict", "lost_commit", "ucce_down", "ucce_late", "ucce_lost", "ucce_status", "ucce_proxy", "ucce_partial",
    "ucce_garble", "list_lag", "list_status", "clock_step", "purge",
)  # fmt: skip


@dataclass(frozen=True)
class Op:
    """At `at` seconds the request `what` for the `who`-th customer's callback; `minute`: a start, from the
    run's start.
    """

    at: float
    what: str
    who: int = 0
    minute: int = 0
    detail: str = ""

    def __str__(self) -> str:
        minute = f" to minute {self.minute}" if self.what in ("book", "move") else ""
        return f"{self.at:7.1f} s  {self.what}{minute} customer {self.who} {self.detail}".rstrip()


@dataclass(frozen=True)
class Fault:
    """From `at` on `what` happens to `target`; with `where` at its next point of that kind. `value` is in seconds or a
    number of the fault's own. With `request` that request is sent, `request.at` seconds after the fault struck at its
    point.
    """

    at: float
    what: str
    target: str = ""
    where: str = ""
    value: float = 0.0
    request: Op | None = None

    def __str__(self) -> str:
        where = f" at {self.where}" if self.where else ""
        request = f", meanwhile {str(self.request).strip()}" if self.request else ""
        return f"{self.at:7.1f} s  {self.what} {self.target}{where} ({self.value:g}){request}"


@dataclass(frozen=True)
class Plan:
    """One run."""

    seed: int
    ops: tuple[Op, ...]
    faults: tuple[Fault, ...]
    switch: float = 0.0
    stall: float = 0.0
    capacity: int = 3
    lag: float = 0.0
    settings: dict[str, int] = field(default_factory=dict)
    max_attempts: int = 1
    batch_size: int = 500

    def calm(self) -> bool:
        """Whether it has no faults, no brakes and no change of hours: then nothing may be late."""
        return (
            not self.faults and all(op.what not in ("brake", "release", "hours") for op in self.ops) and self.stall == 0
        )

    def ends_at(self) -> float:
        """When the last thing that the plan does has begun."""
        return max([*(op.at for op in self.ops), *(fault.at for fault in self.faults)], default=0.0)

    def without(self, ops: set[int], faults: set[int]) -> "Plan":
        """The plan without the items of these indexes."""
        return replace(
            self,
            ops=tuple(op for index, op in enumerate(self.ops) if index not in ops),
            faults=tuple(fault for index, fault in enumerate(self.faults) if index not in faults),
        )


def plan_of(seed: int, kinds: tuple[str, ...] = KINDS) -> Plan:
    """The plan of a seed. Each seed has its own selection of faults and its own rate of task switches."""
    chance = Random(seed)
    customers = chance.randint(3, 14)
    calm = chance.random() < 0.1 or not kinds
    ops = _ops(chance, customers)
    faults = () if calm else _faults(chance, kinds)
    return Plan(
        seed=seed,
        ops=_in_between(chance, ops, faults),
        faults=faults,
        switch=chance.choice((0.0, 0.05, 0.2, 0.5)),
        stall=0.0 if calm else chance.choice((0.0, 0.0, 0.002, 0.01, 0.04)),
        capacity=chance.choice((2, 5, 10, 20)),
        lag=chance.choice((0.0, 0.0, 5.0, 19.0)),
        settings={"expire_minutes": chance.choice((10, 15, 60)), "minimum_notice_minutes": chance.choice((0, 1))},
        max_attempts=chance.choice((1, 2, 3)),
        batch_size=chance.choice((1, 2, 500)),
    )


def _ops(chance: Random, customers: int) -> tuple[Op, ...]:
    ops: list[Op] = []
    for who in range(customers):
        at = chance.uniform(0, ACTIVE_SECONDS * 0.6)
        minute = int(at // 60) + chance.randint(1, 5)
        ops.append(Op(at, "book", who, minute))
        for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
            # Often around the time it is due: that is where the races are.
            cycle = -(-minute * 60 // CYCLE) * CYCLE  # the first that finds it due
            when = chance.choice((
                chance.uniform(at + 2, ACTIVE_SECONDS), minute * 60 + chance.uniform(-20, 20),
                cycle + chance.uniform(-0.5, 4.0), cycle + chance.uniform(-0.1, 0.6),
            ))  # fmt: skip
            when = max(at + 2, when)
            what = chance.choice(("move", "move", "move", "cancel", "find", "repeat", "dispatch", "do_not_call"))
            ops.append(Op(when, what, who, int(when // 60) + chance.choice((1, 2, 2, 3, 3, 4, 5, 7, 9, 30))))
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        at = chance.uniform(0, ACTIVE_SECONDS)
        ops.append(Op(at, "brake", detail=chance.choice(("all", "campaign"))))
        ops.append(Op(min(at + chance.uniform(5, 120), ACTIVE_SECONDS), "release"))
    for _ in range(chance.choice((0, 1, 3))):
        ops.append(Op(chance.uniform(0, ACTIVE_SECONDS), "availability"))
    return tuple(sorted(ops, key=lambda op: op.at))


def _in_between(chance: Random, ops: tuple[Op, ...], faults: tuple[Fault, ...]) -> tuple[Op, ...]:
    """Customers whose callbacks fall due in a cycle with a slow transaction move or cancel during it."""
    more = []
    for fault in faults:
        cycle = fault.at + 1.0
        due = [op for op in ops if op.what == "book" and cycle - CYCLE < op.minute * 60 <= cycle]
        if fault.where == AFTER_CHOICE and fault.what == "slow" and due:
            what = chance.choice(("move", "move", "do_not_call", "cancel", "brake"))
            at, who = cycle + chance.uniform(0.05, 0.9 * fault.value), chance.choice(due).who
            more.append(
                Op(at, what, who, int(at // 60) + chance.choice((2, 5, 8, 30)), "all" if what == "brake" else "")
            )
            if what == "brake":
                more.append(Op(at + 60, "release"))
    return tuple(sorted((*ops, *more), key=lambda op: op.at))


def _faults(chance: Random, kinds: tuple[str, ...]) -> tuple[Fault, ...]:
    temper = chance.sample(kinds, min(len(kinds), chance.randint(1, 6)))
    if len(temper) > 1 and "db_back" in temper and chance.random() < 0.6:
        temper.remove("db_back")  # after it less can be checked
    faults = [_fault(chance, chance.choice(temper)) for _ in range(chance.choice((1, 2, 3, 5, 8, 12)))]
    scenario = chance.choice((_long_absence, _unlucky_twice, _slow_transactions, _slow_transactions, None))
    if scenario is not None:
        faults += [fault for fault in scenario(chance) if fault.what in kinds]
    return tuple(sorted(faults, key=lambda fault: fault.at))


def _long_absence(chance: Random) -> list[Fault]:
    """The master is suspended during its work until long after the other one has taken over and settled."""
    at = chance.uniform(30, 200)
    where = chance.choice(("ucce.import.connect", "ucce.import.send", "ucce.import.answer", "db.begin", "db.commit"))
    gone = Fault(at, chance.choice(("pause", "suspend")), ANY_WORKER, where, chance.uniform(100, 260))
    slow = [Fault(at + 60, "slow", ANY_WORKER, chance.choice(WHERE), chance.uniform(1, 9)) for _ in range(4)]
    return [gone, *slow]


def _unlucky_twice(chance: Random) -> list[Fault]:
    """An import that UCCE did not take, then one that it took, both without an answer."""
    at = chance.uniform(20, 200)
    first = Fault(at, "ucce_proxy", value=chance.choice((1, 4, 5)))
    lag = Fault(at, "list_lag", value=chance.choice((10.0, 20.0)))
    return [lag, first, Fault(at + 0.1, chance.choice(("ucce_lost", "ucce_late")), value=chance.uniform(6, 29))]


def _slow_transactions(chance: Random) -> list[Fault]:
    """In each cycle a delay between a step's SELECT and its UPDATE."""
    cycles = chance.sample(range(1, int(ACTIVE_SECONDS) // CYCLE), 8)
    return [Fault(cycle * CYCLE - 1.0, "slow", ANY_WORKER, AFTER_CHOICE, chance.uniform(1, 6)) for cycle in cycles]


def _fault(chance: Random, what: str) -> Fault:
    at = chance.uniform(10, ACTIVE_SECONDS)
    worker, anyone = chance.choice(WORKERS), chance.choice(WORKERS * 3 + SERVERS)
    where = chance.choice(WHERE)
    if what in ("crash", "suspend", "pause", "slow") and where.startswith("ucce"):
        worker = anyone = ANY_WORKER
    if what == "crash":
        return Fault(at, what, anyone, where, chance.choice((1.0, 10.0, 60.0)))
    if what in ("suspend", "pause"):
        return Fault(at, what, worker, where, chance.choice((3.0, 15.0, 24.0, 40.0, 100.0, 160.0, 240.0)))
    if what == "slow":
        return Fault(at, what, anyone, where, chance.uniform(0.5, 8.0))
    target = {"conflict": anyone, "lost_commit": anyone, "db_down": chance.choice(("", anyone)), "zk_cut": worker,
              "zk_expire": worker, "stop": worker, "resign": worker, "clock_step": worker}.get(what, "")  # fmt: skip
    return Fault(at, what, target, value=VALUES.get(what, _some)(chance))


def _some(chance: Random) -> float:
    return float(chance.randint(0, 5))


def _seconds(least: float, most: float) -> Callable[[Random], float]:
    return lambda chance: chance.uniform(least, most)


VALUES: dict[str, Callable[[Random], float]] = {
    "conflict": lambda chance: chance.choice((1, 1, 2, 4)),
    "lost_commit": lambda chance: chance.choice((1, 1, 2, 4)),
    "db_down": _seconds(0.5, 40.0),
    "db_back": _seconds(0.5, 60.0),
    "zk_cut": _seconds(0.5, 40.0),
    "zk_expire": _seconds(0.5, 40.0),
    "stop": _seconds(0.5, 40.0),
    "zk_down": _seconds(1.0, 60.0),
    "ucce_down": _seconds(1.0, 60.0),
    "ucce_late": _seconds(4.0, 30.0),
    "list_lag": lambda chance: chance.choice((0.0, 10.0, 20.0)),
    "clock_step": lambda chance: chance.choice((-3600.0, -50.0, 50.0, 3600.0)),
}
