"""A batch in the database: claimed in one fenced transaction, recorded in another, UCCE called in between.

An attempt is open from its claim until its result. What UCCE certainly did not take is released: the attempt goes, and
the callback waits under the same contact key as if nothing had been tried.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Unicode,
    and_,
    case,
    cast,
    delete,
    exists,
    insert,
    literal,
    literal_column,
    select,
    update,
)

from services.dialer_sync.election.fencing import HandOverCount, count_hand_over, fence, hand_overs
from services.dialer_sync.handover.callable_now import CallableNow
from shared.callbacks.brakes import hand_over_is_stopped
from shared.callbacks.outcomes import REFUSED
from shared.callbacks.schedule import HALF_HOUR
from shared.callbacks.states import Status
from shared.callbacks.transitions import MAX_REASON_LENGTH, in_chunks, transition_many, transition_one
from shared.db.columns import UtcDateTime, truncate_utf16
from shared.db.key_lists import one_of
from shared.db.models import Attempt, Callback, Campaign, DoNotCall
from shared.db.session import Database, retried

Checkpoint = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ClaimedCallback:
    """A callback claimed for a batch. `key` is the AccountNumber that UCCE will know it by."""

    key: str
    account_number: str
    phone: str
    first_name: str | None
    last_name: str | None
    pool_id: int
    customer_time_zone: str | None  # None: its pool's
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A callback that is to be handed over, and the key that its contact will have."""

    account_number: str
    key: str


@dataclass(frozen=True, slots=True)
class FencedActor:
    """The master that writes: the fencing epoch of its term, its node, and its name in the timeline of a callback."""

    epoch: int
    node: str

    @property
    def who(self) -> str:
        return f"worker:{self.node}"


# `<account number>-<nn>`, the attempt after the number was raised (services/README.md, "The sequence of a hand-over").
_CONTACT_KEY = (
    Callback.account_number
    + literal("-", Unicode(1))
    + case((Callback.attempts < 10, literal("0", Unicode(1))), else_=literal("", Unicode(1)))
    + cast(Callback.attempts, Unicode(2))
)


# A claimed callback of which it is not recorded yet whether UCCE has it: its latest attempt has no end.
UNSETTLED = exists().where(
    Attempt.account_number == Callback.account_number,
    Attempt.number == Callback.attempts,
    Attempt.imported_at.is_(None),
    Attempt.finished_at.is_(None),
)

# Written out, not bound: a filtered index serves only a query that repeats its condition word for word.
_IMPORTING = Callback.status == literal_column("'importing'")


def oldest_deliverable_slot(now: datetime, expire_minutes: int) -> datetime:
    """The start of the earliest slot whose callbacks may still be handed over."""
    return now - HALF_HOUR - timedelta(minutes=expire_minutes)


def due_condition(
    campaign_id: int, now: datetime, floor: datetime, callable_now: CallableNow
) -> tuple[ColumnElement[bool], ...]:
    """Every condition, beside being `scheduled`, for a callback of a campaign to be handed over now.

    The brakes are among them: no batch begins after a brake's answer, or to a campaign that is held. Nobody is called
    whose data is being erased.
    """
    takes = (Campaign.enabled, Campaign.hands_over, Campaign.hold.is_(None), ~hand_over_is_stopped())
    return (
        Callback.campaign_id == campaign_id,
        Callback.due_at <= now,
        Callback.slot_start > floor,
        Callback.erasure_id.is_(None),
        ~exists().where(DoNotCall.phone == Callback.phone),
        exists().where(Campaign.id == campaign_id, *takes),
        *callable_now.conditions(),
    )


@retried
def claim(
    database: Database,
    actor: FencedActor,
    batch_id: str,
    campaign_id: int,
    chosen: Sequence[str],
    *,
    ucce_id: int,
    now: datetime,
    floor: datetime,
    callable_now: CallableNow,
    count: HandOverCount,
    checkpoint: Checkpoint,
) -> list[ClaimedCallback]:
    """Take the `chosen` callbacks that are still due from `scheduled` to `importing`; `count` one hand-over more.

    `ucce_id` is the campaign in UCCE that they are sent to. Raises StaleEpoch, LostTransactions, Unavailable.
    `batch_id` is made by the caller, so that a second run after a commit of unknown outcome finds what the first one
    claimed.
    """
    conditions = due_condition(campaign_id, now, floor, callable_now)
    with database.writing() as tx:
        fence(tx, actor.epoch, now)
        earlier = _batch(tx, batch_id)
        if earlier:
            count.value = hand_overs(tx)
            return earlier
        why = f"claimed for a batch, epoch {actor.epoch}"
        taken = transition_many(
            tx, chosen, Status.SCHEDULED, Status.IMPORTING, where=conditions, now=now, who=actor.who, why=why,
            batch_id=batch_id, attempts=Callback.attempts + 1,
        )  # fmt: skip
        if not taken:
            return []
        counted = count_hand_over(tx, actor.epoch, count.value)
        _open_attempts_of(tx, actor, batch_id, ucce_id, now)
        claimed = _batch(tx, batch_id)
        checkpoint("claiming")
        tx.commit()
        count.value = counted
        return claimed


