"""One batch on its way: claimed, sent, recorded; whatever happens, each contact has one known next step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from ulid import ULID

from services.dialer_sync import metrics
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.election.errors import NotMaster
from services.dialer_sync.handover.batch_store import (
    ClaimedCallback,
    claim,
    fail_refused,
    longest_due,
    oldest_deliverable_slot,
    record_imported,
    release,
)
from services.dialer_sync.handover.campaign_target import CampaignTarget
from services.dialer_sync.handover.refusals import MAX_REJECTED, SAMPLE_SIZE, spread
from services.dialer_sync.ucce.contacts import MAX_BATCH, Contact, import_batch
from services.dialer_sync.ucce.dial_plan import Undialable
from services.dialer_sync.ucce.errors import CampaignRefuses, Refused, TookPart, UcceError, Unknown
from shared.callbacks.time_zone_bias import utc_bias

_log = structlog.get_logger(__name__)

MAX_SEARCHED = 10_000  # due callbacks among which a sample is chosen

Chunk = Sequence[tuple[ClaimedCallback, Contact]]


@dataclass
class BatchResult:
    """What became of a batch. `refused` are single contacts, with UCCE's words; `unexplained` those of them of which
    it is not known that the campaign took others since.
    """

    claimed: int = 0
    taken: int = 0
    refused: list[tuple[ClaimedCallback, str]] = field(default_factory=list)
    refused_batch: str | None = None  # UCCE's words about more than one row
    held: str | None = None  # why nothing may be sent to the campaign
    unexplained: int = 0
    suspicious: bool = False
    sampled: bool = False
    sample_left: int = 0


def is_any_due(context: CycleContext, target: CampaignTarget) -> bool:
    """Whether the campaign has anything to hand over. Raises Unavailable."""
    now = context.now()
    floor = oldest_deliverable_slot(now, context.config_cache.current().settings.expire_minutes)
    return bool(longest_due(context.database, target.id, 1, now=now, floor=floor))


def send_batch(context: CycleContext, target: CampaignTarget, size: int) -> BatchResult:
    """Claim up to `size` due callbacks of a campaign and hand them over.

    Raises UcceError when the rest could not be sent, NotMaster, Unavailable. Nothing is left claimed then but what
    UCCE may have: that is settled by reading it (steps/settle.py).
    """
    sent = BatchResult()
    chosen = [one.account_number for one in longest_due(context.database, target.id, size, **_due_now(context))]
    parts = _claim(context, target, chosen, sent)
    _send(context, target, parts, sent)
    _fail(context, target, sent.refused)
    return sent


def send_sample(context: CycleContext, target: CampaignTarget) -> BatchResult:
    """Send a few due callbacks from all over the queue, one by one: does the campaign take any again?

    Raises CampaignRefuses when it does not, and as `send_batch`.
    """
    sent = BatchResult(sampled=True)
    parts = [[row] for part in _claim(context, target, _from_elsewhere(context, target), sent) for row in part]
    sent.sample_left = len(parts)
    _send(context, target, parts, sent)
    _fail(context, target, sent.refused)
    return sent


def _due_now(context: CycleContext) -> dict[str, datetime]:
    now = context.now()
    return {"now": now, "floor": oldest_deliverable_slot(now, context.config_cache.current().settings.expire_minutes)}


def _claim(context: CycleContext, target: CampaignTarget, chosen: Sequence[str], sent: BatchResult) -> list[Chunk]:
    """Claim the `chosen` callbacks and make contacts of them, in the parts in which they are to be sent."""
    if not chosen:
        return []
    batch_id = str(ULID.from_datetime(context.now()))
    # The database's epoch alone does not stop a master that was deposed when the database has forgotten its successor;
    # its claim would bring the count of hand-overs to ZooKeeper's, and so hide what was lost.
    context.prove()
    claimed = claim(
        context.database, context.actor, batch_id, target.id, chosen, ucce_id=target.ucce_id, count=context.hand_overs,
        checkpoint=context.checkpoint, **_due_now(context),
    )  # fmt: skip
    sent.claimed += len(claimed)
    if not claimed:
        return []
    keys = [callback.key for callback in claimed]
    # Also after a release whose commit was of unknown outcome: a key that is sent anew has all of its grace again.
    context.grace.forget(keys)
    context.refusals.claimed(keys)
    context.checkpoint("claimed")
    rows = _dialable(context, target, claimed)
    parts: list[Chunk] = list(context.refusals.in_parts(rows, [callback.key for callback, _ in rows]))
    return parts


def _from_elsewhere(context: CycleContext, target: CampaignTarget) -> list[str]:
    """Account numbers from all over the queue; of those that were never refused, while there are any."""
    waiting = longest_due(context.database, target.id, MAX_SEARCHED, **_due_now(context))
    fresh = [one.account_number for one in waiting if not context.refusals.is_known(one.key)]
    turn = context.refusals.blamed.get(target.id, 0)
    return spread(fresh or [one.account_number for one in waiting], SAMPLE_SIZE, turn)


def _dialable(context: CycleContext, target: CampaignTarget, claimed: Sequence[ClaimedCallback]) -> Chunk:
    """The contacts to send; a number that this campaign's rule makes no digits of fails by our own decision."""
    snapshot = context.config_cache.current()
    part, undialable = [], []
    for callback in claimed:
        pool = snapshot.pool_by_id.get(callback.pool_id)
        bias = utc_bias(pool.zone, callback.due_at) if pool else None
        try:
            digits = target.rule.digits(callback.phone)
        except Undialable as error:
            undialable.append((callback, f"cannot be dialled: {error}"))
        else:
            part.append((callback, Contact(callback.key, digits, callback.first_name, callback.last_name, bias)))
    _fail(context, target, undialable)
    return part


