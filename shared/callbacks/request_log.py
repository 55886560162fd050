"""Callback requests: one record for each request of a customer, whatever its outcome, for the report of requests.

Availability questions are written in batches up to a second late, off the caller's path; everything else at once.
Each record has an id of its own from the beginning: written again after a commit whose answer was lost, it stands there
once.
"""

import queue
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from shared.db.columns import truncate_utf16, without_nulls
from shared.db.error_classes import ErrorClass, classify
from shared.db.key_lists import one_of
from shared.db.models import CallbackRequest
from shared.db.models.callbacks import new_record_id
from shared.db.session import Database, retried
from shared.errors import Unavailable

_log = structlog.get_logger(__name__)

DROPPED = Counter("cm_requests_dropped_total", "Callback requests that are missing in the report: no room, or refused")

_COLUMNS = ("record_id", "at", "outcome", "skill", "campaign", "call_id", "source", "api_client_id", "account_number",
            "slots_offered", "requester", "request_key", "request_hash", "response")  # fmt: skip

_INSERT = insert(CallbackRequest)


def request_values(at: datetime, outcome: str, **values: Any) -> dict[str, Any]:
    """A full row: batches need the same columns in each."""
    row: dict[str, Any] = {**dict.fromkeys(_COLUMNS), "record_id": new_record_id(), "at": at, "outcome": outcome,
                           **values}  # fmt: skip
    # A refused request may name anything; what its column can't hold is cut, never a reason to lose the record.
    for name in ("skill", "campaign", "call_id"):
        row[name] = truncate_utf16(row[name], 64) if row[name] else row[name]
    return row


def insert_request(tx: Connection, row: Mapping[str, Any]) -> None:
    """One record, in the caller's transaction."""
    tx.execute(_INSERT, without_nulls(row))


def insert_request_now(database: Database, row: Mapping[str, Any]) -> None:
    """One record, in a transaction of its own; once, however often its commit is tried. Raises IntegrityError for a
    `request_key` that another record has, Unavailable."""
    _insert_once(database, [without_nulls(row)])


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
            _insert_once(self._database, batch)
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
def _insert_once(database: Database, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write those that are not there yet: an earlier commit may have reached the database, and its answer been lost."""
    try:
        _insert(database, rows)
    except IntegrityError as error:
        if classify(error) is not ErrorClass.DUPLICATE:
            raise
        missing = _missing(database, rows)
        if len(missing) == len(rows):
            raise  # it is another one that has the same `request_key`
        if missing:
            _insert(database, missing)


def _insert(database: Database, rows: Sequence[Mapping[str, Any]]) -> None:
    with database.writing() as tx:
        tx.execute(_INSERT, rows)
        tx.commit()


def _missing(database: Database, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    ids = [row["record_id"] for row in rows]
    with database.reading() as connection:
        query = select(CallbackRequest.record_id).where(one_of(CallbackRequest.record_id, ids))
        there = set(connection.execute(query).scalars())
    return [row for row in rows if row["record_id"] not in there]
