"""Results: what became of the calls, read from the contact list, and what follows for the callbacks.

An attempt that UCCE accepted is one of three: listed with a result, listed without one yet, or not listed. Which keys
were ever listed is noted (`attempt.listed_at`). What the list lacks through a whole grace period (grace.py) was either
never taken, when no reading ever listed it and nothing can have removed it, or was removed: then its result is lost.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, exists, func, or_, select, update

from services.dialer_sync import metrics
from services.dialer_sync.context import Term
from services.dialer_sync.lost_attempts import take_back
from services.dialer_sync.mastership import fence
from services.dialer_sync.steps import campaigns
from services.dialer_sync.target import RetryPolicy, retry_policies
from services.dialer_sync.ucce.contacts import FoundContact, Lookup, newest
from services.dialer_sync.ucce.errors import NotFound, UcceError
from services.dialer_sync.ucce.results import is_final, outcome_of
from shared.callbacks.schedule import HALF_HOUR
from shared.callbacks.states import Status
from shared.callbacks.transitions import chunks, transition_many
from shared.db.models import Attempt, Callback, Campaign
from shared.db.session import Database, retried
from shared.db.types import written_out

_log = structlog.get_logger(__name__)

# No call is over sooner after its import; what was just handed over need not be read back in the same cycle.
SHORTEST_CALL = timedelta(seconds=2)
RESULT_LOST = "UCCE no longer lists the contact: it was purged or deleted before its result was read"
NEVER_LISTED = "UCCE accepted the contact and never listed it: it was not taken"


@dataclass(frozen=True, slots=True)
class Open:
    """An attempt that UCCE has and whose result is not known yet."""

    key: str
    account_number: str
    imported_at: datetime
    listed_at: datetime | None
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


@dataclass(frozen=True, slots=True)
class _Absent:
    """What is not listed any more, or never was, through a whole grace period."""

    removed: list[Open]
    never_taken: list[Open]


def run(term: Term) -> str | None:
    """`imported` → `completed`, `failed`, or `scheduled` again. Raises UcceError, NotMaster, Unavailable."""
    policies = retry_policies(term.database)
    finished = never_taken = lost = 0
    wanted = _open_keys(term.database, term.now())
    term.missed.keep_only({key for keys in wanted.values() for key in keys})
    for (campaign_id, ucce_id), keys in wanted.items():
        policy = policies[campaign_id]
        try:
            lookup = _look_up(term, ucce_id, keys)
        except UcceError as error:
            term.missed.forget(keys)
            term.failed("results", error, campaign_id)
            continue
        term.note_twice(policy.name, lookup.twice)
        _note_listed(term, [key for key in lookup.listed if not keys[key]])
        decided = _decided(term, lookup)
        if lookup.gone or any(keys[key] for key in decided if key in lookup.absent):
            term.removals[ucce_id] = term.now()
        for chunk in chunks(decided):
            attempts = _open_attempts(term.database, chunk)
            absent = _absent(term, ucce_id, [one for one in attempts if one.key not in lookup.found])
            endings = _endings(term, policy, attempts, lookup)
            endings[Ending(Status.FAILED, "result_lost", RESULT_LOST)] += absent.removed
            _record(term, {ending: ones for ending, ones in endings.items() if ones})
            finished += sum(map(len, endings.values()))
            lost += len(absent.removed)
            never_taken += _take_back(term, policy, absent.never_taken)
    problem = term.list_problem()
    said = [problem] if problem else []
    said += [f"got {finished} results" + (f" ({lost} were lost)" if lost else "")] if finished else []
    said += [f"{never_taken} were never taken"] if never_taken else []
    return ", ".join(said) or None


@retried
def _open_keys(database: Database, now: datetime) -> dict[tuple[int, int], dict[str, bool]]:
    """The contact keys without a result by our campaign and the one in UCCE that they were sent to, and whether each
    was ever listed: there may be many, so no more than that of each.
    """
    sent_to = func.coalesce(Attempt.ucce_campaign_id, Campaign.ucce_id)
    query = (
        select(Attempt.campaign_id, sent_to.label("ucce_id"), Attempt.contact_key, Attempt.listed_at)
        .join(Callback, Callback.account_number == Attempt.account_number)
        .join(Campaign, Campaign.id == Attempt.campaign_id)
        .where(Callback.status == Status.IMPORTED, sent_to.is_not(None))
        # One from the future was imported before this node's clock was set back.
        .where(
            Attempt.finished_at.is_(None), or_(Attempt.imported_at <= now - SHORTEST_CALL, Attempt.imported_at > now)
        )
    )
    found: dict[tuple[int, int], dict[str, bool]] = defaultdict(dict)
    with database.reading() as connection:
        for row in connection.execute(query):
            found[row.campaign_id, row.ucce_id][row.contact_key] = row.listed_at is not None
    return found


@retried
def _open_attempts(database: Database, keys: Sequence[str]) -> list[Open]:
    query = (
        select(
            Attempt.contact_key, Attempt.account_number, Attempt.imported_at, Attempt.listed_at, Callback.attempts,
            Callback.slot_start,
        )
        .join(Callback, Callback.account_number == Attempt.account_number)
        .where(Attempt.contact_key.in_(keys), Attempt.finished_at.is_(None))
    )  # fmt: skip
    with database.reading() as connection:
        return [Open(row.contact_key, row.account_number, row.imported_at, row.listed_at, row.attempts, row.slot_start)
                for row in connection.execute(query)]  # fmt: skip


def _look_up(term: Term, ucce_id: int, keys: Collection[str]) -> Lookup:
    """The contacts that are through, and those that are not listed any more."""
    try:
        return newest(term.client, ucce_id, keys, lambda contact: is_final(contact.call_status))
    except NotFound as error:
        if not campaigns.is_gone(term, ucce_id, error):
            raise
        return Lookup({}, frozenset(keys), gone=True)  # with the campaign its contacts are gone


@retried
def _note_listed(term: Term, keys: Sequence[str]) -> None:
    if not keys:
        return
    now = term.now()
    with term.database.writing() as tx:
        fence(tx, term.actor.epoch, now)
        for chunk in chunks(keys):
            tx.execute(
                update(Attempt)
                .where(Attempt.contact_key.in_(chunk), Attempt.listed_at.is_(None), Attempt.finished_at.is_(None))
                .values(listed_at=now)
            )
        tx.commit()


def _decided(term: Term, lookup: Lookup) -> list[str]:
    """The keys with a result, and those that were absent for long enough."""
    term.missed.forget(lookup.listed)
    term.missed.looked(lookup.absent)
    grace = term.settings.settle_grace
    return [*lookup.found, *(key for key in lookup.absent if term.missed.is_over(key, grace))]


def _absent(term: Term, ucce_id: int, attempts: Sequence[Open]) -> _Absent:
    split = _Absent([], [])
    for one in attempts:
        removed = one.listed_at is not None or term.may_have_been_removed(ucce_id, one.imported_at)
        (split.removed if removed else split.never_taken).append(one)
    if split.removed:
        _log.error("results_lost", count=len(split.removed), contacts=[one.key for one in split.removed[:5]])
    return split


def _take_back(term: Term, policy: RetryPolicy, attempts: Sequence[Open]) -> int:
    """`imported` → `scheduled`, and → `expired` where the window has passed meanwhile."""
    if not attempts:
        return 0
    over = [one.account_number for one in attempts if _window_end(term, one) <= term.now()]
    numbers = [one.account_number for one in attempts]
    term.missed.forget(one.key for one in attempts)  # before it is written: its outcome may become unknown
    term.grace.forget(one.key for one in attempts)
    taken_back, expired = take_back(term.database, term.actor, numbers, over, why=NEVER_LISTED, now=term.now())
    _log.error("never_listed", count=taken_back, campaign=policy.name)
    metrics.NEVER_LISTED.labels(policy.name).inc(taken_back)
    metrics.EXPIRED.labels(policy.name).inc(expired)
    return taken_back


def _window_end(term: Term, one: Open) -> datetime:
    return one.slot_start + HALF_HOUR + timedelta(minutes=term.catalogues.current().settings.expire_minutes)


def _endings(
    term: Term, policy: RetryPolicy, attempts: Sequence[Open], lookup: Lookup
) -> defaultdict[Ending, list[Open]]:
    now = term.now()
    endings: defaultdict[Ending, list[Open]] = defaultdict(list)
    for one in attempts:
        contact = lookup.found.get(one.key)
        if contact is not None:
            endings[ending_of(contact, one, policy, now, _window_end(term, one))].append(one)
    return endings


def ending_of(contact: FoundContact, one: Open, policy: RetryPolicy, now: datetime, window_end: datetime) -> Ending:
    """What a final result means, by the campaign's policy and the time that is left."""
    outcome = outcome_of(contact.call_result)
    raw = (contact.call_result, contact.call_status, contact.calls_made)
    words = outcome.name.replace("_", " ")
    if outcome.success:
        return Ending(Status.COMPLETED, outcome.name, words, None, *raw)
    if not outcome.retryable or one.attempts >= policy.max_attempts:
        return Ending(Status.FAILED, outcome.name, words, None, *raw)
    due_at = now + policy.delay_after(outcome.name)
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