def _send(context: CycleContext, target: CampaignTarget, parts: Sequence[Chunk], sent: BatchResult) -> None:
    """Send the parts one after the other; a refusal decides what is tried next (refusals.py)."""
    waiting = list(reversed(parts))
    while waiting:
        part = waiting.pop()
        try:
            import_batch(context.client, target.ucce_id, [contact for _, contact in part])
        except (Refused, TookPart) as refusal:
            if isinstance(refusal, TookPart) and len(part) == 1:
                _leave_unknown(context, target, part, waiting, sent, refusal)
                raise
            _note_refusal(context, target, part, refusal, sent)
            if _is_campaign_to_blame(context, target, part, waiting, sent):
                context.refusals.blamed[target.id] = context.refusals.blamed.get(target.id, 0) + 1
                blame = CampaignRefuses(refusal)
                _give_back(context, target, waiting, sent, blame)
                raise blame from refusal
        except Unknown as unknown:
            if _fails_on_it(context, target, part, unknown):
                continue
            _leave_unknown(context, target, part, waiting, sent, unknown)
            raise
        except (UcceError, NotMaster) as error:
            _give_back(context, target, [*waiting, part], sent, error)
            raise
        else:
            context.checkpoint("answered")
            _record(context, target, [callback for callback, _ in part], sent)


def _leave_unknown(
    context: CycleContext,
    target: CampaignTarget,
    part: Chunk,
    waiting: Sequence[Chunk],
    sent: BatchResult,
    error: UcceError,
) -> None:
    _give_back(context, target, waiting, sent, error)
    context.refusals.unanswered([callback.key for callback, _ in part], error.message)
    _count(context, target, len(part))  # perhaps UCCE took it


def _fails_on_it(context: CycleContext, target: CampaignTarget, part: Chunk, error: UcceError) -> bool:
    """Whether UCCE answered, but not for this one contact, as before, and took others since: then those go on."""
    key = part[0][0].key
    if len(part) > 1 or error.unreachable or not context.refusals.is_suspect(key):
        return False
    if not context.refusals.is_to_blame(target.id, key):
        return False
    context.refusals.unanswered([key], error.message)
    _count(context, target, 1)
    context.on_error(error)
    _log.warning("contact_unanswered", contact=key, campaign=target.name, reason=error.message)
    return True


def _note_refusal(
    context: CycleContext, target: CampaignTarget, part: Chunk, refusal: UcceError, sent: BatchResult
) -> None:
    if len(part) == 1:
        callback = part[0][0]
        context.refusals.contact_refused(callback.key, context.clock())
        sent.refused.append((callback, f"UCCE refuses the contact: {refusal.message}"))
        return
    context.refusals.batch_refused([callback.key for callback, _ in part], context.clock())
    _count(context, target, len(part))  # perhaps UCCE took the good ones
    sent.refused_batch = f"UCCE refused a batch of {len(part)}: {refusal.message}"
    context.on_error(refusal)
    _log.warning("batch_refused", campaign=target.name, size=len(part), reason=refusal.message)


