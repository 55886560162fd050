"""Part `scale`: the same questions and bookings with 1 thousand and with 1 million callbacks stored."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from ulid import ULID

from shared.clock import utcnow
from shared.db import models
from tests.bench import load
from tests.bench.report import Check, at_least, at_most
from tests.bench.system_under_test import KEY, SystemUnderTest

SMALL, LARGE = 1_000, 1_000_000
CHUNK = 20_000


def measure(
    small: SystemUnderTest, large: SystemUnderTest, seconds: float, size: int = LARGE
) -> tuple[dict[str, Any], list[Check]]:
    """Rates and p99 of two systems side by side, one with few callbacks and one with many, and their ratios."""
    began = time.monotonic()
    store(large, size)
    settle(large)
    print(f"    {size:,} callbacks stored after {time.monotonic() - began:.0f} s", flush=True)

    def few(asked: Callable[[], load.Load]) -> load.Load:
        small.forget_callbacks()  # thousands of the round before
        store(small, SMALL)
        return asked()

    seen = {
        "availability": load.rounds(
            small=lambda: few(lambda: load.availability(small.stack.url, seconds, KEY)),
            large=lambda: load.availability(large.stack.url, seconds, KEY),
        ),
        "bookings": load.rounds(
            small=lambda: few(lambda: load.bookings(small.stack.url, seconds, KEY, small.spread)),
            large=lambda: load.bookings(large.stack.url, seconds, KEY, large.spread),
        ),
    }
    checks = []
    for what, both in seen.items():
        rate, p99 = (both["large"][name]["median"] / both["small"][name]["median"] for name in ("rate", "p99_ms"))
        checks.append(at_least(f"{what}: rate with {size:,} / with {SMALL:,} callbacks", rate, 0.9))
        checks.append(at_most(f"{what}: p99 with {size:,} / with {SMALL:,} callbacks", p99, 1.2))
    return seen, checks


def settle(system: SystemUnderTest) -> None:
    """Checkpoint SQLite's write-ahead log, which after such a bulk insert is larger than in any real use."""
    if system.database.dialect == "sqlite":
        connection = system.database.engine.raw_connection()
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


def store(system: SystemUnderTest, count: int) -> None:
    """Store callbacks of the past three years, each with an event and a request, as bookings leave them."""
    chance = random.Random(7)
    for size in chunks(count):
        callbacks = [past_callback(system.ids, chance) for _ in range(size)]
        with system.database.writing() as tx:
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
