"""Retention: personal data is removed after its time, what reports count is kept, and history is deleted later.

Run by the master now and then (once an hour is plenty). Safe to run twice or by two at once: each batch is one
transaction over rows that are still to be done. Classes, with their settings (shared/callbacks/settings.py):

- a closed callback `keep_personal_days` after its time: what is personal is removed (personal_data.py)
- a callback request after `keep_personal_days`: its call id is removed. Records that the report of requests does not
  count, because another one of the same call stands for the request (shared/reports/one_request.py), are deleted
  before, the oldest first: without the call id they would count. The one that stays is told that places were offered
- the answer kept for an idempotency key, after `keep_answers_days` (never later than the personal data it tells of):
  removed with the key; a repeat is then a new one
- closed callbacks with all they have, requests, slots, past masters, finished erasures: deleted after
  `keep_history_days`
- a job `keep_personal_days` after its end: deleted with its file and its lines, which may name numbers
- a session of an agent: deleted when it has ended, with the number on the agent's line
- the audit log: deleted after `keep_audit_days`, a UTC day at a time (shared/db/audit_retention.py)
"""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, Update, delete, exists, func, literal_column, select, update
from sqlalchemy.orm import aliased

from shared.callbacks.personal_data import KEYED, NO_RESPONSE, removal
from shared.callbacks.settings import BusinessSettings
from shared.callbacks.states import FINAL, OPEN
from shared.db.audit_retention import purge_audit
from shared.db.columns import explicit_nulls
from shared.db.models import (
    AgentSession,
    Attempt,
    Callback,
    CallbackEvent,
    CallbackRequest,
    Erasure,
    Job,
    JobLine,
    JobPart,
    MastershipTerm,
    Slot,
)
from shared.db.session import Database, retried
from shared.reports.one_request import near, offered_before, superseded

# Rows of one statement and transaction. A callback has several events, and SQL Server locks a whole table, and bookings
# with it, for a statement that takes 5,000 locks.
BATCH_ROWS = 100
MAX_BATCHES = 50  # per class and run: what is left waits for the next run, so that a first purge holds up no cycle

_CLOSED, _OPEN = tuple(FINAL), tuple(OPEN)
Change = Callable[[Sequence[Any]], Sequence[Update | Delete]]


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows each class gave up in one run; `unfinished` when a class had more than one run takes."""

    personal: int = 0
    requests: int = 0
    answers: int = 0
    history: int = 0
    audit: int = 0
    jobs: int = 0
    sessions: int = 0
    unfinished: bool = False

    def summary(self) -> str | None:
        """For the log and the master's cycle; None when there was nothing to do."""
        done = [f"{count} {name}" for name, count in dataclasses.asdict(self).items() if count and name != "unfinished"]
        return f"purged {', '.join(done)}{' (more next time)' if self.unfinished else ''}" if done else None


def purge(
    database: Database, settings: BusinessSettings, now: datetime, may_go_on: Callable[[], bool] = lambda: True
) -> Purged:
    """Do one bounded run at `now`, as long as it `may_go_on`. Raises Unavailable; what was done by then stays done."""
    personal = now - timedelta(days=settings.keep_personal_days)
    history = now - timedelta(days=settings.keep_history_days)
    runs = {
        "history": [
            _callbacks(history),
            _requests(history),
            _slots(history),
            _terms(history),
            _erasures(history),
        ],
        "personal": [_personal(personal)],
        "answers": [_answers(now - timedelta(days=settings.answers_kept_days))],
        "jobs": [_jobs(personal)],
        "sessions": [_sessions(now)],
    }
    done = {name: [_drain(database, *run, may_go_on) for run in several] for name, several in runs.items()}
    done["requests"] = [_drain(database, *_superseded(database.dialect, personal), may_go_on)]
    if not done["requests"][0][1]:  # one that is left is tied by its call id to the one that stands for it
        done["requests"].append(_drain(database, *_call_ids(database.dialect, personal), may_go_on))
    # By whole days: each removal is a row itself.
    audit = (now - timedelta(days=settings.keep_audit_days)).replace(hour=0, minute=0, second=0, microsecond=0)
    done["audit"] = [purge_audit(database, audit, now, may_go_on)]
    counts = {name: sum(count for count, _ in several) for name, several in done.items()}
    return Purged(**counts, unfinished=any(more for several in done.values() for _, more in several))


def _drain(database: Database, find: Select[Any], change: Change, may_go_on: Callable[[], bool]) -> tuple[int, bool]:
    """How many rows were done in all, and whether there may be more."""
    total = 0
    for _ in range(MAX_BATCHES):
        if not may_go_on():
            break
        count = _batch(database, find, change)
        total += count
        if count < BATCH_ROWS:
            return total, False
    return total, True


@retried
def _batch(database: Database, find: Select[Any], change: Change) -> int:
    """Find outside of the transaction, so that a long search holds no lock."""
    with database.reading() as connection:
        keys = list(connection.execute(find.limit(BATCH_ROWS)).scalars())
    if not keys:
        return 0
    with database.writing() as tx:
        for statement in change(keys):
            tx.execute(statement)
        tx.commit()
    return len(keys)


def _closed_before(moment: datetime) -> list[ColumnElement[bool]]:
    # Both: a callback may be cancelled long before its time, and its result may come long after it.
    return [Callback.status.in_(_CLOSED), Callback.start_at < moment, Callback.changed_at < moment]


