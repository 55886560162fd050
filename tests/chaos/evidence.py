"""Everything a run left behind: the database, UCCE's journal, the clients' history. Read once, after it drained."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shared.clock import utcnow
from shared.db import models
from tests.chaos.history import History
from tests.chaos.rig import Rig


@dataclass
class Evidence:
    """`received` are UCCE's imports in the order of receipt, `taken` the sequence of the import by contact key."""

    calls: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    received: list[dict[str, Any]]
    taken: dict[str, list[int]]
    callbacks: dict[str, Any]
    attempts: dict[str, list[Any]]
    events: dict[str, list[Any]]
    requests: list[Any]
    slots: list[Any]
    terms: list[Any]
    now: datetime

    @property
    def receipt(self) -> dict[int, dict[str, Any]]:
        return {one["sequence"]: one for one in self.received}


def gather(rig: Rig, history: History) -> Evidence:
    with rig.database.reading() as connection:

        def rows(model: Any, *order: Any) -> Any:
            return connection.execute(select(*model.__table__.columns).order_by(*order)).all()

        callbacks = rows(models.Callback, models.Callback.created_at)
        attempts = rows(models.Attempt, models.Attempt.contact_key)
        events = rows(models.CallbackEvent, models.CallbackEvent.id)
        requests = rows(models.CallbackRequest, models.CallbackRequest.id)
        slots = rows(models.Slot, models.Slot.start_at)
        terms = rows(models.MastershipTerm, models.MastershipTerm.epoch)
    taken: dict[str, list[int]] = defaultdict(list)
    for one in rig.ucce.ask("GET", "taken")["contacts"]:
        taken[one["accountNumber"]].append(one["request"])
    return Evidence(
        calls=[row for row in history.rows if "op" in row],
        faults=[row for row in history.rows if "op" not in row],
        received=rig.ucce.received(method="POST", kind="import"),
        taken=dict(taken),
        callbacks={row.account_number: row for row in callbacks},
        attempts=_by_account(attempts),
        events=_by_account(events),
        requests=requests,
        slots=slots,
        terms=terms,
        now=utcnow(),
    )


def _by_account(rows: Any) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.account_number].append(row)
    return grouped
