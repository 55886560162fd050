"""Two weeks of a demo's past and a week of its future, so that every page of the portal has something to show.

The past is over: what is not final lies at least an hour ahead and comes due a few at a time.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from deploy.sandbox.demo_callbacks import IVR, DemoCallback, Rows, phones
from shared.callbacks.config_cache import read_snapshot
from shared.callbacks.config_snapshot import ConfigSnapshot, Pool
from shared.callbacks.request_log import request_values
from shared.callbacks.schedule import ScheduledSlot
from shared.callbacks.states import Status
from shared.db import models

DAYS_BACK, DAYS_AHEAD = 14, 7  # days
_QUIET = timedelta(hours=1)  # around now: nothing ends and nothing comes due
_OFFERS = ("declined", "abandoned", "asked", "no_slots", "slot_full", "outside_booking_window", "invalid_phone",
           "duplicate_callback", "do_not_call")  # fmt: skip
_NEVER_CALL = ("asked us by mail", "lawyer's letter", "moved away", "complaint 4711", None)


def write_history(tx: Connection, now: datetime) -> None:
    """Insert it all, in the caller's transaction; the schedules are there already."""
    rng, snapshot, rows, numbers = random.Random(26), read_snapshot(tx), Rows(), phones()  # noqa: S311
    client_id = tx.execute(select(models.ApiClient.id).where(models.ApiClient.name == "demo-ivr")).scalar_one()
    capacity: dict[tuple[int, datetime], int] = {}
    for pool, slot in _slots(snapshot, now):
        capacity[pool.id, slot.start] = slot.capacity
        for _ in range(_how_many(rng, slot, now)):
            _demo_callback(rng, snapshot, pool, slot, next(numbers), now, client_id).add_to(rows)
    tx.execute(insert(models.Callback), rows.callbacks)
    tx.execute(insert(models.CallbackEvent), rows.events)
    tx.execute(insert(models.Attempt), rows.attempts)
    held = Counter((row["pool_id"], row["slot_start"]) for row in rows.callbacks if row["status"] != Status.CANCELLED)
    slots = [{"pool_id": pool, "start_at": start, "booked": held[pool, start], "capacity": room}
             for (pool, start), room in capacity.items()]  # fmt: skip
    tx.execute(insert(models.Slot), slots)
    tx.execute(insert(models.CallbackRequest), list(_requests(rng, snapshot, rows, now, client_id)))
    tx.execute(insert(models.DoNotCall), [
        {"phone": f"+1312555{last:04}", "note": rng.choice(_NEVER_CALL), "added_at": now - timedelta(days=last % 13),
         "added_by": "user:olga"} for last in range(9100, 9112)
    ])  # fmt: skip


def _slots(snapshot: ConfigSnapshot, now: datetime) -> Iterator[tuple[Pool, ScheduledSlot]]:
    for pool in snapshot.pool_by_id.values():
        today = now.astimezone(pool.zone).date()
        for offset in range(-DAYS_BACK, DAYS_AHEAD):
            for slot in pool.day(today + timedelta(days=offset)).slots:
                if slot.end < now - _QUIET or slot.start > now + _QUIET:
                    yield pool, slot


def _how_many(rng: random.Random, slot: ScheduledSlot, now: datetime) -> int:
    """How many callbacks a slot gets: more by day than at night, fewer the farther ahead it lies."""
    busy = min(slot.capacity, 8) / 8
    ahead = max(0.0, (slot.start - now) / timedelta(days=DAYS_AHEAD))
    return sum(rng.random() < 0.22 * busy * (1 - ahead) for _ in range(min(slot.capacity, 3)))


def _demo_callback(
    rng: random.Random,
    snapshot: ConfigSnapshot,
    pool: Pool,
    slot: ScheduledSlot,
    phone: str,
    now: datetime,
    client: int,
) -> DemoCallback:
    skill = snapshot.skill_by_id[pool.skill_id]
    campaign = snapshot.campaign_by_id[pool.campaign_id or skill.default_campaign_id or 0]
    booked_at = min(slot.start, now) - timedelta(minutes=rng.randrange(30, 3000))
    callback = DemoCallback(rng, pool, slot, skill, campaign, phone, booked_at, client)
    chance = rng.random()
    if chance < 0.1:
        callback.cancel(booked_at + (min(slot.start, now) - booked_at) / 2, rng.choice((IVR, "user:olga")))
    elif slot.start < now:
        callback.expire(slot.end + timedelta(minutes=60)) if chance < 0.13 and _long_ago(slot, now) else callback.call()
    return callback


def _long_ago(slot: ScheduledSlot, now: datetime) -> bool:
    return slot.end + timedelta(minutes=90) < now


def _requests(
    rng: random.Random, snapshot: ConfigSnapshot, rows: Rows, now: datetime, client: int
) -> Iterator[dict[str, Any]]:
    """The request rows: an availability question and the booking of each callback; questions without a booking."""
    for row in rows.callbacks:
        values = {"skill": snapshot.skill_by_id[row["skill_id"]].name,
                "campaign": snapshot.campaign_by_id[row["campaign_id"]].name, "call_id": row["call_id"],
                "source": "ivr", "api_client_id": client}  # fmt: skip
        asked_at = row["created_at"] - timedelta(seconds=rng.randrange(20, 90))
        yield request_values(asked_at, "asked", slots_offered=rng.randrange(3, 60), **values)
        yield request_values(row["created_at"], "scheduled", account_number=row["account_number"], **values)
    first = datetime(now.year, now.month, now.day, tzinfo=UTC) - timedelta(days=DAYS_BACK)
    for _ in range(len(rows.callbacks) // 2):
        skill = rng.choice(list(snapshot.skills.values()))
        at = first + (now - first) * rng.random()
        values = {"skill": skill.name, "call_id": f"call-{rng.getrandbits(32):08x}", "source": "ivr",
                "api_client_id": client}  # fmt: skip
        outcome = rng.choice(_OFFERS)
        if outcome not in ("asked", "no_slots"):
            yield request_values(at, "asked", slots_offered=rng.randrange(1, 60), **values)
        offered = rng.randrange(1, 60) if outcome == "asked" else 0 if outcome == "no_slots" else None
        yield request_values(at + timedelta(seconds=40), outcome, slots_offered=offered, **values)
