"""Callback requests: one record for every wish, whatever its end, for the report of requests.

Availability questions are written in batches up to a second late, off the caller's path; everything else at once.
"""

import queue
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, insert

from shared.db.models import CallbackRequest
from shared.db.session import Database, retried

_log = structlog.get_logger(__name__)

_COLUMNS = ("at", "outcome", "skill", "campaign", "call_id", "source", "api_client_id", "account_number",
            "slots_offered", "request_key", "request_hash", "answer")  # fmt: skip


def request_row(at: datetime, outcome: str, **values: Any) -> dict[str, Any]:
    """A full row: batches need the same columns in each."""
    row: dict[str, Any] = {**dict.fromkeys(_COLUMNS), "at": at, "outcome": outcome, **values}
    # A refused wish may name anything; what is too long for its column is cut, never a reason to lose the record.
    for name, length in (("skill", 64), ("campaign", 64), ("call_id", 64)):
        row[name] = row[name][:length] if row[name] else row[name]
    return row


def write_request(tx: Connection, row: Mapping[str, Any]) -> None:
    """One record, in the caller's transaction."""
    tx.execute(insert(CallbackRequest), row)


@retried
def record_request(database: Database, row: Mapping[str, Any]) -> None:
    """One record, in a transaction of its own. Raises Unavailable."""
    with database.writing() as tx:
        write_request(tx, row)
        tx.commit()


class RequestLog:
    """Writes records in batches from a thread of its own; `close()` writes what is left."""

    INTERVAL = 0.5  # seconds
    BATCH = 500
    LIMIT = 20_000  # records kept while the database does not answer; newer ones are dropped and counted

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: queue.Queue[dict[str, Any]] = queue.Queue(self.LIMIT)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="request-log", daemon=True)
        self.dropped = 0
        self._thread.start()

    def put(self, row: dict[str, Any]) -> None:
        """Take a record; never blocks and never fails the caller."""
        try:
            self._rows.put_nowait(row)
        except queue.Full:
            self.dropped += 1

    def close(self) -> None:
        """Write what is left and stop; at most a few seconds."""
        self._stop.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stop.wait(self.INTERVAL):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        batch: list[dict[str, Any]] = []
        while True:
            while len(batch) < self.BATCH and not self._rows.empty():
                batch.append(self._rows.get_nowait())
            if not batch:
                return
            try:
                _write(self._database, batch)
            except Exception as error:
                _log.warning("requests_not_written", count=len(batch), error=type(error).__name__)
                self._give_back(batch)
                return
            batch = []

    def _give_back(self, batch: list[dict[str, Any]]) -> None:
        for row in batch:
            self.put(row)


@retried
def _write(database: Database, rows: list[dict[str, Any]]) -> None:
    with database.writing() as tx:
        tx.execute(insert(CallbackRequest), rows)
        tx.commit()
