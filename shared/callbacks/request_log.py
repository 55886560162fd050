"""Callback requests: one record for each request of a customer, whatever its outcome, for the report of requests.

Availability questions are written in batches up to a second late, off the caller's path; everything else at once.
"""

import queue
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy import Connection, insert

from shared.db.columns import truncate_utf16, without_nulls
from shared.db.models import CallbackRequest
from shared.db.session import Database, retried
from shared.errors import Unavailable

_log = structlog.get_logger(__name__)

DROPPED = Counter("cm_requests_dropped_total", "Callback requests that are missing in the report: no room, or refused")

_COLUMNS = ("at", "outcome", "skill", "campaign", "call_id", "source", "api_client_id", "account_number",
            "slots_offered", "request_key", "request_hash", "response")  # fmt: skip

_INSERT = insert(CallbackRequest)


def request_values(at: datetime, outcome: str, **values: Any) -> dict[str, Any]:
    """A full row: batches need the same columns in each."""
    row: dict[str, Any] = {**dict.fromkeys(_COLUMNS), "at": at, "outcome": outcome, **values}
    # A refused request may name anything; what its column can't hold is cut, never a reason to lose the record.
    for name in ("skill", "campaign", "call_id"):
        row[name] = truncate_utf16(row[name], 64) if row[name] else row[name]
    return row


def insert_request(tx: Connection, row: Mapping[str, Any]) -> None:
    """One record, in the caller's transaction."""
    tx.execute(_INSERT, without_nulls(row))


@retried
def insert_request_now(database: Database, row: Mapping[str, Any]) -> None:
    """One record, in a transaction of its own. Raises Unavailable."""
    with database.writing() as tx:
        insert_request(tx, row)
        tx.commit()


class RequestLog:
    """Writes records in batches from a thread of its own; `close()` writes what is left."""

    INTERVAL_SECONDS = 0.5
    BATCH_ROWS = 500
    MAX_ROWS = 20_000  # kept while the database does not answer; newer ones are dropped and counted

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: queue.Queue[dict[str, Any]] = queue.Queue(self.MAX_ROWS)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="request-log", daemon=True)
        self.dropped = 0
        self._thread.start()

    def put(self, row: dict[str, Any]) -> None:
        """Take a record; never blocks and never fails the caller."""
        try:
            self._rows.put_nowait(row)
        except queue.Full:
            self._drop()

    def close(self) -> None:
        """Write what is left and stop; at most a few seconds."""
        self._stop.set()
        self._thread.join(5)
        if not self._rows.empty():
            _log.error("requests_lost", count=self._rows.qsize())

    def _drop(self) -> None:
        self.dropped += 1
        DROPPED.inc()

    def _run(self) -> None:
        while not self._stop.wait(self.INTERVAL_SECONDS):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        batch: list[dict[str, Any]] = []
        while True:
            while len(batch) < self.BATCH_ROWS and not self._rows.empty():
                batch.append(self._rows.get_nowait())
            if not batch:
                return
            try:
                self._write(batch)
            except Unavailable:
                _log.warning("requests_not_written", count=len(batch))
                for row in batch:
                    self.put(row)
                return
            batch = []

    def _write(self, batch: list[dict[str, Any]]) -> None:
        """Write a batch; of one that the database refuses, all rows but the bad ones. Raises Unavailable."""
        try:
            _insert_batch(self._database, batch)
        except Unavailable:
            raise
        except Exception as error:
            if len(batch) == 1:
                self._drop()
                _log.error("request_dropped", outcome=batch[0]["outcome"], error=type(error).__name__)
                return
            middle = len(batch) // 2
            self._write(batch[:middle])
            self._write(batch[middle:])


@retried
def _insert_batch(database: Database, rows: list[dict[str, Any]]) -> None:
    with database.writing() as tx:
        tx.execute(_INSERT, rows)
        tx.commit()