@retried
def longest_due(
    database: Database, campaign_id: int, size: int, *, now: datetime, floor: datetime, callable_now: CallableNow
) -> list[Due]:
    """Read before the transaction: the claim itself repeats the conditions, and holds its locks the shorter."""
    oldest = (
        select(Callback.account_number, Callback.attempts)
        .where(Callback.status == Status.SCHEDULED, *due_condition(campaign_id, now, floor, callable_now))
        .order_by(Callback.due_at, Callback.account_number)
        .limit(size)
    )
    with database.reading() as connection:
        return [Due(row.account_number, f"{row.account_number}-{row.attempts + 1:02}")
                for row in connection.execute(oldest)]  # fmt: skip


@retried
def is_anything_due(database: Database, campaign_ids: Sequence[int], now: datetime) -> bool:
    """Whether a callback of these campaigns waits to be handed over, as far as one index tells. Raises Unavailable."""
    query = select(Callback.account_number).where(
        Callback.status == Status.SCHEDULED, Callback.campaign_id.in_(campaign_ids), Callback.due_at <= now
    )
    with database.reading() as connection:
        return connection.execute(query.limit(1)).first() is not None


def _open_attempts_of(tx: Connection, actor: FencedActor, batch_id: str, ucce_id: int, now: datetime) -> None:
    attempts = select(
        _CONTACT_KEY,
        Callback.account_number,
        Callback.attempts,
        Callback.campaign_id,
        literal(ucce_id),
        literal(batch_id, Unicode(26)),
        literal(actor.epoch),
        literal(actor.node, Unicode(64)),
        Callback.due_at,
        literal(now, UtcDateTime),
    ).where(_in_batch(batch_id))
    columns = [
        "contact_key", "account_number", "number", "campaign_id", "ucce_campaign_id", "batch_id", "epoch", "node",
        "due_at", "claimed_at",
    ]  # fmt: skip
    tx.execute(insert(Attempt).from_select(columns, attempts))


def _in_batch(batch_id: str) -> ColumnElement[bool]:
    return and_(Callback.batch_id == batch_id, _IMPORTING)


def _batch(tx: Connection, batch_id: str) -> list[ClaimedCallback]:
    rows = tx.execute(
        select(
            _CONTACT_KEY.label("key"), Callback.account_number, Callback.phone, Callback.first_name, Callback.last_name,
            Callback.pool_id, Callback.customer_time_zone, Callback.due_at,
        )
        .where(_in_batch(batch_id))
        .order_by(Callback.due_at, Callback.account_number)
    )  # fmt: skip
    return [ClaimedCallback(*row) for row in rows]


@retried
def record_imported(
    database: Database,
    actor: FencedActor,
    account_numbers: Sequence[str],
    *,
    why: str,
    now: datetime,
    checkpoint: Checkpoint,
    listed: bool = False,
) -> int:
    """`importing` → `imported`, `listed` when UCCE's list shows them; how many. Raises StaleEpoch, Unavailable."""
    facts = {"imported_at": now, "listed_at": now} if listed else {"imported_at": now}
    with database.writing() as tx:
        fence(tx, actor.epoch, now)
        moved = transition_many(
            tx, account_numbers, Status.IMPORTING, Status.IMPORTED, where=[UNSETTLED], now=now, who=actor.who, why=why
        )
        for chunk in in_chunks([one.account_number for one in moved]):
            tx.execute(update(Attempt).where(*unfinished_of(chunk)).values(**facts))
        checkpoint("recording")
        tx.commit()
        return len(moved)


@retried
def release(database: Database, actor: FencedActor, account_numbers: Sequence[str], *, why: str, now: datetime) -> int:
    """`importing` → `scheduled`: UCCE certainly has nothing of them. Raises StaleEpoch, Unavailable."""
    with database.writing() as tx:
        fence(tx, actor.epoch, now)
        moved = transition_many(
            tx, account_numbers, Status.IMPORTING, Status.SCHEDULED, where=[UNSETTLED], now=now, who=actor.who,
            why=why, batch_id=None, attempts=Callback.attempts - 1,
        )  # fmt: skip
        for chunk in in_chunks([one.account_number for one in moved]):
            tx.execute(delete(Attempt).where(*unfinished_of(chunk), Attempt.imported_at.is_(None)))
        tx.commit()
        return len(moved)


@retried
def fail_refused(database: Database, actor: FencedActor, account_number: str, *, reason: str, now: datetime) -> None:
    """`importing` → `failed`: UCCE will never take this contact. Raises StaleEpoch, Unavailable."""
    with database.writing() as tx:
        fence(tx, actor.epoch, now)
        failed = transition_one(
            tx, account_number, Status.IMPORTING, Status.FAILED, where=[UNSETTLED], now=now, who=actor.who, why=reason,
            outcome=REFUSED.name, reason=truncate_utf16(reason, MAX_REASON_LENGTH),
        )  # fmt: skip
        if failed:
            tx.execute(
                update(Attempt)
                .where(*unfinished_of([account_number]))
                .values(finished_at=now, outcome=REFUSED.name, message=truncate_utf16(reason, MAX_REASON_LENGTH))
            )
        tx.commit()


def unfinished_of(account_numbers: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return one_of(Attempt.account_number, account_numbers), Attempt.finished_at.is_(None)