def _is_campaign_to_blame(
    context: CycleContext, target: CampaignTarget, part: Chunk, waiting: list[Chunk], sent: BatchResult
) -> bool:
    """Whether it is, now that `part` is refused; puts a sample before what is `waiting` where that is to be learnt."""
    if sent.taken or all(context.refusals.is_to_blame(target.id, callback.key) for callback, _ in part):
        sent.sample_left = 0  # the campaign takes contacts
        return False
    if sent.sample_left:
        sent.sample_left -= 1
        return sent.sample_left == 0
    sent.unexplained += len(part) == 1
    sent.suspicious = sent.suspicious or len(part) > 1 or sent.unexplained > MAX_REJECTED
    if sent.suspicious and not sent.sampled:
        sent.sampled = True
        sample = _take_sample(context, target, waiting, sent)
        waiting += [[row] for row in reversed(sample)]
        sent.sample_left = len(sample)
        if sample:
            return False
    return sent.unexplained > MAX_REJECTED


def _take_sample(context: CycleContext, target: CampaignTarget, waiting: list[Chunk], sent: BatchResult) -> Chunk:
    """A few contacts from elsewhere in the queue: of what is `waiting` (they leave it), else newly claimed ones."""
    rows = [row for part in reversed(waiting) for row in part]
    if not rows:
        size = min(SAMPLE_SIZE, allowance(context, target))
        claimed = _claim(context, target, _from_elsewhere(context, target)[:size], sent) if size > 0 else []
        return [row for part in claimed for row in part]
    fresh = [row for row in rows if not context.refusals.is_known(row[0].key)]
    sample = spread(fresh or rows, SAMPLE_SIZE, context.refusals.blamed.get(target.id, 0))
    chosen = {callback.key for callback, _ in sample}
    waiting[:] = [left for part in waiting if (left := [row for row in part if row[0].key not in chosen])]
    return sample


def _give_back(
    context: CycleContext, target: CampaignTarget, waiting: Sequence[Chunk], sent: BatchResult, error: Exception
) -> None:
    """Nothing more is sent: what was not goes back, and so does what was refused while nothing was taken."""
    claimed = [callback for part in waiting for callback, _ in part]
    if sent.taken:
        _fail(context, target, sent.refused)
    else:
        claimed += [callback for callback, _ in sent.refused]
    if claimed:
        numbers = [callback.account_number for callback in claimed]
        released = release(
            context.database, context.actor, numbers, why=f"UCCE took nothing: {error}", now=context.now()
        )
        metrics.RELEASED.labels(target.name).inc(released)


def _record(context: CycleContext, target: CampaignTarget, taken: Sequence[ClaimedCallback], sent: BatchResult) -> None:
    now = context.now()
    record_imported(
        context.database,
        context.actor,
        [callback.account_number for callback in taken],
        why=f"imported into {target.name}",
        now=now,
        checkpoint=context.checkpoint,
    )
    for backoff in (context.backoff("hand_over"), context.backoff("hand_over", target.id)):
        backoff.succeeded()
    context.refusals.took(target.id, [callback.key for callback in taken], context.clock())
    sent.taken += len(taken)
    _count(context, target, len(taken))
    metrics.HANDED_OVER.labels(target.name).inc(len(taken))
    for callback in taken:
        metrics.LATENESS.observe((now - callback.due_at).total_seconds())
    context.checkpoint("recorded")


def allowance(context: CycleContext, target: CampaignTarget) -> int:
    """How many more may be sent to the campaign in this sync interval."""
    if target.per_cycle is None:
        return MAX_BATCH
    return target.per_cycle - context.handed_over.get(target.id, 0)


def _count(context: CycleContext, target: CampaignTarget, number: int) -> None:
    context.handed_over[target.id] = context.handed_over.get(target.id, 0) + number


def _fail(context: CycleContext, target: CampaignTarget, refused: Sequence[tuple[ClaimedCallback, str]]) -> None:
    for callback, reason in refused:
        fail_refused(context.database, context.actor, callback.account_number, reason=reason, now=context.now())
        context.refusals.settled([callback.key])
        _log.warning("contact_refused", contact=callback.key, campaign=target.name, reason=reason)
        metrics.REFUSED.labels(target.name).inc()
