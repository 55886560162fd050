"""Part `scale`: the same questions and bookings with 1 thousand and with 1 million callbacks stored."""

import random
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from ulid import ULID

from shared.clock import utcnow
from shared.db import models
from tests.bench import load
from tests.bench.report import Check, at_least, at_most
from tests.bench.rig import KEY, Rig

SMALL, LARGE = 1_000, 1_000_000
CHUNK = 20_000


def measure(rig: Rig, seconds: float, large: int = LARGE) -> tuple[dict[str, Any], list[Check]]:
    """Rates and p99 with both sizes, and their ratios."""
    seen: dict[str, Any] = {}
    stored = 0
    for name, size in (("small", SMALL), ("large", large)):
        began = time.monotonic()
        store(rig, size - stored)
        stored = size
        print(f"    {size:,} callbacks stored after {time.monotonic() - began:.0f} s", flush=True)
        seen[name] = {
            "availability": load.rounds(lambda: load.availability(rig.stack.url, seconds, KEY)),
            "bookings": load.rounds(lambda: load.bookings(rig.stack.url, seconds, KEY, rig.spread)),
        }
    checks = []
    for what in ("availability", "bookings"):
        small, big = seen["small"][what], seen["large"][what]
        rate, p99 = (big[name]["median"] / small[name]["median"] for name in ("rate", "p99_ms"))
        checks.append(at_least(f"{what}: rate with {large:,} / with {SMALL:,} callbacks", rate, 0.9))
        checks.append(at_most(f"{what}: p99 with {large:,} / with {SMALL:,} callbacks", p99, 1.2))
    return seen, checks


def store(rig: Rig, count: int) -> None:
    """Store callbacks of the past three years, each with an event and a request, as bookings leave them."""
    chance = random.Random(7)
    for size in chunks(count):
        callbacks = [past_callback(rig.ids, chance) for _ in range(size)]
        with rig.database.writing() as tx:
            tx.execute(insert(models.Callback), callbacks)
            tx.execute(insert(models.CallbackEvent), [_event(row) for row in callbacks])
            tx.execute(insert(models.CallbackRequest), [_request(row) for row in callbacks])
            tx.commit()


def chunks(count: int) -> Iterator[int]:
    """The sizes of the transactions that store `count` rows."""
    while count > 0:
        yield min(CHUNK, count)
        count -= CHUNK


def past_callback(ids: Mapping[str, int], chance: random.Random) -> dict[str, Any]:
    """A callback of the past three years that came to its end, of the skill, campaign, pool and client of `ids`."""
    start = utcnow() - timedelta(minutes=chance.randrange(1440, 3 * 365 * 1440))
    status = chance.choices(("completed", "failed", "cancelled", "expired"), (80, 12, 6, 2))[0]
    return {
        "account_number": str(ULID.from_datetime(start - timedelta(hours=5))), "status": status,
        "phone": f"+1646{chance.randrange(2_000_000, 9_999_999)}", "open_rank": None, "skill_id": ids["skill"],
        "campaign_id": ids["campaign"], "pool_id": ids["pool"],
        "slot_start": start.replace(minute=start.minute - start.minute % 30, second=0, microsecond=0),
        "start_at": start, "due_at": start, "first_name": "Ada", "last_name": "Byron",
        "call_data": {"customerId": "A-77", "reason": "invoice"}, "call_id": None, "source": "ivr",
        "api_client_id": ids["client"], "attempts": 1, "outcome": "answered",
        "created_at": start - timedelta(hours=5), "changed_at": start,
    }  # fmt: skip


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {"account_number": row["account_number"], "at": row["created_at"], "from_status": None,
            "to_status": "scheduled", "who": "client:bench", "why": "booked"}  # fmt: skip


def _request(row: dict[str, Any]) -> dict[str, Any]:
    return {"at": row["created_at"], "outcome": "scheduled", "skill": "Bench", "source": "ivr",
            "api_client_id": row["api_client_id"], "account_number": row["account_number"]}  # fmt: skip
