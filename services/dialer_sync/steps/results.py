"""Results: what became of the calls, read from the contact list, and what follows for the callbacks.

An attempt that UCCE accepted is one of three: listed with a result, listed without one yet, or not listed. Which keys
were ever listed is noted (`attempt.listed_at`). What the list lacks through a whole grace period (grace.py) was either
never taken, when no reading ever listed it and nothing can have removed it, or was removed: then its result is lost.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, exists, update

from services.dialer_sync import metrics
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.election.fencing import fence
from services.dialer_sync.handover.campaign_target import RetryPolicy, retry_policies
from services.dialer_sync.handover.lost_attempts import take_back
from services.dialer_sync.handover.open_attempts import (
    CampaignPair,
    ListedAttempt,
    OpenAttempt,
    first_dialed,
    note_statuses,
    open_attempts,
    open_keys,
)
from services.dialer_sync.reading_allowance import CycleAllowance
from services.dialer_sync.steps import campaigns
from services.dialer_sync.ucce.call_results import is_final, outcome_of, unusual, was_dialed
from services.dialer_sync.ucce.contact_list import Lookup, Place, newest
from services.dialer_sync.ucce.contact_page import FoundContact
from services.dialer_sync.ucce.errors import NotFound, UcceError
from shared.callbacks.outcomes import OTHER, RESULT_LOST
from shared.callbacks.schedule import HALF_HOUR
from shared.callbacks.states import Status
from shared.callbacks.transitions import in_chunks, transition_many
from shared.db.columns import explicit_nulls, truncate_utf16
from shared.db.key_lists import one_of
from shared.db.models import Attempt, Callback
from shared.db.session import retried

_log = structlog.get_logger(__name__)

RESULT_LOST_MESSAGE = "UCCE no longer lists the contact: it was purged or deleted before its result was read"
MAX_STATUS_LENGTH = 32  # characters, of what UCCE's call status is kept
Keys = Mapping[str, ListedAttempt]
NEVER_LISTED = "UCCE accepted the contact and never listed it: it was not taken"


@dataclass(frozen=True, slots=True)
class AttemptResolution:
    """What a result means for attempt and callback; equal ones are written together."""

    status: Status
    outcome: str
    why: str
    due_at: datetime | None = None
    call_result: int | None = None
    call_status: str | None = None
    calls_made: int | None = None
    message: str | None = None
    dialed: bool | None = None  # None: what was seen of it before is all that is known


@dataclass(frozen=True, slots=True)
class _Absent:
    """What is not listed any more, or never was, through a whole grace period."""

    removed: list[OpenAttempt]
    never_taken: list[OpenAttempt]


def run(context: CycleContext) -> str | None:
    """`imported` → `completed`, `failed`, or `scheduled` again. Raises UcceError, NotMaster, Unavailable."""
    policies = retry_policies(context.database)
    finished = never_taken = lost = 0
    open_by_campaign = open_keys(context.database, context.now())
    context.missed.keep_only({key for keys in open_by_campaign.values() for key in keys})
    allowance = CycleAllowance(context)
    for (campaign_id, ucce_id), keys in _in_turn(open_by_campaign, context.read_last):
        if allowance.is_spent():
            break
        policy = policies[campaign_id]
        context.read_last = campaign_id, ucce_id
        began = context.clock()
        try:
            lookup = _look_up(context, ucce_id, keys, allowance)
        except UcceError as error:
            context.missed.forget(keys)
            context.failed("results", error, campaign_id)
            continue
        context.note_twice(policy.name, lookup.twice)
        _note_statuses(context, lookup, keys)
        decided = _decided(context, lookup, began)
        if lookup.gone or any(keys[key].listed for key in decided if key in lookup.absent):
            context.removals[ucce_id] = context.now()
        for chunk in in_chunks(decided):
            attempts = open_attempts(context.database, chunk)
            absent = _absent(context, ucce_id, [one for one in attempts if one.key not in lookup.found])
            resolutions = _resolutions(context, policy, attempts, lookup)
            resolutions[AttemptResolution(Status.FAILED, RESULT_LOST.name, RESULT_LOST_MESSAGE)] += absent.removed
            _record(context, {resolution: ones for resolution, ones in resolutions.items() if ones})
            finished += sum(map(len, resolutions.values()))
            lost += len(absent.removed)
            never_taken += _take_back(context, policy, absent.never_taken)
    problem = context.list_problem()
    parts = [problem] if problem else []
    parts += [f"got {finished} results" + (f" ({lost} were lost)" if lost else "")] if finished else []
    parts += [f"{never_taken} were never taken"] if never_taken else []
    return ", ".join(parts) or None


def _in_turn(open_by_campaign: Mapping[CampaignPair, Keys], last: CampaignPair) -> list[tuple[CampaignPair, Keys]]:
    """Behind the campaign that was read last, so that each has its turn however little is read in a cycle."""
    return sorted(open_by_campaign.items(), key=lambda item: (item[0] <= last, item[0]))


def _look_up(context: CycleContext, ucce_id: int, keys: Collection[str], allowance: CycleAllowance) -> Lookup:
    """The contacts that are through, and those that are not listed any more."""
    place = context.places.setdefault(ucce_id, Place())
    try:
        return newest(
            context.client,
            ucce_id,
            keys,
            lambda contact: is_final(contact.call_status),
            place=place,
            allowance=allowance,
        )
    except NotFound as error:
        if not campaigns.is_gone(context, ucce_id, error):
            raise
        return Lookup({}, frozenset(keys), gone=True)  # with the campaign its contacts are gone


def _note_statuses(context: CycleContext, lookup: Lookup, noted: Keys) -> None:
    """Write down what changed of those that were listed, and count what nobody expects."""
    changed: dict[str | None, list[str]] = defaultdict(list)
    for key in lookup.listed:
        status = truncate_utf16(lookup.statuses.get(key, ""), MAX_STATUS_LENGTH) or None
        if not noted[key].listed or (status and status != noted[key].call_status):
            changed[status].append(key)
    note_statuses(context.database, context.actor, changed, context.now())
    for call_status, alike in changed.items():
        if call_status and (counted_as := unusual(call_status)):
            metrics.UNUSUAL_STATUS.labels(counted_as).inc(len(alike))
            _log.warning("contact_status_unusual", call_status=call_status, count=len(alike), contact=alike[0])


def _decided(context: CycleContext, lookup: Lookup, began: float) -> list[str]:
    """The keys with a result, and those that were absent for long enough."""
    context.missed.forget(lookup.listed)
    context.missed.looked(lookup.absent, began)
    grace = context.settings.settle_grace
    return [*lookup.found, *(key for key in lookup.absent if context.missed.is_over(key, grace))]


def _absent(context: CycleContext, ucce_id: int, attempts: Sequence[OpenAttempt]) -> _Absent:
    split = _Absent([], [])
    for one in attempts:
        removed = one.listed_at is not None or context.may_have_been_removed(ucce_id, one.imported_at)
        (split.removed if removed else split.never_taken).append(one)
    if split.removed:
        _log.error("results_lost", count=len(split.removed), contacts=[one.key for one in split.removed[:5]])
    return split


def _take_back(context: CycleContext, policy: RetryPolicy, attempts: Sequence[OpenAttempt]) -> int:
    """`imported` → `scheduled`, and → `expired` where the window has passed meanwhile."""
    if not attempts:
        return 0
    over = [one.account_number for one in attempts if _window_end(context, one) <= context.now()]
    numbers = [one.account_number for one in attempts]
    context.missed.forget(one.key for one in attempts)  # before it is written: its outcome may become unknown
    context.grace.forget(one.key for one in attempts)
    taken_back, expired = take_back(context.database, context.actor, numbers, over, why=NEVER_LISTED, now=context.now())
    _log.error("never_listed", count=taken_back, campaign=policy.name)
    metrics.NEVER_LISTED.labels(policy.name).inc(taken_back)
    metrics.EXPIRED.labels(policy.name).inc(expired)
    return taken_back


def _window_end(context: CycleContext, one: OpenAttempt) -> datetime:
    return one.slot_start + HALF_HOUR + timedelta(minutes=context.config_cache.current().settings.expire_minutes)


def _resolutions(
    context: CycleContext, policy: RetryPolicy, attempts: Sequence[OpenAttempt], lookup: Lookup
) -> defaultdict[AttemptResolution, list[OpenAttempt]]:
    now = context.now()
    resolutions: defaultdict[AttemptResolution, list[OpenAttempt]] = defaultdict(list)
    for one in attempts:
        contact = lookup.found.get(one.key)
        if contact is not None:
            resolutions[resolve(contact, one, policy, now, _window_end(context, one))].append(one)
    return resolutions


def resolve(
    contact: FoundContact, one: OpenAttempt, policy: RetryPolicy, now: datetime, window_end: datetime
) -> AttemptResolution:
    """What a final result means, by the campaign's policy and the time that is left."""
    outcome = outcome_of(contact.call_result)
    dialed = was_dialed(contact.call_result, contact.calls_made)
    raw = (contact.call_result, contact.call_status, contact.calls_made, contact.result_message, dialed)
    message = outcome.name.replace("_", " ")
    if outcome is OTHER and contact.raw_result:
        message = f"{message}: {contact.result_message or f'result {contact.raw_result}'}"
    if outcome.success:
        return AttemptResolution(Status.COMPLETED, outcome.name, message, None, *raw)
    if not outcome.retryable or one.attempts >= policy.max_attempts:
        return AttemptResolution(Status.FAILED, outcome.name, message, None, *raw)
    due_at = now + policy.delay_after(outcome.name)
    if due_at >= window_end:
        return AttemptResolution(
            Status.FAILED, outcome.name, f"{message}; its window ends before another try", None, *raw
        )
    return AttemptResolution(
        Status.SCHEDULED, outcome.name, f"{message}; tried again at {due_at:%H:%M} UTC", due_at, *raw
    )


