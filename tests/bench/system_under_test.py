"""The systems under load: the stack as `make run` starts it, and yardsticks behind the same load balancer."""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from deploy.sandbox import checks, load_balancer
from deploy.sandbox.ports import any_free
from deploy.sandbox.process import Process
from deploy.sandbox.servers import PLAIN_ENV
from deploy.sandbox.stack import Stack
from shared.callbacks.config_cache import bump_version
from shared.clock import utcnow
from shared.db import models
from shared.db.session import Database
from shared.web.auth import key_hash
from tests.support.until import until

KEY = "bench-key"
ROOM = 100_000_000
SLOTS = 1000
# All load comes from one address, which HAProxy's limit for a single source would reject.
NO_SOURCE_LIMIT = {"CM_SHARED_SOURCE_REQUESTS_PER_10S": "10000000"}


class SystemUnderTest:
    """A stack with a skill `Bench` whose slots never fill, and a key without a rate limit."""

    def __init__(self, var: Path, settings: dict[str, str] | None = None) -> None:
        shutil.rmtree(var, ignore_errors=True)
        self.var = var.resolve()
        self.stack = Stack(self.var, {**NO_SOURCE_LIMIT, **(settings or {})}, any_free(), say=lambda _: None)

    def start(self) -> None:
        self.stack.start()
        self.database = Database(self.stack.settings.environment["CM_DATABASE_URL"], timeout=60)
        with self.database.writing() as tx:
            self.ids = _configure(tx)
            tx.commit()
        # Midnight UTC: the slots below are the same half hours in every zone we use.
        today = utcnow().replace(hour=0, minute=0, second=0, microsecond=0)
        self.first_start = today + timedelta(days=2)
        self.hot = self._starts_file("hot", [self.first_start + timedelta(hours=12)])
        self.spread = self._starts_file("spread", self.spread_starts)
        self._make_slots()

    def stop(self) -> None:
        with suppress(AttributeError):
            self.database.close()
        self.stack.stop()

    @property
    def spread_starts(self) -> list[datetime]:
        return [self.first_start + timedelta(minutes=30 * index) for index in range(SLOTS)]

    @contextmanager
    def yardstick(self, app: str) -> Iterator[str]:
        """Two processes of a yardstick app behind a HAProxy with our configuration; yields its URL."""
        ports, log = any_free(), self.var / "log"
        env = {**PLAIN_ENV, **self.stack.settings.environment, "BENCH_IDS": json.dumps(self.ids)}
        pair = [_gunicorn(app, ports[f"booking-{node}"], log / f"{app}-{node}.log", env) for node in (1, 2)]
        ours = {f"CM_BOOKING_{node}": f"127.0.0.1:{ports[f'booking-{node}']}" for node in (1, 2)}
        settings = {**self.stack.settings.servers(), **ours, **NO_SOURCE_LIMIT}
        balancer = load_balancer.haproxy(self.var / f"haproxy-{app}", log / f"haproxy-{app}.log", ports, settings)
        processes = [*pair, balancer]
        try:
            for process in processes:
                process.start()
            for process in processes:
                process.wait_ready()
            stats = f"http://127.0.0.1:{ports['stats']}"
            until(lambda: checks.servers_up(stats).get("booking", 0) >= 2, timeout=20)
            yield f"http://127.0.0.1:{ports['http']}"
        finally:
            for process in reversed(processes):
                process.stop()

    def wrong_slots(self) -> dict[str, int]:
        """The number of slots above their capacity, and of slots whose count differs from their callbacks: both must be
        0.
        """
        held = (
            select(models.Callback.pool_id, models.Callback.slot_start, func.count().label("held"))
            .where(models.Callback.status != "cancelled")
            .group_by(models.Callback.pool_id, models.Callback.slot_start)
            .subquery()
        )
        slot = models.Slot
        join = (held.c.pool_id == slot.pool_id) & (held.c.slot_start == slot.start_at)
        query = (
            select(slot.booked, slot.capacity, func.coalesce(held.c.held, 0)).select_from(slot).outerjoin(held, join)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return {
            "overbooked": sum(booked > capacity for booked, capacity, _ in rows),
            "drifted": sum(booked != count for booked, _, count in rows),
        }

    def forget_callbacks(self) -> None:
        """Remove every callback, so that the next part starts without any."""
        with self.database.writing() as tx:
            for model in (models.CallbackRequest, models.CallbackEvent, models.Attempt, models.Callback):
                tx.execute(delete(model))
            tx.execute(update(models.Slot).values(booked=0))
            tx.commit()

    def _starts_file(self, name: str, starts: list[datetime]) -> Path:
        path = self.var / f"{name}-starts.txt"
        path.write_text("".join(f"{start.isoformat()}\n" for start in starts))
        return path

    def _make_slots(self) -> None:
        rows = [
            {"pool_id": self.ids["pool"], "start_at": start, "capacity": ROOM, "booked": 0}
            for start in self.spread_starts
        ]
        with self.database.writing() as tx:
            tx.execute(insert(models.Slot), rows)
            tx.commit()


def _gunicorn(app: str, port: int, log: Path, env: dict[str, str]) -> Process:
    return Process(
        name=app,
        command=[sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn_settings.py",
                 "--bind", f"127.0.0.1:{port}", f"tests.bench.yardsticks:{app}()"],
        log=log,
        ready=lambda: checks.http_answers(f"http://127.0.0.1:{port}/health/ready"),
        env=env,
    )  # fmt: skip


def _configure(tx: Connection) -> dict[str, int]:
    stamp = {"version": 1, "changed_at": utcnow(), "changed_by": "bench"}

    def add(model: Any, **values: Any) -> int:
        key: Any = tx.execute(insert(model).values(**values)).inserted_primary_key
        return int(key[0])

    campaign = add(models.Campaign, name="Bench_Callback", enabled=True, parameters={"dialingMode": "PROGRESSIVEONLY"},
                   dial_prefix="9", dial_form="national", dial_region="US", dial_international_prefix="011",
                   max_attempts=1, retry_delays={}, hands_over=True, sync_state="pending",
                   calling_hours_start="00:00", calling_hours_end="24:00", **stamp)  # fmt: skip
    skill = add(models.Skill, name="Bench", default_campaign_id=campaign, ucce_skill_group_id=5010,
                accepts_bookings=True, **stamp)  # fmt: skip
    tx.execute(insert(models.CampaignSkill).values(campaign_id=campaign, skill_id=skill, dialed_number="8800110",
                                                   overflow_agents=0, records_to_cache=1))  # fmt: skip
    daily = add(models.DailySchedule, name="Bench", capacities=[ROOM] * 48, **stamp)
    week = {f"{day}_id": daily for day in
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}  # fmt: skip
    weekly = add(models.WeeklySchedule, name="Bench", **week, **stamp)
    pool = add(models.Pool, skill_id=skill, time_zone="America/Chicago")
    add(models.SkillSchedule, pool_id=pool, weekly_schedule_id=weekly, starts_on=date(2026, 1, 1), **stamp)
    client = add(models.ApiClient, name="bench", key_hash=key_hash(KEY), key_hint="-key", scopes=["ivr"], enabled=True,
                 rate_per_second=1_000_000, **stamp)  # fmt: skip
    for name, value in (("booking_horizon_days", 60), ("minimum_notice_minutes", 0)):
        tx.execute(delete(models.Setting).where(models.Setting.name == name))
        tx.execute(insert(models.Setting).values(name=name, value=value, **stamp))
    bump_version(tx)
    return {"campaign": campaign, "skill": skill, "pool": pool, "client": client, "room": ROOM}
