"""The yardsticks: a bare Flask route, a minimal booking service, and the raw transaction.

The latter two do the transaction of a booking and nothing else: no validation, no authentication, no log.
"""

import json
import multiprocessing
import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import insert, update
from ulid import ULID

from shared.db.models import Callback, CallbackEvent, CallbackRequest, Slot
from shared.db.session import Database

ANSWER = {
    "skill": "Bench",
    "campaign": "Bench_Callback",
    "timeZone": "America/Chicago",
    "available": 1114,
    "days": [{"date": f"2026-11-2{day}", "available": 371} for day in (3, 4, 5)],
}


def bare() -> Flask:
    """One JSON route, and the health check that the load balancer asks."""
    app = _app("bare")

    @app.get("/api/v1/availability")
    def availability() -> Response:
        return jsonify(ANSWER)

    return app


def minimal() -> Flask:
    """A booking route that does the transaction of a booking through SQLAlchemy Core."""
    app = _app("minimal")
    database = Database(os.environ["CM_DATABASE_URL"])
    ids = json.loads(os.environ["BENCH_IDS"])
    take = update(Slot).values(booked=Slot.booked + 1)

    @app.post("/api/v1/callbacks")
    def book() -> tuple[Response, int]:
        body = request.get_json()
        rows = booking_rows(ids, body["phone"], datetime.fromisoformat(body["start"]), body)
        with database.writing() as tx:
            tx.execute(insert(Callback), rows["callback"])
            tx.execute(insert(CallbackEvent), rows["callback_event"])
            tx.execute(insert(CallbackRequest), rows["callback_request"])
            place = (
                Slot.pool_id == ids["pool"],
                Slot.start_at == rows["callback"]["slot_start"],
                Slot.booked < ids["room"],
            )
            if tx.execute(take.where(*place)).rowcount != 1:
                return jsonify(code="slot_full"), 409
            tx.commit()
        return jsonify(accountNumber=rows["callback"]["account_number"]), 201

    return app


def booking_rows(ids: dict[str, int], phone: str, start: datetime, body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of one booking, by table."""
    now = datetime.now(UTC)
    account_number = str(ULID())
    slot_start = start.replace(minute=start.minute - start.minute % 30, second=0, microsecond=0).astimezone(UTC)
    callback = {
        "account_number": account_number, "status": "scheduled", "phone": phone, "open_rank": 1,
        "skill_id": ids["skill"], "campaign_id": ids["campaign"], "pool_id": ids["pool"], "slot_start": slot_start,
        "start_at": start, "due_at": start, "first_name": body.get("firstName"), "last_name": body.get("lastName"),
        "call_data": body.get("callData", {}), "call_id": body.get("callId"), "source": "ivr",
        "api_client_id": ids["client"], "attempts": 0, "created_at": now, "changed_at": now,
    }  # fmt: skip
    event = {"account_number": account_number, "at": now, "to_status": "scheduled", "who": "client:bench",
             "why": "booked"}  # fmt: skip
    asked = {"at": now, "outcome": "scheduled", "skill": "Bench", "campaign": "Bench_Callback", "call_id": "bench",
             "source": "ivr", "api_client_id": ids["client"], "account_number": account_number}  # fmt: skip
    return {"callback": callback, "callback_event": event, "callback_request": asked}


def raw_rate(url: str, ids: dict[str, int], starts: list[datetime], seconds: float, processes: int = 2) -> float:
    """Transactions a second by the driver alone, in `processes` processes on the same database."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes) as pool:
        jobs = [(url, ids, starts, seconds, worker) for worker in range(processes)]
        return sum(pool.starmap(_raw_worker, jobs))


def _raw_worker(url: str, ids: dict[str, int], starts: list[datetime], seconds: float, worker: int) -> float:
    database = Database(url)
    connection = database.engine.raw_connection()
    cursor = connection.cursor()
    sqlite = database.dialect == "sqlite"
    if sqlite:
        cursor.execute("PRAGMA busy_timeout=10000")
    done, number = 0, 2_000_000
    phone_prefix = f"+1{(914, 917)[worker % 2]}{os.getpid() % 10}"
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        number += 1
        rows = booking_rows(ids, f"{phone_prefix}{number}", starts[number % len(starts)], {})
        if sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for table, row in rows.items():
            _raw_insert(cursor, table, row)
        cursor.execute(
            "UPDATE slot SET booked = booked + 1 WHERE pool_id = ? AND start_at = ? AND booked < ?",
            (ids["pool"], _plain(rows["callback"]["slot_start"]), ids["room"]),
        )
        cursor.execute("COMMIT") if sqlite else connection.commit()
        done += 1
    rate = done / (time.perf_counter() - began)
    connection.close()
    database.close()
    return rate


def _raw_insert(cursor: Any, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    cursor.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", [_plain(v) for v in row.values()])  # noqa: S608


def _plain(value: Any) -> Any:
    """A value as the drivers store it: the same text that SQLAlchemy writes."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return json.dumps(value) if isinstance(value, dict) else value


def spread_starts(first: datetime, slots: int) -> list[datetime]:
    """The starts of `slots` following half hours."""
    return [first + timedelta(minutes=30 * index) for index in range(slots)]


def _app(name: str) -> Flask:
    app = Flask(name)

    @app.get("/health/ready")
    def ready() -> Response:
        return jsonify(status="ok")

    return app
