"""Faults: each strikes at its time, or at the next scheduling point of its node after that."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from tests.simulation.plan import AFTER_CHOICE, Fault, Op
from tests.simulation.scheduler import Node, Scheduler
from tests.simulation.ucce import Behaviour, Ucce
from tests.simulation.zookeeper import ZooKeeper

CHOICE = "SELECT callback.account_number"  # the beginning of the SELECT in which a step chooses callbacks
AT_A_POINT = ("crash", "suspend", "pause", "slow")
STATUSES = ((503, True), (401, True), (403, True), (500, True), (404, True), (503, True))
PROXY = ((503, True), (404, False), (502, True), (202, True), (202, False), (503, False))  # status, whether it is taken


class System(Protocol):
    """The parts of the system under test that faults use."""

    scheduler: Scheduler
    zookeeper: ZooKeeper
    ucce: Ucce
    purged: set[str]

    def running(self, name: str) -> Node | None: ...
    def restart(self, name: str, seconds: float) -> None: ...
    def listed(self) -> set[str]: ...
    def keep_database(self) -> None: ...
    def put_database_back(self) -> None: ...
    def command(self, name: str, what: str, seconds: float) -> None: ...
    def begin(self, op: Op) -> None: ...


class Faults:
    def __init__(self, system: System, faults: tuple[Fault, ...]) -> None:
        self._system, self._scheduler = system, system.scheduler
        self._waiting = [fault for fault in faults if fault.what in AT_A_POINT]
        self._once: list[tuple[Fault, list[int]]] = []  # conflicts and lost commits, and how many are left of each
        self._down: list[tuple[float, float, str]] = []  # the database: from, until, for whom
        self._chose: dict[str, bool] = {}  # by node: whether its last statement was a step's SELECT of callbacks
        self.struck: list[tuple[float, Fault]] = []
        for fault in faults:
            if fault.what == "db_back":
                self._scheduler.at(max(0.5, fault.at - fault.value), system.keep_database)
            if fault.what not in AT_A_POINT:
                self._scheduler.at(fault.at, partial(self._strike, fault))

    def at_point(self, node: Node, kind: str, detail: str) -> None:
        """Execute the faults that wait for such a point of this node."""
        if not self._waiting:
            return
        now = self._scheduler.now
        if kind == "db.turn" and self._chose.get(node.name):
            kind = AFTER_CHOICE
        if kind.startswith("db."):  # between the choice and the claim the lock is proven on ZooKeeper
            self._chose[node.name] = detail.startswith(CHOICE)
        for fault in self._waiting:
            if fault.at <= now and node.name.startswith(fault.target) and kind.startswith(fault.where):
                self._waiting.remove(fault)
                self._note(fault)
                if request := fault.request:
                    self._scheduler.after(request.at, lambda: self._system.begin(request))
                if fault.what == "crash":
                    self._system.restart(node.name, fault.value)
                    self._scheduler.kill(node)
                elif fault.what in ("suspend", "pause"):
                    self._scheduler.suspend(node, fault.value, unknowing=fault.what == "pause")
                else:
                    self._scheduler.sleep(fault.value)
                return

    def of_database(self, kind: str) -> str | None:
        """The fault of a statement or commit: conflict, gone, lost (a commit's answer), or none."""
        task = self._scheduler.task()
        if task is None or task.node.dead:
            return None
        if not self._down and not self._once:
            return None
        name, now = task.node.name, self._scheduler.now
        if any(start <= now < end and name.startswith(whose) for start, end, whose in self._down):
            return "gone"
        for fault, left in self._once:
            fits = kind == "db.commit" if fault.what == "lost_commit" else kind in ("db.write", "db.commit")
            if left[0] and name.startswith(fault.target) and fits:
                left[0] -= 1
                return "lost" if fault.what == "lost_commit" else "conflict"
        return None

    def heal(self) -> None:
        """End all faults."""
        self._waiting.clear()
        self._once.clear()
        self._down.clear()
        self._system.ucce.behaviours.clear()
        self._system.ucce.down_until = self._system.ucce.stands_until = self._system.zookeeper.down_until = 0.0
        self._system.ucce.lag = 0.0

    def _note(self, fault: Fault) -> None:
        self.struck.append((self._scheduler.now, fault))
        self._scheduler.note("fault", fault.what, str(fault))

    def _strike(self, fault: Fault) -> None:
        self._note(fault)
        strike: Callable[[Fault], None] = getattr(self, f"_{fault.what}")
        strike(fault)

    def _once_more(self, fault: Fault) -> None:
        self._once.append((fault, [int(fault.value)]))

    _conflict = _lost_commit = _once_more

    def _db_down(self, fault: Fault) -> None:
        now = self._scheduler.now
        self._down.append((now, now + fault.value, fault.target))

    def _db_back(self, _fault: Fault) -> None:
        self._system.put_database_back()

    def _stop(self, fault: Fault) -> None:
        self._system.command(fault.target, "stop", fault.value)

    def _resign(self, fault: Fault) -> None:
        self._system.command(fault.target, "resign", fault.value)

    def _zk_cut(self, fault: Fault) -> None:
        for client in self._system.zookeeper.clients:
            if client.node.name == fault.target:
                client.cut(fault.value, noticed_after=client.node.chance.choice((0.0, 1.0, 8.0)))

    def _zk_down(self, fault: Fault) -> None:
        zookeeper = self._system.zookeeper
        zookeeper.down_until = self._scheduler.now + fault.value
        for client in zookeeper.clients:
            client.cut(fault.value)

    def _zk_expire(self, fault: Fault) -> None:
        for client in self._system.zookeeper.clients:
            if client.node.name == fault.target:
                client.expire()

    def _ucce_down(self, fault: Fault) -> None:
        self._system.ucce.down_until = self._scheduler.now + fault.value

    def _ucce_stall(self, fault: Fault) -> None:
        """Of the moments only (moments.py)."""
        self._system.ucce.stands_until = self._scheduler.now + fault.value

    def _behave(self, *behaviours: Behaviour) -> None:
        self._system.ucce.behaviours.extend(behaviours)

    def _ucce_late(self, fault: Fault) -> None:
        self._behave(Behaviour("import", late=fault.value))

    def _ucce_lost(self, fault: Fault) -> None:
        self._behave(Behaviour("import", lose=True))

    def _ucce_status(self, fault: Fault) -> None:
        """UCCE itself refuses, with its own error body."""
        status, cisco = STATUSES[int(fault.value) % len(STATUSES)]
        if status != 404:  # UCCE's own 404 would be false: the campaign exists
            self._behave(Behaviour("import", status=status, cisco=cisco))

    def _ucce_proxy(self, fault: Fault) -> None:
        """A proxy answers instead of UCCE, which may or may not have taken the request."""
        status, take = PROXY[int(fault.value) % len(PROXY)]
        self._behave(Behaviour("import", status=status, take=take))

    def _ucce_partial(self, fault: Fault) -> None:
        self._behave(*(Behaviour("import", partial=True) for _ in range(4)))

    def _ucce_garble(self, fault: Fault) -> None:
        self._behave(Behaviour("list", garble=True))

    def _list_lag(self, fault: Fault) -> None:
        self._system.ucce.lag = fault.value

    def _list_status(self, fault: Fault) -> None:
        self._behave(*(Behaviour("list,campaign", status=(404, 503, 500)[int(fault.value) % 3]) for _ in range(3)))

    def _clock_step(self, fault: Fault) -> None:
        node = self._system.running(fault.target)
        if node is not None:
            node.wall = fault.value
            self._scheduler.after(120.0, lambda: setattr(node, "wall", 0.0))

    def _purge(self, fault: Fault) -> None:
        self._system.purged.update(self._system.ucce.purge(self._system.listed()))
