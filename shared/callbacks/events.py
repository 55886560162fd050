"""Transitions: each is one conditional UPDATE and one event row, in the caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from shared.callbacks.states import OPEN, Status, is_legal
from shared.db.models import Callback, CallbackEvent
from shared.db.types import given, written_out

_EVENT = insert(CallbackEvent)


def transition(
    tx: Connection,
    account_number: str,
    before: Status,
    after: Status,
    *,
    now: datetime,
    who: str,
    why: str,
    **values: Any,
) -> bool:
    """Take a callback from `before` to `after` with `values` set; False (and nothing done) if it left `before`."""
    if not is_legal(before, after):
        raise ValueError(f"{before} → {after} is not a legal transition")
    if after not in OPEN:
        values["open_rank"] = None
    moved = tx.execute(
        update(Callback)
        .where(Callback.account_number == bindparam("of"), Callback.status == bindparam("now_in"))
        .values(status=after, changed_at=now, **written_out(values)),
        {"of": account_number, "now_in": before},
    )
    if moved.rowcount != 1:
        return False
    record_event(tx, account_number, before, after, now=now, who=who, why=why)
    return True


def record_event(
    tx: Connection, account_number: str, before: Status | None, after: Status, *, now: datetime, who: str, why: str
) -> None:
    """The event row of a transition. `who` is `client:<name>`, `user:<name>` or `worker:<node>`."""
    event = {
        "account_number": account_number,
        "at": now,
        "from_status": before,
        "to_status": after,
        "who": who,
        "why": why[:500],
    }
    tx.execute(_EVENT, given(event))