@retried
def _record(context: CycleContext, resolutions: dict[AttemptResolution, list[OpenAttempt]]) -> None:
    if not resolutions:
        return
    now = context.now()
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, now)
        for resolution, attempts in resolutions.items():
            _write(tx, context, resolution, attempts, now)
        context.checkpoint("recording results")
        tx.commit()
    for resolution, attempts in resolutions.items():
        metrics.RESULTS.labels(resolution.outcome).inc(len(attempts))


def _write(
    tx: Connection, context: CycleContext, resolution: AttemptResolution, attempts: Sequence[OpenAttempt], now: datetime
) -> None:
    values: dict[str, Any] = {
        "outcome": resolution.outcome,
        "reason": resolution.why if resolution.status is Status.FAILED else None,
    }
    if resolution.due_at is not None:
        values |= {"due_at": resolution.due_at, "batch_id": None}
    unfinished = exists().where(
        Attempt.account_number == Callback.account_number,
        one_of(Attempt.contact_key, [one.key for one in attempts]),
        Attempt.finished_at.is_(None),
    )
    numbers = [one.account_number for one in attempts]
    ended = transition_many(
        tx, numbers, Status.IMPORTED, resolution.status, where=[unfinished], now=now, who=context.actor.who,
        why=resolution.why, **values,
    )  # fmt: skip
    values = {
        "finished_at": now,
        "outcome": resolution.outcome,
        "call_result": resolution.call_result,
        "call_status": resolution.call_status,
        "calls_made": resolution.calls_made,
        "message": resolution.message,
    }
    if resolution.dialed is not None:
        values["dialed_at"] = first_dialed(now) if resolution.dialed else None
    for chunk in in_chunks([one.account_number for one in ended]):
        tx.execute(
            update(Attempt)
            .where(one_of(Attempt.account_number, chunk), Attempt.finished_at.is_(None))
            .values(**explicit_nulls(values))
        )
