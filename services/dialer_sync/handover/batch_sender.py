"""Sending a batch: claim, import, record. Whatever fails, each contact has exactly one known next step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

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
    record_imported,
    release,
)
from services.dialer_sync.handover.campaign_target import CampaignTarget
from services.dialer_sync.handover.due_now import allowance, due_now
from services.dialer_sync.handover.refusals import MAX_REJECTED, SAMPLE_SIZE, spread
from services.dialer_sync.ucce.contacts import Contact, import_batch
from services.dialer_sync.ucce.dial_plan import Undialable
from services.dialer_sync.ucce.errors import CampaignRefuses, Refused, TookPart, UcceError, Unknown
from shared.callbacks.config_snapshot import Pool
from shared.callbacks.time_zone_bias import utc_bias

_log = structlog.get_logger(__name__)

MAX_SEARCHED = 10_000  # due callbacks among which a sample is chosen

Chunk = Sequence[tuple[ClaimedCallback, Contact]]


@dataclass
class BatchResult:
    """What became of a batch. `refused` are single contacts, with UCCE's message; `unexplained` those of them of which
    it is not known that the campaign took others since."""

    claimed: int = 0
    taken: int = 0
    refused: list[tuple[ClaimedCallback, str]] = field(default_factory=list)
    refused_batch: str | None = None  # UCCE's message about more than one row
    held: str | None = None  # why nothing may be sent to the campaign
    unexplained: int = 0
    suspicious: bool = False
    sampled: bool = False
    sample_left: int = 0


def send_batch(context: CycleContext, target: CampaignTarget, size: int) -> BatchResult:
    """Claim up to `size` due callbacks of a campaign and hand them over.

    Raises UcceError when the rest could not be sent, NotMaster, Unavailable. Nothing is left claimed then but what
    UCCE may have: that is settled by reading it (steps/settle.py).
    """
    sender = _BatchSender(context, target, BatchResult())
    chosen = [one.account_number for one in longest_due(context.database, target.id, size, **due_now(context, target))]
    return sender.send(sender.claim(chosen))


def send_sample(context: CycleContext, target: CampaignTarget) -> BatchResult:
    """Send a few due callbacks from all over the queue, one by one: does the campaign take any again?

    Raises CampaignRefuses when it does not, and as `send_batch`.
    """
    sender = _BatchSender(context, target, BatchResult(sampled=True))
    chunks: list[Chunk] = [[row] for chunk in sender.claim(sender.spread_over_queue()) for row in chunk]
    sender.result.sample_left = len(chunks)
    return sender.send(chunks)


def _zone_of(callback: ClaimedCallback, pool: Pool | None) -> ZoneInfo | None:
    """The customer's zone."""
    if callback.customer_time_zone:
        return ZoneInfo(callback.customer_time_zone)
    return pool.zone if pool else None


def _callbacks_of(chunk: Chunk) -> list[ClaimedCallback]:
    return [callback for callback, _ in chunk]


def _keys_of(chunk: Chunk) -> list[str]:
    return [callback.key for callback, _ in chunk]


