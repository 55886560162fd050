"""Results: what became of the calls, read from the contact list, and what follows for the callbacks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, or_, select, update

from services.dialer_sync import metrics
from services.dialer_sync.context import Term
from services.dialer_sync.mastership import fence
from services.dialer_sync.steps import campaigns
from services.dialer_sync.target import Target, targets
from services.dialer_sync.ucce.contacts import FoundContact, Lookup, newest
from services.dialer_sync.ucce.errors import NotFound, UcceError
from services.dialer_sync.ucce.results import is_final, outcome_of
from shared.callbacks.schedule import HALF_HOUR
from shared.callbacks.states import Status
from shared.callbacks.transitions import chunks, transition_many
from shared.db.models import Attempt, Callback
from shared.db.session import Database, retried
from shared.db.types import written_out

# A contact that UCCE certainly does not list this long after its import will have no result: somebody deleted it.
GONE_AFTER = timedelta(hours=1)
# No call is over sooner after its import; what was just handed over need not be read back in the same cycle.
SHORTEST_CALL = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Open:
    """An attempt that UCCE has and whose result is not known yet."""

    key: str
    account_number: str
    imported_at: datetime
    attempts: int
    slot_start: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """What a result means for attempt and callback; equal endings are written together."""

    status: Status
    outcome: str
    why: str
    due_at: datetime | None = None
    call_result: int | None = None
    call_status: str | None = None
    calls_made: int | None = None


def run(term: Term) -> str | None:
    """`imported` → `completed`, `failed`, or `scheduled` again. Raises UcceError, NotMaster, Unavailable."""
    known = {target.id: target for target in targets(term.database)}
    finished = 0
    for campaign_id, keys in _open_keys(term.database, term.now()).items():
        target = known.get(campaign_id)
        if target is None:
            continue
        try:
            lookup = _look_up(term, target, keys)
        except UcceError as error:
            term.failed("results", error, campaign_id)
            continue
        for chunk in chunks([*lookup.found, *lookup.absent]):
            endings = _endings(term, target, _open_attempts(term.database, chunk), lookup)
            _record(term, endings)
            finished += sum(map(len, endings.values()))
    return f"got {finished} results" if finished else None


@retried
def _open_keys(database: Database, now: datetime) -> dict[int, list[str]]:
    """The contact keys without a result, by campaign: there may be many, so no more than that of each."""
    query = (
        select(Attempt.campaign_id, Attempt.contact_key)
        .join(Callback, Callback.account_number == Attempt.account_number)
        .where(Callback.status == Status.IMPORTED)
        # One from the future was imported before this node's clock was set back.
        .where(
            Attempt.finished_at.is_(None), or_(Attempt.imported_at <= now - SHORTEST_CALL, Attempt.imported_at > now)
        )
    )
    found: dict[int, list[str]] = defaultdict(list)
    with database.reading() as connection:
        for campaign_id, key in connection.execute(query):
            found[campaign_id].append(key)
    return found


@retried
def _open_attempts(database: Database, keys: Sequence[str]) -> list[Open]:
    query = (
        select(Attempt.contact_key, Attempt.account_number, Attempt.imported_at, Callback.attempts, Callback.slot_start)
        .join(Callback, Callback.account_number == Attempt.account_number)
        .where(Attempt.contact_key.in_(keys), Attempt.finished_at.is_(None))
    )
    with database.reading() as connection:
        return [Open(row.contact_key, row.account_number, row.imported_at, row.attempts, row.slot_start)
                for row in connection.execute(query)]  # fmt: skip


def _look_up(term: Term, target: Target, keys: Sequence[str]) -> Lookup:
    """The contacts that are through, and those that are not listed any more."""
    try:
        return newest(term.client, target.ucce_id, keys, lambda contact: is_final(contact.call_status))
    except NotFound as error:
        if not campaigns.is_gone(term, target.ucce_id, error):
            raise
        return Lookup({}, frozenset(keys))  # with the campaign its contacts are gone


def _endings(term: Term, target: Target, attempts: Sequence[Open], lookup: Lookup) -> dict[Ending, list[Open]]:
    now = term.now()
    window = HALF_HOUR + timedelta(minutes=term.catalogues.current().settings.expire_minutes)
    endings: dict[Ending, list[Open]] = defaultdict(list)
    for one in attempts:
        contact = lookup.found.get(one.key)
        if contact is not None:
            endings[ending_of(contact, one, target, now, one.slot_start + window)].append(one)
        elif one.key in lookup.absent and now - one.imported_at >= GONE_AFTER:
            endings[Ending(Status.FAILED, "no_result", "UCCE no longer lists the contact")].append(one)
    return endings


def ending_of(contact: FoundContact, one: Open, target: Target, now: datetime, window_end: datetime) -> Ending:
    """What a final result means, by the campaign's policy and the time that is left."""
    outcome = outcome_of(contact.call_result)
    raw = (contact.call_result, contact.call_status, contact.calls_made)
    words = outcome.name.replace("_", " ")
    if outcome.success:
        return Ending(Status.COMPLETED, outcome.name, words, None, *raw)
    if not outcome.retryable or one.attempts >= target.max_attempts:
        return Ending(Status.FAILED, outcome.name, words, None, *raw)
    due_at = now + target.delay_after(outcome.name)
    if due_at >= window_end:
        return Ending(Status.FAILED, outcome.name, f"{words}; its window ends before another try", None, *raw)
    return Ending(Status.SCHEDULED, outcome.name, f"{words}; tried again at {due_at:%H:%M} UTC", due_at, *raw)


@retried
def _record(term: Term, endings: dict[Ending, list[Open]]) -> None:
    if not endings:
        return
    now = term.now()
    with term.database.writing() as tx:
        fence(tx, term.actor.epoch, now)
        for ending, attempts in endings.items():
            _write(tx, term, ending, attempts, now)
        term.checkpoint("recording results")
        tx.commit()
    for ending, attempts in endings.items():
        metrics.RESULTS.labels(ending.outcome).inc(len(attempts))


def _write(tx: Connection, term: Term, ending: Ending, attempts: Sequence[Open], now: datetime) -> None:
    values: dict[str, Any] = {
        "outcome": ending.outcome,
        "reason": ending.why if ending.status is Status.FAILED else None,
    }
    if ending.due_at is not None:
        values |= {"due_at": ending.due_at, "batch_id": None}
    unfinished = exists().where(
        Attempt.account_number == Callback.account_number,
        Attempt.contact_key.in_([one.key for one in attempts]),
        Attempt.finished_at.is_(None),
    )
    numbers = [one.account_number for one in attempts]
    ended = transition_many(
        tx, numbers, Status.IMPORTED, ending.status, where=[unfinished], now=now, who=term.actor.who, why=ending.why,
        **values,
    )  # fmt: skip
    told = {
        "finished_at": now,
        "outcome": ending.outcome,
        "call_result": ending.call_result,
        "call_status": ending.call_status,
        "calls_made": ending.calls_made,
    }
    for chunk in chunks([one.account_number for one in ended]):
        tx.execute(
            update(Attempt)
            .where(Attempt.account_number.in_(chunk), Attempt.finished_at.is_(None))
            .values(**written_out(told))
        )
