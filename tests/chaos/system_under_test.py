"""A system of its own, with a proxy or a hook wherever a fault needs one."""

import contextlib
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, Self

import requests
from kazoo.client import KazooClient
from sqlalchemy import insert, select, update
from sqlalchemy.engine import make_url

from deploy.sandbox import checks, ports, servers
from deploy.sandbox.process import Process
from deploy.sandbox.stack import Stack
from deploy.sandbox.ucce_simulator.control_client import Control
from shared.callbacks.config_cache import bump_version
from shared.clock import utcnow
from shared.db import models
from shared.db.session import Database
from tests.chaos.client_requests import OPEN_LIMIT, ZONES
from tests.chaos.invariants import MAX_ATTEMPTS
from tests.chaos.zookeeper_proxy import ZooKeeperProxy
from tests.support.databases import database_settings
from tests.support.proxy import Proxy

WORKERS, BOOKING = ("worker-1", "worker-2"), ("booking-1", "booking-2")
SETTLE_GRACE, UCCE_TIMEOUT, SESSION = 10.0, 2.5, 6.0  # seconds
LIST_LAG = 2.0  # seconds that UCCE may take to list what it took
PICKUP = 0.2  # seconds from an import to the first dial, at least
DIAL = 0.5  # seconds that a call takes

SETTINGS = {
    "CM_SYNC_INTERVAL": "1",
    "CM_ZOOKEEPER_SESSION_TIMEOUT": str(SESSION),
    "CM_UCCE_TIMEOUT": str(UCCE_TIMEOUT),
    "CM_UCCE_LOGIN_PAUSE": "0.5",
    "CM_UCCE_SETTLE_GRACE": str(SETTLE_GRACE),
    "CM_UCCE_QUEUE_TIME": "5",
    "CM_UCCE_LIST_LAG": str(LIST_LAG),
    "CM_BATCH_SIZE": "50",
    "UCCE_SIMULATOR_PICKUP_SECONDS": str(PICKUP),
    "UCCE_SIMULATOR_DIAL_SECONDS": str(DIAL),
    "UCCE_SIMULATOR_LINES": "500",
    "UCCE_SIMULATOR_MIX": "10:70,9:9,8:9,12:4,21:4,3:4",
}
# Capacities of a slot: of Billing and Support, where callbacks fall due at once; of Sales, which edits change.
ROOMY, SCARCE = 9000, (2, 1)