def _personal(before: datetime) -> tuple[Select[Any], Change]:
    # Written so that the index of what is still to be removed serves it, and no other one seems to do better: the
    # condition word for word, and the states by those that they are not.
    find = select(Callback.account_number).where(
        literal_column("callback.phone <> 'removed'"),
        Callback.status.not_in(_OPEN), Callback.start_at < before, Callback.changed_at < before,
    )  # fmt: skip

    return find, lambda keys: removal(keys, _closed_before(before))


def _superseded(dialect: str, before: datetime) -> tuple[Select[Any], Change]:
    """The records that shared/reports/views.py leaves out of the report of requests; the oldest first, so that none
    loses the one that stands for it before it is deleted itself."""
    find = (
        select(CallbackRequest.id)
        .where(
            CallbackRequest.at < before,
            literal_column("callback_request.call_id IS NOT NULL"),
            literal_column(superseded(dialect, "callback_request")),
        )
        .order_by(CallbackRequest.at, CallbackRequest.id)
    )

    def change(keys: Sequence[Any]) -> Sequence[Update | Delete]:
        numbers = ", ".join(str(int(key)) for key in keys)
        offered: ColumnElement[bool] = literal_column(
            offered_before(dialect, "callback_request", f" AND earlier.id IN ({numbers})")
        )
        calls = select(CallbackRequest.call_id).where(CallbackRequest.id.in_(keys), CallbackRequest.slots_offered > 0)
        kept = (
            update(CallbackRequest)
            .where(
                CallbackRequest.call_id.in_(calls),
                func.coalesce(CallbackRequest.slots_offered, 0) == 0,
                offered,
                ~literal_column(superseded(dialect, "callback_request")),
            )
            .values(slots_offered=1)
        )
        return [kept, delete(CallbackRequest).where(CallbackRequest.id.in_(keys))]

    return find, change


def _call_ids(dialect: str, before: datetime) -> tuple[Select[Any], Change]:
    """Of calls that are over: a newer record of the same call must not lose what it is tied to."""
    newer = aliased(CallbackRequest, name="newer")
    goes_on = exists().where(
        newer.call_id == CallbackRequest.call_id,
        newer.at >= before,
        literal_column(near(dialect, "callback_request", "newer")),
    )
    find = select(CallbackRequest.id).where(CallbackRequest.at < before, CallbackRequest.call_id.is_not(None), ~goes_on)
    return find, lambda keys: [
        update(CallbackRequest).where(CallbackRequest.id.in_(keys)).values(explicit_nulls({"call_id": None}))
    ]


def _answers(before: datetime) -> tuple[Select[Any], Change]:
    find = select(CallbackRequest.id).where(KEYED, CallbackRequest.at < before)
    return find, lambda keys: [update(CallbackRequest).where(CallbackRequest.id.in_(keys)).values(NO_RESPONSE)]


def _callbacks(before: datetime) -> tuple[Select[Any], Change]:
    def change(keys: Sequence[Any]) -> Sequence[Update | Delete]:
        # Children first: they have foreign keys.
        return [
            delete(table).where(table.account_number.in_(keys))
            for table in (CallbackEvent, Attempt, CallbackRequest, Callback)
        ]

    return select(Callback.account_number).where(*_closed_before(before)), change


def _requests(before: datetime) -> tuple[Select[Any], Change]:
    find = select(CallbackRequest.id).where(CallbackRequest.at < before, CallbackRequest.account_number.is_(None))
    return find, lambda keys: [delete(CallbackRequest).where(CallbackRequest.id.in_(keys))]


def _slots(before: datetime) -> tuple[Select[Any], Change]:
    """Slots of which no callback is left: `booked` counts them."""
    held = exists().where(Callback.pool_id == Slot.pool_id, Callback.slot_start == Slot.start_at)
    find = select(Slot.id).where(Slot.start_at < before, ~held)
    return find, lambda keys: [delete(Slot).where(Slot.id.in_(keys))]


def _terms(before: datetime) -> tuple[Select[Any], Change]:
    find = select(MastershipTerm.epoch).where(MastershipTerm.ended_at < before)
    return find, lambda keys: [delete(MastershipTerm).where(MastershipTerm.epoch.in_(keys))]


def _erasures(before: datetime) -> tuple[Select[Any], Change]:
    find = select(Erasure.id).where(Erasure.finished_at < before)
    return find, lambda keys: [delete(Erasure).where(Erasure.id.in_(keys))]


def _sessions(now: datetime) -> tuple[Select[Any], Change]:
    ended = AgentSession.expires_at <= now  # repeated: one that is used meanwhile goes on
    find = select(AgentSession.token_hash).where(ended)
    return find, lambda keys: [delete(AgentSession).where(AgentSession.token_hash.in_(keys), ended)]


def _jobs(before: datetime) -> tuple[Select[Any], Change]:
    def change(keys: Sequence[Any]) -> Sequence[Update | Delete]:
        ended = (Job.id.in_(keys), Job.finished_at < before)  # one that is retried meanwhile stays, with all it has
        still = select(Job.id).where(*ended)
        return [*(delete(table).where(table.job_id.in_(still)) for table in (JobLine, JobPart)),
                delete(Job).where(*ended)]  # fmt: skip

    return select(Job.id).where(Job.finished_at < before), change
