"""One run of a plan: build the system, execute the plan, heal, and wait until it is at rest."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

from environs import Env
from kazoo.client import KazooClient as RealKazooClient
from sqlalchemy import insert, update

from services.dialer_sync.node import heartbeat
from services.dialer_sync.settings import WorkerSettings, worker_settings
from services.dialer_sync.worker import Worker
from shared.callbacks.config_cache import ConfigCache, bump_version
from shared.db import models, sqlite_write_queue
from tests.simulation import file_locks, virtual
from tests.simulation.active import ACTIVE
from tests.simulation.checks import judge
from tests.simulation.customers import Customers, Server
from tests.simulation.databases import START, Databases
from tests.simulation.evidence import Watch
from tests.simulation.faults import Faults
from tests.simulation.findings import Finding
from tests.simulation.kazoo_client import KazooClient
from tests.simulation.plan import CYCLE, SERVERS, WORKERS, Op, Plan
from tests.simulation.product_log import captured
from tests.simulation.scheduler import Livelock, Node, Scheduler
from tests.simulation.ucce import Ucce
from tests.simulation.wire import Transport
from tests.simulation.zookeeper import ZooKeeper

MAX_REST_SECONDS = 3600.0  # virtual seconds after the healing within which all work must be done

SWAPPED = (  # besides time, threads and chance
    (RealKazooClient, KazooClient), (fcntl, file_locks.Fcntl()), (sqlite_write_queue._locked, file_locks.locked),
)  # fmt: skip

ENVIRONMENT = {
    "CM_UCCE_URL": "https://ucce.example", "CM_UCCE_USER": "cm", "CM_UCCE_PASSWORD": "secret", "CM_UCCE_TIMEOUT": "5",
    "CM_ZOOKEEPER_HOSTS": "zk:2181", "CM_ZOOKEEPER_SESSION_TIMEOUT": "24", "CM_SYNC_INTERVAL": str(CYCLE),
    "CM_UCCE_QUEUE_TIME": "30", "CM_UCCE_LIST_LAG": "20", "CM_UCCE_SETTLE_GRACE": "75",
    "CM_UCCE_LOGIN_PAUSE": "60",
}  # fmt: skip


@dataclass
class Result:
    """The findings of a run, and its figures."""

    plan: Plan
    findings: list[Finding]
    digest: Callable[[], str]
    virtual_seconds: float
    real_seconds: float
    trace: list[tuple[float, str, str, str]]
    struck: list[Any]
    figures: dict[str, int] = field(default_factory=dict)


class Simulation:
    """The system under test."""

    def __init__(self, plan: Plan, databases: Databases) -> None:
        self.plan, self.databases = plan, databases
        self.scheduler = Scheduler(str(plan.seed), START.timestamp(), plan.switch, plan.stall)
        self.zookeeper = ZooKeeper()
        self.scheduler.zookeeper = self.zookeeper
        self.ucce = Ucce(self.scheduler, str(plan.seed), lag=plan.lag)
        self.workers: dict[str, tuple[Node, Worker]] = {}
        self.nodes: dict[str, Node] = {}
        self.servers: dict[str, Server] = {}
        self.purged: set[str] = set()
        self.database_lost = False
        self.faults = Faults(self, plan.faults)
        self.customers = Customers(self.scheduler, lambda: [one for one in self.servers.values() if not one.node.dead])
        self.watch = Watch(self)

    def run(self) -> None:
        self._configure()
        self.scheduler.at_point = self.faults.at_point
        self.databases.fault = self.faults.of_database
        self.databases.on_commit = self.watch.committed
        for name in (*WORKERS, *SERVERS):
            self.start(name)
        for op in self.plan.ops:
            self.scheduler.at(op.at, partial(self.customers.begin, op))
        self.scheduler.at(self.plan.ends_at() + 1.0, self._heal)
        self.scheduler.run(lambda: self._at_rest or bool(self.watch.findings))

    _at_rest = False

    def _heal(self) -> None:
        self.faults.heal()
        self.scheduler.note("run", "healed")
        for name in (*WORKERS, *SERVERS):
            if self.nodes[name].dead:
                self.start(name)
        self.customers.begin(Op(self.scheduler.now, "release"), 200)  # a node may stand still with the lock for long
        self.scheduler.after(10.0, self._look)

    def _look(self) -> None:
        """Is all done that was to be done?"""
        if (
            self.database_lost and self.watch.braked()
        ):  # the worker has set the brake and read UCCE back; an operator releases it
            self.customers.begin(Op(self.scheduler.now, "release"))
        if self.database_lost and self.watch.held():  # the database has lost that the campaign in UCCE is ours
            self.customers.begin(Op(self.scheduler.now, "adopt"))
        over = self.scheduler.now > self.plan.ends_at() + MAX_REST_SECONDS
        self._at_rest = over or (not self.customers.under_way and self.watch.open_callbacks() == 0)
        self._pass_over_idle_cycles()
        self.scheduler.after(10.0, self._look)

    def _pass_over_idle_cycles(self) -> None:
        """In the healed system skip the cycles until the next callback falls due."""
        wait = 0.0 if self.customers.under_way else self.watch.next_due() - self.scheduler.now
        for _, worker in self.workers.values():
            worker.settings = replace(worker.settings, sync_interval=max(float(CYCLE), wait))

    # ---- nodes

    def start(self, name: str) -> None:
        node = self.nodes[name] = self.scheduler.boot(name)
        self.scheduler.note(name, "starts")
        self.scheduler.spawn(node, lambda: self._work(node) if name in WORKERS else self._serve(node), "main")

    def _work(self, node: Node) -> None:
        worker = Worker(self._settings(node.name), database=self.databases.connect(node.name))
        worker._client._session.mount("https://", Transport(self.scheduler, node, self.ucce))
        self.workers[node.name] = node, worker
        worker.run()
        self.scheduler.note(node.name, "stopped")

    def _serve(self, node: Node) -> None:
        database = self.databases.connect(node.name)
        self.servers[node.name] = Server(node, database, ConfigCache(database))

    def _settings(self, name: str) -> WorkerSettings:
        given = ENVIRONMENT | {"CM_NODE": name, "CM_BATCH_SIZE": str(self.plan.batch_size),
                               "CM_DATABASE_URL": f"sqlite:///{self.databases.path}"}  # fmt: skip
        with _environment(given):
            return worker_settings(Env())

    def running(self, name: str) -> Node | None:
        node = self.nodes.get(name)
        return None if node is None or node.dead else node

    def restart(self, name: str, seconds: float) -> None:
        """Start the node's process again after it was killed or ended."""
        self.scheduler.after(seconds, lambda: self.start(name) if self.nodes[name].dead else None)

    def listed(self) -> set[str]:
        """The contact keys that a worker has seen in UCCE's list and noted."""
        return self.watch.listed()

    def begin(self, op: Op) -> None:
        """Start this request now."""
        self.customers.begin(op)

    def keep_database(self) -> None:
        self.databases.keep()

    def put_database_back(self) -> None:
        self.database_lost = self.customers.keys_may_be_lost = True
        self.watch.close()
        self.databases.put_back()
        self.watch.begin_anew()

    def command(self, name: str, what: str, seconds: float) -> None:
        """An operator's: `stop` (and a start later) or `resign`."""
        node, worker = self.workers.get(name, (None, None))
        if node is None or worker is None or node.dead:
            return
        if what == "resign":
            self.scheduler.spawn(node, worker.resign, "operator")
            return
        self.scheduler.spawn(node, worker.stop, "operator")

        def end() -> None:
            self.scheduler.kill(node)
            self.restart(name, 0.5)

        self.scheduler.after(max(seconds, 15.0), end)

    # ---- what stands in the configuration

    def _configure(self) -> None:
        self.databases.renew()
        database = self.databases.connect("setup")
        with database.writing() as tx:
            tx.execute(update(models.DailySchedule).values(capacities=[self.plan.capacity] * 48))
            delays = {"busy": 1, "no_answer": 1, "machine": 2}
            tx.execute(update(models.Campaign).values(max_attempts=self.plan.max_attempts, retry_delays=delays))
            for name, value in self.plan.settings.items():
                tx.execute(insert(models.Setting).values(name=name, value=value, changed_at=START, version=1))
            bump_version(tx)
            tx.commit()