class _BatchSender:
    """One run for one campaign. `waiting` are the chunks that are still to be sent, the next one last."""

    def __init__(self, context: CycleContext, target: CampaignTarget, result: BatchResult) -> None:
        self.context, self.target, self.result = context, target, result
        self.waiting: list[Chunk] = []

    def send(self, chunks: Sequence[Chunk]) -> BatchResult:
        """Send the chunks one after the other. Raises UcceError, NotMaster, Unavailable."""
        self.waiting = list(reversed(chunks))
        while self.waiting:
            self._send(self.waiting.pop())
        self._fail(self.result.refused)
        return self.result

    def claim(self, chosen: Sequence[str]) -> list[Chunk]:
        """Claim the `chosen` callbacks and make contacts of them, in the chunks in which they are to be sent."""
        if not chosen:
            return []
        context, target = self.context, self.target
        batch_id = str(ULID.from_datetime(context.now()))
        # The database's epoch alone does not stop a master that was deposed when the database has forgotten its
        # successor; its claim would bring the count of hand-overs to ZooKeeper's, and so hide what was lost.
        context.verify_lock()
        claimed = claim(
            context.database, context.actor, batch_id, target.id, chosen, ucce_id=target.ucce_id,
            count=context.hand_overs, checkpoint=context.checkpoint, **due_now(context, target),
        )  # fmt: skip
        self.result.claimed += len(claimed)
        if not claimed:
            return []
        keys = [callback.key for callback in claimed]
        # Also after a release whose commit was of unknown outcome: a key that is sent anew has all of its grace again.
        context.grace.forget(keys)
        context.refusals.claimed(keys)
        context.checkpoint("claimed")
        rows = self._dialable(claimed)
        return list(context.refusals.in_parts(rows, _keys_of(rows)))

    def spread_over_queue(self) -> list[str]:
        """Account numbers from all over the queue; of those that were never refused, while there are any."""
        refusals = self.context.refusals
        waiting = longest_due(self.context.database, self.target.id, MAX_SEARCHED, **due_now(self.context, self.target))
        fresh = [one.account_number for one in waiting if not refusals.is_known(one.key)]
        turn = refusals.blamed.get(self.target.id, 0)
        return spread(fresh or [one.account_number for one in waiting], SAMPLE_SIZE, turn)

    def _dialable(self, claimed: Sequence[ClaimedCallback]) -> Chunk:
        """The contacts to send; a number that this campaign's rule makes no digits of fails by our own decision."""
        snapshot = self.context.config_cache.current()
        rows, undialable = [], []
        for callback in claimed:
            pool = snapshot.pool_by_id.get(callback.pool_id)
            zone = _zone_of(callback, pool)
            bias = utc_bias(zone, callback.due_at) if zone else None
            try:
                digits = self.target.rule.digits(callback.phone)
            except Undialable as error:
                undialable.append((callback, f"cannot be dialled: {error}"))
            else:
                rows.append((callback, Contact(callback.key, digits, callback.first_name, callback.last_name, bias)))
        self._fail(undialable)
        return rows

    def _send(self, chunk: Chunk) -> None:
        """Send one chunk; what its failure means for those that are waiting is decided by its kind (ucce/errors.py)."""
        try:
            import_batch(self.context.client, self.target.ucce_id, [contact for _, contact in chunk])
        except (Refused, TookPart) as refusal:
            self._handle_refusal(chunk, refusal)
        except Unknown as unknown:
            if not self._fails_on_contact(chunk, unknown):
                self._leave_unknown(chunk, unknown)
                raise
        except (UcceError, NotMaster) as error:
            self._give_back([*self.waiting, chunk], error)
            raise
        else:
            self.context.checkpoint("answered")
            self._record(_callbacks_of(chunk))

    def _handle_refusal(self, chunk: Chunk, refusal: UcceError) -> None:
        """Go on with what is waiting, or raise: the refusal when UCCE may have taken it, or CampaignRefuses."""
        if isinstance(refusal, TookPart) and len(chunk) == 1:
            self._leave_unknown(chunk, refusal)
            raise refusal
        self._note_refusal(chunk, refusal)
        if self._is_campaign_to_blame(chunk):
            blamed = self.context.refusals.blamed
            blamed[self.target.id] = blamed.get(self.target.id, 0) + 1
            blame = CampaignRefuses(refusal)
            self._give_back(self.waiting, blame)
            raise blame from refusal

    def _leave_unknown(self, chunk: Chunk, error: UcceError) -> None:
        self._give_back(self.waiting, error)
        self.context.refusals.unanswered(_keys_of(chunk), error.message)
        self._count(len(chunk))  # perhaps UCCE took it

    def _fails_on_contact(self, chunk: Chunk, error: UcceError) -> bool:
        """Whether UCCE answered, but not for this one contact, as before, and took others since: then those go on."""
        refusals, key = self.context.refusals, chunk[0][0].key
        if len(chunk) > 1 or error.unreachable or not refusals.is_suspect(key):
            return False
        if not refusals.is_to_blame(self.target.id, key):
            return False
        refusals.unanswered([key], error.message)
        self._count(1)
        self.context.on_error(error)
        _log.warning("contact_unanswered", contact=key, campaign=self.target.name, reason=error.message)
        return True

    def _note_refusal(self, chunk: Chunk, refusal: UcceError) -> None:
        context, result = self.context, self.result
        if len(chunk) == 1:
            callback = chunk[0][0]
            context.refusals.contact_refused(callback.key, context.clock())
            result.refused.append((callback, f"UCCE refuses the contact: {refusal.message}"))
            return
        context.refusals.batch_refused(_keys_of(chunk), context.clock())
        self._count(len(chunk))  # perhaps UCCE took the good ones
        result.refused_batch = f"UCCE refused a batch of {len(chunk)}: {refusal.message}"
        context.on_error(refusal)
        _log.warning("batch_refused", campaign=self.target.name, size=len(chunk), reason=refusal.message)

    def _is_campaign_to_blame(self, chunk: Chunk) -> bool:
        """Whether it is, now that `chunk` is refused; puts a sample before what is waiting to find out."""
        refusals, result = self.context.refusals, self.result
        if result.taken or all(refusals.is_to_blame(self.target.id, key) for key in _keys_of(chunk)):
            result.sample_left = 0  # the campaign takes contacts
            return False
        if result.sample_left:
            result.sample_left -= 1
            return result.sample_left == 0
        result.unexplained += len(chunk) == 1
        result.suspicious = result.suspicious or len(chunk) > 1 or result.unexplained > MAX_REJECTED
        if result.suspicious and not result.sampled:
            result.sampled = True
            sample = self._take_sample()
            self.waiting += [[row] for row in reversed(sample)]
            result.sample_left = len(sample)
            if sample:
                return False
        return result.unexplained > MAX_REJECTED

    def _take_sample(self) -> Chunk:
        """A few contacts from elsewhere in the queue: of what is waiting (they leave it), else newly claimed ones."""
        refusals = self.context.refusals
        rows = [row for chunk in reversed(self.waiting) for row in chunk]
        if not rows:
            size = min(SAMPLE_SIZE, allowance(self.context, self.target))
            claimed = self.claim(self.spread_over_queue()[:size]) if size > 0 else []
            return [row for chunk in claimed for row in chunk]
        fresh = [row for row in rows if not refusals.is_known(row[0].key)]
        sample = spread(fresh or rows, SAMPLE_SIZE, refusals.blamed.get(self.target.id, 0))
        chosen = set(_keys_of(sample))
        self.waiting = [left for chunk in self.waiting if (left := [row for row in chunk if row[0].key not in chosen])]
        return sample

    def _give_back(self, chunks: Sequence[Chunk], error: Exception) -> None:
        """Nothing more is sent: what was not goes back, and so does what was refused while nothing was taken."""
        context, result = self.context, self.result
        claimed = [callback for chunk in chunks for callback in _callbacks_of(chunk)]
        if result.taken:
            self._fail(result.refused)
        else:
            claimed += [callback for callback, _ in result.refused]
        if claimed:
            numbers = [callback.account_number for callback in claimed]
            why = f"UCCE took nothing: {error}"
            released = release(context.database, context.actor, numbers, why=why, now=context.now())
            metrics.RELEASED.labels(self.target.name).inc(released)

    def _record(self, taken: Sequence[ClaimedCallback]) -> None:
        context, target = self.context, self.target
        now = context.now()
        record_imported(
            context.database, context.actor, [callback.account_number for callback in taken],
            why=f"imported into {target.name}", now=now, checkpoint=context.checkpoint,
        )  # fmt: skip
        for backoff in (context.backoff("hand_over"), context.backoff("hand_over", target.id)):
            backoff.succeeded()
        context.refusals.took(target.id, [callback.key for callback in taken], context.clock())
        self.result.taken += len(taken)
        self._count(len(taken))
        metrics.HANDED_OVER.labels(target.name).inc(len(taken))
        for callback in taken:
            metrics.LATENESS.observe((now - callback.due_at).total_seconds())
        context.checkpoint("recorded")

    def _count(self, number: int) -> None:
        handed_over = self.context.handed_over
        handed_over[self.target.id] = handed_over.get(self.target.id, 0) + number

    def _fail(self, refused: Sequence[tuple[ClaimedCallback, str]]) -> None:
        context = self.context
        for callback, reason in refused:
            fail_refused(context.database, context.actor, callback.account_number, reason=reason, now=context.now())
            context.refusals.settled([callback.key])
            _log.warning("contact_refused", contact=callback.key, campaign=self.target.name, reason=reason)
            metrics.REFUSED.labels(self.target.name).inc()
