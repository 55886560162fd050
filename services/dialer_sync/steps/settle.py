"""Settling: UCCE's own list says whether it has the callbacks left `importing`. None of them is sent again before."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select

from services.dialer_sync import metrics
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.handover.batch_store import record_imported, release
from services.dialer_sync.handover.lost_attempts import fail_lost
from services.dialer_sync.steps import campaigns
from services.dialer_sync.ucce.contact_list import Lookup, Unlimited, find
from services.dialer_sync.ucce.errors import NotFound, UcceError
from shared.callbacks.states import Status
from shared.db.models import Attempt, Callback, Campaign
from shared.db.session import Database, retried

_log = structlog.get_logger(__name__)

MAY_BE_REMOVED = "UCCE's list lacks the contact, and it may have been purged or deleted there"
CAMPAIGN_GONE = "its campaign was deleted in UCCE before it was known whether UCCE had the contact"


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An attempt of which it is not known whether UCCE has it."""

    key: str
    account_number: str
    campaign_id: int
    campaign: str
    ucce_id: int | None  # the campaign in UCCE that it was sent to
    claimed_at: datetime


def run(context: CycleContext) -> str | None:
    """`importing` → `imported` where UCCE has the contact, → `scheduled` where it had not after the grace period.

    The grace period (grace.py) must outlast a request that is still on its way or in UCCE's queue, and the lag of
    UCCE's list: settings.py holds it to that. Raises UcceError, NotMaster, Unavailable.
    """
    unsettled = _unsettled(context.database)
    context.grace.keep_only({one.key for one in unsettled})
    by_campaign: dict[tuple[int, int], list[Unsettled]] = defaultdict(list)
    for one in unsettled:
        if one.ucce_id is not None:
            by_campaign[one.campaign_id, one.ucce_id].append(one)
    found = lost = 0
    for (campaign_id, ucce_id), attempts in by_campaign.items():
        began = context.clock()
        try:
            lookup = _look_up(context, ucce_id, attempts)
        except UcceError as error:
            context.grace.forget(one.key for one in attempts)
            context.failed("settle", error, campaign_id)
            continue
        context.note_twice(attempts[0].campaign, lookup.twice)
        if lookup.gone:
            context.removals[ucce_id] = context.now()
            lost += _fail_lost(context, attempts, CAMPAIGN_GONE)
            continue
        found += _confirm(context, [one for one in attempts if one.key in lookup.found])
        lost += _give_up(context, [one for one in attempts if one.key in lookup.absent], began)
    return _summary(len(unsettled), found, lost)


@retried
def _unsettled(database: Database) -> list[Unsettled]:
    """All that are `importing`: the loop that claims is the one that settles, so none of them is being sent now."""
    query = (
        select(
            Attempt.contact_key,
            Attempt.account_number,
            Attempt.campaign_id,
            Campaign.name,
            func.coalesce(Attempt.ucce_campaign_id, Campaign.ucce_id),
            Attempt.claimed_at,
        )
        .join(Callback, Callback.account_number == Attempt.account_number)
        .join(Campaign, Campaign.id == Attempt.campaign_id)
        .where(Callback.status == Status.IMPORTING, Attempt.finished_at.is_(None), Attempt.imported_at.is_(None))
        .order_by(Attempt.contact_key)
    )
    with database.reading() as connection:
        return [Unsettled(*row) for row in connection.execute(query)]


def _look_up(context: CycleContext, ucce_id: int, attempts: Sequence[Unsettled]) -> Lookup:
    keys = [one.key for one in attempts]
    try:
        return find(context.client, ucce_id, keys, Unlimited(context.before_reading))
    except NotFound as error:
        if not campaigns.is_gone(context, ucce_id, error):
            raise
        return Lookup({}, frozenset(keys), gone=True)


def _fail_lost(context: CycleContext, attempts: Sequence[Unsettled], reason: str) -> int:
    """Whether UCCE had dialled these is not to be known any more: they are not sent again."""
    if not attempts:
        return 0
    numbers = [one.account_number for one in attempts]
    _log.error("results_lost", count=len(numbers), campaign=attempts[0].campaign)
    metrics.RESULTS.labels("result_lost").inc(len(numbers))
    return fail_lost(context.database, context.actor, numbers, reason=reason, now=context.now())


def _confirm(context: CycleContext, attempts: Sequence[Unsettled]) -> int:
    confirmed = 0
    for doubtful, ones in _by_doubt(context, attempts):
        after = "although UCCE refused its batch" if doubtful else "after its answer was lost"
        why = f"found in UCCE's own list {after}"
        if doubtful:
            _log.warning("partial_acceptance", campaign_id=ones[0].campaign_id, count=len(ones))
        numbers = [one.account_number for one in ones]
        metrics.SETTLED.labels("yes").inc(len(ones))
        confirmed += record_imported(
            context.database,
            context.actor,
            numbers,
            why=why,
            now=context.now(),
            checkpoint=context.checkpoint,
            listed=True,
        )
        context.refusals.took(ones[0].campaign_id, [one.key for one in ones], context.clock())
    return confirmed


def _give_up(context: CycleContext, attempts: Sequence[Unsettled], began: float) -> int:
    """Release what is absent for long enough: of a refused batch the list's lag is, for it is in no queue any more."""
    context.grace.looked((one.key for one in attempts), began)
    given_up = 0
    for doubtful, ones in _by_doubt(context, attempts):
        grace = context.settings.list_lag if doubtful else context.settings.settle_grace
        late = [one for one in ones if context.grace.is_over(one.key, grace)]
        if not late:
            continue
        context.grace.forget(one.key for one in late)  # before it is written: its outcome may become unknown
        context.refusals.claimed(one.key for one in late)
        removed = [one for one in late if context.may_have_been_removed(one.ucce_id or 0, one.claimed_at)]
        given_up += _fail_lost(context, removed, MAY_BE_REMOVED)
        late = [one for one in late if one not in removed]
        metrics.SETTLED.labels("no").inc(len(late))
        _log.warning("never_taken", count=len(late), of_refused_batch=doubtful)
        if not doubtful:
            context.refusals.never_taken((one.key for one in late), context.clock())
        for after, numbers in _by_reason(context, late, doubtful).items():
            why = f"not in UCCE's own list {grace:g} s after {after}"
            given_up += release(context.database, context.actor, numbers, why=why, now=context.now())
        context.again = context.again or doubtful
    return given_up


def _by_reason(context: CycleContext, attempts: Sequence[Unsettled], doubtful: bool) -> dict[str, list[str]]:
    """The account numbers by what is known of why they were not taken."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for one in attempts:
        message = context.refusals.message(one.key)
        lost = f"its answer was lost{f' ({message})' if message else ''}"
        after = "UCCE refused its batch; it is sent again in a smaller one" if doubtful else lost
        reasons[after].append(one.account_number)
    return reasons


def _by_doubt(context: CycleContext, attempts: Sequence[Unsettled]) -> Iterator[tuple[bool, list[Unsettled]]]:
    """The attempts of refused batches (True), and those whose answer was lost (False)."""
    for doubtful in (True, False):
        ones = [one for one in attempts if (one.key in context.refusals.doubtful) == doubtful]
        if ones:
            yield doubtful, ones


def _summary(unsettled: int, found: int, lost: int) -> str | None:
    left = unsettled - found - lost
    parts = [f"settled {found + lost} ({found} were taken)"] if found + lost else []
    if left:
        parts.append(f"{left} unsettled")
    return ", ".join(parts) or None