@contextmanager
def _rarer_heartbeats() -> Iterator[None]:
    """Heartbeats every 240 s instead of 5 s: otherwise they would be most of a run's transactions."""
    before, heartbeat.INTERVAL_SECONDS = heartbeat.INTERVAL_SECONDS, 240.0
    try:
        yield
    finally:
        heartbeat.INTERVAL_SECONDS = before


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def simulate(plan: Plan, databases: Databases) -> Result:
    """Run a plan and judge it."""
    began = time.perf_counter()
    ACTIVE.chance = Random(plan.seed)
    simulation = Simulation(plan, databases)
    ACTIVE.scheduler = simulation.scheduler
    findings = []
    try:
        with virtual.installed(*SWAPPED), captured(simulation), _rarer_heartbeats():
            try:
                simulation.run()
            except Livelock as error:
                findings.append(Finding("livelock", str(error)))
            finally:
                simulation.scheduler.at_point = None
                _end_all(simulation)
        ACTIVE.scheduler = None
        findings += judge(simulation)
    finally:
        ACTIVE.scheduler = None
        databases.on_commit = None
        databases.fault = lambda _kind: None
    scheduler = simulation.scheduler
    return Result(
        plan, findings, scheduler.digest, scheduler.now, time.perf_counter() - began, scheduler.trace,
        simulation.faults.struck, _figures(simulation),
    )  # fmt: skip


def _end_all(simulation: Simulation) -> None:
    """Kill all tasks, so that nothing of this run goes on in the next one."""
    for node in simulation.nodes.values():
        simulation.scheduler.kill(node)
        for task in list(node.tasks):
            simulation.scheduler._throw(task)


def _figures(simulation: Simulation) -> dict[str, int]:
    return {
        "steps": simulation.scheduler.steps,
        "points": len(simulation.scheduler.trace),
        "requests": simulation.ucce.requests,
        "taken": len(simulation.ucce.taken),
        "calls": len(simulation.ucce.calls),
        "entries": len(simulation.customers.history),
    }