class SystemUnderTest:
    """Start it in a `with`. `var` keeps everything; processes are found by name, ensemble members included."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.control = var / "control"
        self.control.mkdir(parents=True)
        triples = [(ports.free_port(), ports.free_port(), ports.free_port()) for _ in range(3)]
        self.members = servers.zookeeper_ensemble(triples, var / "ensemble", var / "log")
        self.member_ports = {member.name: triple[0] for member, triple in zip(self.members, triples, strict=True)}
        self.zookeeper_hosts = _hosts(self.member_ports.values())
        self.zookeeper_proxies = {
            name: [ZooKeeperProxy(port) for port in self.member_ports.values()] for name in WORKERS
        }
        self.database_proxy: Proxy | None = None  # only to a server
        for name in (*WORKERS, *BOOKING):
            self.set_clock(name, 0)
        self._made = ExitStack()
        own = self._made.enter_context(database_settings())
        self.stack = self._stack(self._through_proxy(own))
        self.processes: dict[str, Process] = {
            **{member.name: member for member in self.members},
            **self.stack.processes,
        }
        self.ucce = Control(f"http://127.0.0.1:{self.stack.settings.ports['ucce']}")
        self.database = Database(
            own.get("CM_DATABASE_URL", self.stack.settings.environment["CM_DATABASE_URL"]), timeout=10
        )
        self.note: Callable[..., None] = lambda **_: None  # writes into the history
        self.may_forget = False  # the database will be put back to a copy that was made
        self.retired: set[str] = set()  # account numbers for which clients send no more requests
        self.down: set[str] = set()  # what is down on purpose; all else is started again, as systemd would

    def __getitem__(self, name: str) -> Process:
        return self.processes[name]

    def __enter__(self) -> Self:
        try:
            for member in self.members:
                member.start()
            for member in self.members:
                member.wait_ready()
            self.stack.start()
            self._configure()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.stack.stop()
        for member in self.members:
            member.ask_to_stop()
        for member in self.members:
            member.wait_stopped()
        for proxy in self.proxies():
            proxy.close()
        self.database.close()
        self._made.close()

    def proxies(self) -> list[Proxy]:
        """Every connection that can be cut."""
        wires: list[Proxy] = [proxy for proxies in self.zookeeper_proxies.values() for proxy in proxies]
        return [*wires, self.database_proxy] if self.database_proxy else wires

    def start_fallen(self) -> list[str]:
        """Start every process that ended and is not in `down`; returns their names."""
        fallen = [name for name, process in self.processes.items() if name not in self.down and not process.alive]
        for name in fallen:
            self.processes[name].start()
        return fallen

    def master(self) -> str | None:
        """The worker that says it is master now; None also when that one cannot answer."""
        for name in WORKERS:
            if self[name].alive and checks.http_answers(f"{self.stack.settings.own_url(name)}/health/master"):
                return name
        return None

    def ops(self, method: str, path: str, name: str | None = None, **body: Any) -> Any:
        """An operator's call through the load balancer, or to one worker's own port. Raises RequestException."""
        base = self.stack.settings.own_url(name) if name else self.stack.url
        key = {"X-API-Key": self.stack.env["CM_OPS_KEY"]}
        answer = requests.request(method, f"{base}/ops/{path}", json=body or None, headers=key, timeout=3)
        answer.raise_for_status()
        return answer.json()

    def leader_member(self) -> str | None:
        """The ensemble's member that leads."""
        for name, port in self.member_ports.items():
            if self[name].alive and checks.tcp_answers(port, b"srvr", b"Mode: leader"):
                return name
        return None

    def expire_session(self, worker: str) -> bool:
        """End a worker's ZooKeeper session from another connection; False when its session is not known."""
        known = [proxy.session for proxy in self.zookeeper_proxies[worker] if proxy.session]
        for session in known:
            thief = KazooClient(self.zookeeper_hosts, client_id=session, timeout=SESSION)
            with contextlib.suppress(Exception):
                thief.start(timeout=2)
                thief.stop()
            with contextlib.suppress(Exception):
                thief.close()
        return bool(known)

    def set_clock(self, name: str, seconds: int) -> None:
        """Let the wall clock of a worker or a booking API be wrong by so many seconds (0: right again)."""
        draft = self.var / "clock.draft"
        draft.write_text(str(seconds))
        draft.replace(self.var / f"clock-{name}")

    def _through_proxy(self, own: dict[str, str]) -> dict[str, str]:
        """The services' settings for a database server behind a proxy that can be cut. None for SQLite."""
        if not own:
            return {}
        url = make_url(own["CM_DATABASE_URL"])
        self.database_proxy = Proxy(str(url.host), url.port or 1433)
        wired = url.set(host="127.0.0.1", port=self.database_proxy.port)
        return {"CM_DATABASE_URL": wired.render_as_string(hide_password=False)}

    def _stack(self, database: dict[str, str]) -> Stack:
        overrides: dict[str, dict[str, str]] = {name: {"CHAOS_CONTROL": str(self.control)} for name in
                                                (*WORKERS, *BOOKING)}  # fmt: skip
        for name in (*WORKERS, *BOOKING):
            overrides[name]["CHAOS_CLOCK"] = str(self.var / f"clock-{name}")
        for name in WORKERS:
            overrides[name]["CM_ZOOKEEPER_HOSTS"] = _hosts(proxy.port for proxy in self.zookeeper_proxies[name])
        settings = {**SETTINGS, **database, "CM_ZOOKEEPER_HOSTS": self.zookeeper_hosts}
        stack = Stack(self.var, settings, ports.any_free(), overrides=overrides)
        for name in WORKERS:
            stack[name].command = [sys.executable, "-m", "tests.chaos.worker_process"]
        for name in BOOKING:
            stack[name].command[-1] = "tests.chaos.booking:create()"
        return stack

    def _configure(self) -> None:
        """Billing and Support have room and callbacks within seconds; Sales is scarce. Failed calls are tried twice."""
        now = utcnow()
        stamp = {"version": 1, "changed_at": now, "changed_by": "chaos"}
        with self.database.writing() as tx:
            round_the_clock, office = models.DailySchedule.name == "Round the clock", models.DailySchedule.name != ""
            tx.execute(update(models.DailySchedule).where(office).values(capacities=[SCARCE[0]] * 48))
            tx.execute(update(models.DailySchedule).where(round_the_clock).values(capacities=[ROOMY] * 48))
            delays = dict.fromkeys(("busy", "no_answer", "machine", "short_call"), 0)
            tx.execute(update(models.Campaign).values(max_attempts=MAX_ATTEMPTS, retry_delays=delays))
            tx.execute(update(models.ApiClient).values(rate_per_second=1000))
            scarce = {f"{day}_id": 2 for day in ("saturday", "sunday")}
            tx.execute(
                update(models.WeeklySchedule).where(models.WeeklySchedule.name.like("Weekdays%")).values(**scarce)
            )
            for name, value in (("allowed_countries", ["US", "CA", "GB"]), ("open_callbacks_per_number", OPEN_LIMIT)):
                tx.execute(insert(models.Setting).values(name=name, value=value, **stamp))
            skill = select(models.Skill.id).where(models.Skill.name == "Support").scalar_subquery()
            pool = insert(models.Pool).values(skill_id=skill, time_zone=ZONES["Support"])
            week = (
                select(models.WeeklySchedule.id).where(models.WeeklySchedule.name.like("Every day%")).scalar_subquery()
            )
            pool_key: Any = tx.execute(pool).inserted_primary_key
            tx.execute(
                insert(models.SkillSchedule).values(
                    pool_id=pool_key[0],
                    weekly_schedule_id=week,
                    starts_on=date(2026, 1, 1),
                    **stamp,
                )
            )
            bump_version(tx)
            tx.commit()


def _hosts(numbers: Any) -> str:
    return ",".join(f"127.0.0.1:{number}" for number in numbers)
