"""State transitions of callbacks: one conditional UPDATE and one event row each, in the caller's transaction.

The UPDATE repeats every condition by which the callbacks were chosen, so that one that was moved, cancelled or claimed
between the choice and the UPDATE is left alone. Only the rows it gives back are the caller's: places are given back
for those rows alone, by their slot as it is now (`give_places`).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Unicode, insert, literal, select, update

from shared.callbacks.capacity import Place
from shared.callbacks.states import OPEN, Status, is_legal
from shared.db.columns import UtcDateTime, explicit_nulls, truncate_utf16, without_nulls
from shared.db.key_lists import CHUNK, one_of
from shared.db.models import Callback, CallbackEvent

T = TypeVar("T")

MAX_REASON_LENGTH = 500  # UTF-16 units of a callback's reason and of an event's

_EVENT = insert(CallbackEvent)


class Transitioned(NamedTuple):
    """A callback that a transition took, with its slot after it. Nobody else can change it until the commit."""

    account_number: str
    pool_id: int
    slot_start: datetime

    @property
    def place(self) -> Place:
        return self.pool_id, self.slot_start


def transition_one(
    tx: Connection,
    account_number: str,
    before: Status,
    after: Status,
    *,
    where: Sequence[ColumnElement[bool]] = (),
    now: datetime,
    who: str,
    why: str,
    **values: Any,
) -> Transitioned | None:
    """Take a callback from `before` to `after`; None, and nothing done, if it left `before` or does not meet `where`.

    Arguments as of `transition_many`.
    """
    taken = transition_many(tx, [account_number], before, after, where=where, now=now, who=who, why=why, **values)
    return taken[0] if taken else None


def transition_many(
    tx: Connection,
    account_numbers: Sequence[str],
    before: Status,
    after: Status,
    *,
    where: Sequence[ColumnElement[bool]],
    now: datetime,
    who: str,
    why: str,
    **values: Any,
) -> list[Transitioned]:
    """Take callbacks from `before` to `after` with `values` set, an event each; those that were taken.

    `where` is every condition beside `before` by which `account_numbers` were chosen. `who` is `client:<name>`,
    `user:<name>` or `worker:<node>`. Raises ValueError for a transition that is not legal.
    """
    if not is_legal(before, after):
        raise ValueError(f"{before} → {after} is not a legal transition")
    if after not in OPEN:
        values["open_rank"] = None
    change = (
        update(Callback)
        .where(Callback.status == before, *where)
        .values(status=after, changed_at=now, **explicit_nulls(values))
        .returning(Callback.account_number, Callback.pool_id, Callback.slot_start)
    )
    taken: list[Transitioned] = []
    for chunk in in_chunks(sorted(account_numbers)):  # in one order: two that cross seldom deadlock
        owned = [Transitioned(*row) for row in tx.execute(change.where(one_of(Callback.account_number, chunk)))]
        if owned:
            _record_events(tx, owned, before, after, now, who, why)
        taken += owned
    return taken


def remark(
    tx: Connection,
    account_number: str,
    status: Status,
    *,
    where: Sequence[ColumnElement[bool]],
    now: datetime,
    who: str,
    why: str,
    **values: Any,
) -> bool:
    """Set `values` of a callback that stays in `status`, and tell it in an event; False, and nothing done, if it left
    `status` or does not meet `where`."""
    change = (
        update(Callback)
        .where(Callback.account_number == account_number, Callback.status == status, *where)
        .values(changed_at=now, **explicit_nulls(values))
    )
    if tx.execute(change).rowcount != 1:
        return False
    record_event(tx, account_number, status, status, now=now, who=who, why=why)
    return True


def record_event(
    tx: Connection, account_number: str, before: Status | None, after: Status, *, now: datetime, who: str, why: str
) -> None:
    """The event row of what is no transition of a row that exists: a booking, a remark."""
    event = {
        "account_number": account_number,
        "at": now,
        "from_status": before,
        "to_status": after,
        "who": who,
        "why": truncate_utf16(why, MAX_REASON_LENGTH),
    }
    tx.execute(_EVENT, without_nulls(event))


def _record_events(
    tx: Connection, taken: Sequence[Transitioned], before: Status, after: Status, now: datetime, who: str, why: str
) -> None:
    """One event for each of a chunk's callbacks, in one statement."""
    event = select(
        Callback.account_number,
        literal(now, UtcDateTime),
        literal(before.value, Unicode(16)),
        literal(after.value, Unicode(16)),
        literal(who, Unicode(96)),
        literal(truncate_utf16(why, MAX_REASON_LENGTH), Unicode(MAX_REASON_LENGTH)),
    ).where(one_of(Callback.account_number, [one.account_number for one in taken]))
    columns = ["account_number", "at", "from_status", "to_status", "who", "why"]
    tx.execute(insert(CallbackEvent).from_select(columns, event))


def in_chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
