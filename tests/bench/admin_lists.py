"""Part `admin-lists`: the portal's lists with 200 skills and 1 million callbacks, asked of the API and in Chromium."""

import random
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from ulid import ULID

from shared.callbacks.config_cache import bump_version
from shared.clock import utcnow
from shared.db import models
from tests.bench import portal, scale
from tests.bench.report import Check, at_most
from tests.bench.system_under_test import SystemUnderTest
from tests.e2e.portal.people import AdminApi, make_administrator

SKILLS, CAMPAIGNS = 200, 20
OPEN = 30_000  # of all callbacks, scheduled for the coming 14 days
ASKED = 100  # requests for each question
TARGET_MS = 200.0
OFFICE = range(16, 36)  # half hours of the day, from 8 to 18


@dataclass(frozen=True, slots=True)
class Book:
    """The stored configuration: for each skill the ids that a callback refers to."""

    homes: list[dict[str, int]]
    number: str
    phone: str


def measure(system: SystemUnderTest, callbacks: int) -> tuple[dict[str, Any], list[Check]]:
    """p99 of every filter, order and depth of the list and of the page *today*; then the pages in the browser."""
    began = time.monotonic()
    book = store(system, callbacks)
    print(f"    {callbacks:,} callbacks of {SKILLS} skills stored after {time.monotonic() - began:.0f} s", flush=True)
    person = make_administrator(system.stack.env, "bench")
    api = AdminApi(system.stack.url, person)
    answers = {name: _ask(api, path) for name, path in questions(book).items()}
    for name, seen in sorted(answers.items(), key=lambda item: -item[1]["p99_ms"]):
        print(f"    {name:<46} p50 {seen['p50_ms']:7.1f}  p99 {seen['p99_ms']:7.1f} ms", flush=True)
    slowest = max(answers, key=lambda name: answers[name]["p99_ms"])
    checks = [at_most(f"slowest list: {slowest}, p99", answers[slowest]["p99_ms"], TARGET_MS, "ms")]
    pages, found = portal.measure(system.stack.url, api)
    return {"answers": answers, "pages": pages}, checks + found


def questions(book: Book) -> dict[str, str]:
    """Every filter, order and search that the portal offers, alone, together and deep, as paths of the API."""
    home = book.homes[7]
    skill, campaign = f"skillId={home['skill']}", f"campaignId={home['campaign']}"
    today = utcnow().date()
    day, month = f"from={today}&to={today}", f"from={today - timedelta(days=30)}&to={today}"
    filters = {
        "all": "", "skill": skill, "campaign": campaign, "skill and campaign": f"{skill}&{campaign}",
        "today": day, "a month": month, "from": f"from={today - timedelta(days=400)}",
        "to": f"to={today - timedelta(days=400)}", "skill in a month": f"{skill}&{month}",
        "campaign in a month": f"{campaign}&{month}", "scheduled": "status=scheduled", "completed": "status=completed",
        "failed, expired": "status=failed&status=expired", "importing": "status=importing",
        "completed of a skill": f"status=completed&{skill}",
        "completed of a campaign in a month": f"status=completed&{campaign}&{month}",
        "everything but completed": "&".join(f"status={status}" for status in ("scheduled", "importing", "imported",
                                                                               "failed", "cancelled", "expired")),
    }  # fmt: skip
    asked = {}
    for name, query in filters.items():
        for order in ("-start", "start"):
            asked[f"{name}, {order}"] = f"/callbacks?pageSize=50&sort={order}&{query}"
    for name in ("all", "skill", "campaign", "a month", "completed", "skill and campaign"):
        for order in ("-start", "start"):
            asked[f"{name}, {order}, 10,000 deep"] = f"/callbacks?pageSize=50&page=201&sort={order}&{filters[name]}"
    asked["200 a page, 10,000 deep"] = "/callbacks?pageSize=200&page=51"
    asked["an account number"] = f"/callbacks?q={book.number}"
    asked["a phone number"] = f"/callbacks?q=%2B{book.phone[1:]}"
    asked["a phone number nobody has"] = "/callbacks?q=%2B13125550142"
    asked["one callback"] = f"/callbacks/{book.number}"
    asked["today: 200 skills"] = "/live"
    asked["skills"] = "/skills?pageSize=200"
    asked["skill schedules"] = "/skill-schedules?pageSize=200"
    return asked


