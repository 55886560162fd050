"""Erasing a person by number: `begin` marks everything of the number in one transaction, `go_on` does what can be done.

Marked callbacks are never handed over again. Those that are scheduled are cancelled, those that are closed lose their
personal data (personal_data.py); what UCCE has or may have keeps it until it is closed, since its call may be under
way. So whoever asks calls both, and the master calls `go_on` in every cycle until nothing is left. Safe to run by two
at once, and to stop anywhere: each batch is one transaction over rows that are still to be done.

The number itself is kept nowhere. What stands of it in jobs (erasure_in_jobs.py) and as the number on an agent's line
goes at once, and what agents have typed, which may hold it in any form. A do-not-call entry
becomes its keyed hash, so that the person's wish outlives it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, exists, insert, literal_column, select, union, update
from sqlalchemy.orm import aliased
from ulid import ULID

from shared.callbacks import erasure_in_jobs
from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.personal_data import NO_RESPONSE, removal
from shared.callbacks.states import FINAL, OPEN, Status
from shared.db.audit import Actor, write_audit
from shared.db.columns import explicit_nulls
from shared.db.models import AgentSession, Callback, CallbackRequest, DoNotCall, ErasedDoNotCall, Erasure
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, Unavailable
from shared.phone_hash import PhoneHash
from shared.reports.one_request import near

BATCH_ROWS = 100  # callbacks of one transaction
MAX_BATCHES = 10  # of one call of `go_on`; the master does the rest
WHY = "the person's data is erased"
_ERASED_CALL = "erased-"  # begins a made-up call id
_Renamed = aliased(CallbackRequest, name="renamed")

Permission = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Affected:
    """What an erasure of a number would be about: its callbacks by what must be done first, and the wish it keeps."""

    callbacks: int
    scheduled: int
    at_dialer: int
    do_not_call: bool


@retried
def affected(database: Database, phone: str, phone_hash: PhoneHash | None) -> Affected:
    """Raises Unavailable."""
    with database.reading() as connection:
        statuses = list(connection.execute(select(Callback.status).where(Callback.phone == phone)).scalars())
        listed = connection.execute(select(DoNotCall.phone).where(DoNotCall.phone == phone)).first() is not None
        open_ones = [status for status in statuses if status in OPEN]
        scheduled = open_ones.count(Status.SCHEDULED)
        return Affected(
            callbacks=len(statuses),
            scheduled=scheduled,
            at_dialer=len(open_ones) - scheduled,
            do_not_call=listed or _is_kept(connection, phone, phone_hash),
        )


@retried
def begin(database: Database, phone: str, phone_hash: PhoneHash | None, *, by: Actor, now: datetime) -> int:
    """Mark what there is of a number; the id of its erasure, which goes on if an earlier one is not finished.

    Raises `phone_hash_key_missing` when the number is on the do-not-call list and the wish could not be kept.
    """
    in_jobs = _traces_in_jobs(database, phone)
    with database.writing() as tx:
        listed = tx.execute(delete(DoNotCall).where(DoNotCall.phone == phone)).rowcount
        if listed:
            _keep_wish(tx, phone, phone_hash, now)
        kept = bool(listed) or _is_kept(tx, phone, phone_hash)
        erasure_id = _unfinished_of(tx, phone) or _new(tx, by, now)
        line = update(AgentSession).where(AgentSession.call_phone == phone)
        on_lines = tx.execute(line.values(explicit_nulls({"call_phone": None, "call_until": None}))).rowcount
        drafts = update(AgentSession).where(AgentSession.draft.is_not(None))
        tx.execute(drafts.values(explicit_nulls({"draft": None})))
        unmarked = update(Callback).where(Callback.phone == phone, Callback.erasure_id.is_(None))
        marked = tx.execute(unmarked.values(erasure_id=erasure_id)).rowcount
        tx.execute(
            update(Erasure)
            .where(Erasure.id == erasure_id)
            .values(
                callbacks=Erasure.callbacks + marked,
                row_count=Erasure.row_count + listed + on_lines + erasure_in_jobs.remove(tx, in_jobs),
                **({"do_not_call": True} if kept else {}),
            )
        )
        write_audit(tx, by, "erase", "erasures", erasure_id, now=now, after={"callbacks": marked, "doNotCall": kept})
        tx.commit()
        return erasure_id


def go_on(database: Database, erasure_id: int, *, by: Actor, now: datetime, may_go_on: Permission) -> bool:
    """Cancel and remove what can be by now, and note the end; whether this call ended it. Raises Unavailable."""
    for _ in range(MAX_BATCHES):
        numbers = _marked(database, erasure_id, [Status.SCHEDULED])
        if not numbers or not may_go_on():
            break
        for number in numbers:
            _cancel(database, number, by, now)
    for _ in range(MAX_BATCHES):
        numbers = _marked(database, erasure_id, sorted(FINAL))
        if not numbers or not may_go_on():
            break
        _remove(database, erasure_id, numbers)
    return _finish(database, erasure_id, by, now)


@retried
def unfinished(database: Database) -> list[int]:
    """The erasures of which something is left. Raises Unavailable."""
    with database.reading() as connection:
        left = select(Erasure.id).where(Erasure.finished_at.is_(None)).order_by(Erasure.id)
        return list(connection.execute(left).scalars())


def _traces_in_jobs(database: Database, phone: str) -> erasure_in_jobs.JobTraces:
    """Read before the transaction, so that a long search holds no lock."""
    with database.reading() as connection:
        callbacks = list(connection.execute(select(Callback.account_number).where(Callback.phone == phone)).scalars())
        return erasure_in_jobs.find(connection, phone, callbacks)


def _is_kept(connection: Connection, phone: str, phone_hash: PhoneHash | None) -> bool:
    if phone_hash is None:
        return False
    kept = select(ErasedDoNotCall.phone_hash).where(ErasedDoNotCall.phone_hash == phone_hash.of(phone))
    return connection.execute(kept).first() is not None


def _keep_wish(tx: Connection, phone: str, phone_hash: PhoneHash | None, now: datetime) -> None:
    if phone_hash is None:
        raise DomainError(
            Code.PHONE_HASH_KEY_MISSING,
            "This number is on the do-not-call list, and that wish is kept as a hash. Set CM_PHONE_HASH_KEY on every "
            "node first, or take the number off the list.",
        )
    if not _is_kept(tx, phone, phone_hash):
        kept = {"phone_hash": phone_hash.of(phone), "key_id": phone_hash.key_id, "erased_at": now}
        tx.execute(insert(ErasedDoNotCall).values(**kept))


def _unfinished_of(tx: Connection, phone: str) -> int | None:
    marked = select(Callback.erasure_id).where(Callback.phone == phone, Callback.erasure_id.is_not(None))
    return tx.execute(marked.limit(1)).scalar_one_or_none()


def _new(tx: Connection, by: Actor, now: datetime) -> int:
    values = {"requested_at": now, "requested_by": by.who, "callbacks": 0, "row_count": 0, "do_not_call": False}
    return int(tx.execute(insert(Erasure).values(**values).returning(Erasure.id)).scalar_one())


@retried
def _marked(database: Database, erasure_id: int, statuses: Sequence[str]) -> list[str]:
    chosen = select(Callback.account_number).where(
        Callback.erasure_id == erasure_id, Callback.erasure_id.is_not(None), Callback.status.in_(statuses)
    )
    with database.reading() as connection:
        return list(connection.execute(chosen.limit(BATCH_ROWS)).scalars())


def _cancel(database: Database, account_number: str, by: Actor, now: datetime) -> None:
    try:
        cancel(database, account_number, now=now, who=by.who, why=WHY)
    except Unavailable:
        raise
    except DomainError as refusal:  # it left `scheduled` meanwhile, and is looked at again in its new state
        if refusal.code is not Code.NOT_CANCELLABLE:
            raise


@retried
def _remove(database: Database, erasure_id: int, numbers: Sequence[str]) -> None:
    with database.writing() as tx:
        rows = _remove_call_ids(tx, numbers)
        of_this = [Callback.erasure_id == erasure_id]
        rows += sum(tx.execute(statement).rowcount for statement in removal(numbers, of_this, erasure_id=None))
        tx.execute(update(Erasure).where(Erasure.id == erasure_id).values(row_count=Erasure.row_count + rows))
        tx.commit()


def _remove_call_ids(tx: Connection, numbers: Sequence[str]) -> int:
    """Give the requests of each call a made-up id in place of the IVR's: the report of requests counts by calls.

    Requests of another person's callback that was booked in the same call keep theirs.
    """
    calls = union(
        select(Callback.call_id).where(Callback.account_number.in_(numbers), Callback.call_id.is_not(None)),
        select(CallbackRequest.call_id).where(
            CallbackRequest.account_number.in_(numbers), CallbackRequest.call_id.is_not(None)
        ),
    )
    rows = 0
    for call_id in filter(None, list(tx.execute(calls).scalars())):
        if not call_id.startswith(_ERASED_CALL):
            rows += _rename_call(tx, call_id, f"{_ERASED_CALL}{ULID()}", numbers)
    return rows


def _rename_call(tx: Connection, call_id: str, made_up: str, numbers: Sequence[str]) -> int:
    """First the person's own requests, then all that are tied to them, one after the other: the same id of another day
    or client is another person's call."""
    named = update(CallbackRequest).where(CallbackRequest.call_id == call_id)
    tied = exists().where(
        _Renamed.call_id == made_up, literal_column(near(tx.dialect.name, "callback_request", "renamed"))
    )
    new = {"call_id": made_up, **NO_RESPONSE}
    rows = tx.execute(named.where(CallbackRequest.account_number.in_(numbers)).values(new)).rowcount
    while found := tx.execute(named.where(CallbackRequest.account_number.is_(None), tied).values(new)).rowcount:
        rows += found
    return rows


@retried
def _finish(database: Database, erasure_id: int, by: Actor, now: datetime) -> bool:
    nothing_left = ~exists().where(Callback.erasure_id == erasure_id)
    ended = update(Erasure).where(Erasure.id == erasure_id, Erasure.finished_at.is_(None), nothing_left)
    with database.writing() as tx:
        if tx.execute(ended.values(finished_at=now)).rowcount != 1:
            return False
        rows = tx.execute(select(Erasure.row_count).where(Erasure.id == erasure_id)).scalar_one()
        write_audit(tx, by, "erased", "erasures", erasure_id, now=now, after={"rows": rows})
        tx.commit()
        return True
