"""Transitions of many callbacks at once, set by set: the same rules as one by one (events.py)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Unicode, insert, literal, select, update

from shared.callbacks.states import OPEN, Status, is_legal
from shared.db.models import Callback, CallbackEvent
from shared.db.types import UtcDateTime, fitting, written_out

T = TypeVar("T")

CHUNK = 500  # keys in one statement: SQL Server takes 2,100 parameters at most
LONGEST_REASON = 500


def move(
    tx: Connection,
    account_numbers: Sequence[str],
    before: Status,
    after: Status,
    *,
    now: datetime,
    who: str,
    why: str,
    **values: Any,
) -> list[str]:
    """Take callbacks from `before` to `after` with `values` set, an event each; those that were still in `before`."""
    if not is_legal(before, after):
        raise ValueError(f"{before} → {after} is not a legal transition")
    if after not in OPEN:
        values["open_rank"] = None
    moved: list[str] = []
    for chunk in chunks(account_numbers):
        rows = tx.execute(
            update(Callback)
            .where(Callback.account_number.in_(chunk), Callback.status == before)
            .values(status=after, changed_at=now, **written_out(values))
            .returning(Callback.account_number)
        )
        moved.extend(rows.scalars())
    for chunk in chunks(moved):
        record_events(tx, Callback.account_number.in_(chunk), before, after, now=now, who=who, why=why)
    return moved


def record_events(
    tx: Connection, which: Any, before: Status, after: Status, *, now: datetime, who: str, why: str
) -> None:
    """One event for each callback that `which` selects, in one statement."""
    event = select(
        Callback.account_number,
        literal(now, UtcDateTime),
        literal(before.value, Unicode(16)),
        literal(after.value, Unicode(16)),
        literal(who, Unicode(96)),
        literal(fitting(why, LONGEST_REASON), Unicode(LONGEST_REASON)),
    ).where(which)
    columns = ["account_number", "at", "from_status", "to_status", "who", "why"]
    tx.execute(insert(CallbackEvent).from_select(columns, event))


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