def _ask(api: AdminApi, path: str) -> dict[str, float]:
    api.call("GET", path)
    taken = []
    for _ in range(ASKED):
        began = time.perf_counter()
        api.call("GET", path)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {"p50_ms": statistics.median(taken), "p99_ms": taken[ASKED * 99 // 100 - 1], "max_ms": taken[-1]}


def store(system: SystemUnderTest, count: int) -> Book:
    """Store skills, campaigns, schedules and `count` callbacks, most of which ended in the past three years."""
    with system.database.writing() as tx:
        _keep_everything(tx)
        homes = _configure(tx, system.ids)
        _fill_today(tx, homes)
        tx.commit()
    chance = random.Random(7)
    for size in scale.chunks(count - OPEN):
        rows = [scale.past_callback(chance.choice(homes), chance) for _ in range(size)]
        with system.database.writing() as tx:
            tx.execute(insert(models.Callback), rows)
            tx.commit()
    for first in range(0, OPEN, scale.CHUNK):
        with system.database.writing() as tx:
            numbers = range(first, min(first + scale.CHUNK, OPEN))
            tx.execute(insert(models.Callback), [_waiting(chance.choice(homes), chance, number) for number in numbers])
            tx.commit()
    scale.settle(system)
    return Book(homes, rows[-1]["account_number"], rows[-1]["phone"])


def _waiting(ids: Mapping[str, int], chance: random.Random, number: int) -> dict[str, Any]:
    start = utcnow() + timedelta(minutes=chance.randrange(60, 14 * 1440))
    return scale.past_callback(ids, chance) | {
        "account_number": str(ULID()), "status": "scheduled", "phone": f"+1718{2_000_000 + number}", "open_rank": 1,
        "slot_start": start.replace(minute=start.minute - start.minute % 30, second=0, microsecond=0),
        "start_at": start, "due_at": start, "attempts": 0, "outcome": None, "created_at": utcnow(),
        "changed_at": utcnow(),
    }  # fmt: skip


def _configure(tx: Connection, ids: Mapping[str, int]) -> list[dict[str, int]]:
    stamp = {"version": 1, "changed_at": utcnow(), "changed_by": "bench"}

    def add(model: Any, **values: Any) -> int:
        key: Any = tx.execute(insert(model).values(**values)).inserted_primary_key
        return int(key[0])

    (template,) = tx.execute(select(*models.Campaign.__table__.columns).where(models.Campaign.id == ids["campaign"]))
    usual = {name: value for name, value in template._mapping.items() if name not in ("id", "name_key")}
    campaigns = [add(models.Campaign, **{**usual, "name": f"Bench_{number:02}"}) for number in range(CAMPAIGNS)]
    day = add(models.DailySchedule, name="Bench office", capacities=[5 * (at in OFFICE) for at in range(48)], **stamp)
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    week = add(models.WeeklySchedule, name="Bench office", **{f"{name}_id": day for name in names}, **stamp)
    homes = []
    for number in range(SKILLS):
        campaign = campaigns[number % CAMPAIGNS]
        skill = add(models.Skill, name=f"Skill {number:03}", default_campaign_id=campaign, accepts_bookings=True,
                    **stamp)  # fmt: skip
        tx.execute(insert(models.CampaignSkill).values(campaign_id=campaign, skill_id=skill, overflow_agents=0,
                                                       dialed_number=f"99{number:05}", records_to_cache=1))  # fmt: skip
        pool = add(models.Pool, skill_id=skill, time_zone="America/Chicago")
        add(models.SkillSchedule, pool_id=pool, weekly_schedule_id=week, starts_on=date(2026, 1, 1), **stamp)
        homes.append({"skill": skill, "campaign": campaign, "pool": pool, "client": ids["client"]})
    bump_version(tx)
    return homes


def _keep_everything(tx: Connection) -> None:
    """Set the retention so that it purges no callback of the past three years."""
    stamp = {"version": 1, "changed_at": utcnow(), "changed_by": "bench"}
    for name in ("keep_personal_days", "keep_history_days"):
        tx.execute(delete(models.Setting).where(models.Setting.name == name))
        tx.execute(insert(models.Setting).values(name=name, value=3650, **stamp))


def _fill_today(tx: Connection, homes: list[dict[str, int]]) -> None:
    """Every slot of today was booked at least once, in all zones that today may be."""
    chance = random.Random(7)
    midnight = datetime.combine(utcnow().date(), datetime.min.time(), UTC)
    rows = [
        {"pool_id": home["pool"], "start_at": midnight + timedelta(minutes=30 * at), "capacity": 5,
         "booked": chance.randrange(1, 6)}
        for home in homes for at in range(12, 60)
    ]  # fmt: skip
    tx.execute(insert(models.Slot), rows)
