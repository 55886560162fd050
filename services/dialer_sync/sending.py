"""One batch on its way: claimed, sent, recorded; whatever happens, each contact has one known next step."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from ulid import ULID

from services.dialer_sync import metrics
from services.dialer_sync.batches import Claimed, claim, fail_refused, record_imported, release, window_floor
from services.dialer_sync.context import Term
from services.dialer_sync.errors import NotMaster
from services.dialer_sync.target import Target
from services.dialer_sync.ucce.contacts import Contact, import_batch
from services.dialer_sync.ucce.dialling import Undialable
from services.dialer_sync.ucce.errors import Refused, UcceError, Unknown
from services.dialer_sync.ucce.time_zone_bias import utc_bias

_log = structlog.get_logger(__name__)

# More contacts than this refused, and none taken: then it is not the contacts that are wrong.
MOST_REFUSED = 10

Part = Sequence[tuple[Claimed, Contact]]


@dataclass
class Sent:
    """What became of a batch."""

    claimed: int = 0
    taken: int = 0
    refused: list[tuple[Claimed, str]] = field(default_factory=list)

    def callbacks_refused(self) -> list[Claimed]:
        return [callback for callback, _ in self.refused]


def send_batch(term: Term, target: Target, size: int) -> Sent:
    """Claim up to `size` due callbacks of a campaign and hand them over.

    Raises UcceError when the rest could not be sent, NotMaster, Unavailable. Nothing is left claimed then but what
    UCCE may have: that is settled by reading it (steps/settle.py).
    """
    now = term.now()
    floor = window_floor(now, term.catalogues.current().settings.expire_minutes)
    batch_id = str(ULID.from_datetime(now))
    claimed = claim(
        term.database, term.actor, batch_id, target.id, size, now=now, floor=floor, count=term.hand_overs,
        checkpoint=term.checkpoint,
    )  # fmt: skip
    sent = Sent(claimed=len(claimed))
    if claimed:
        # Also after a release whose commit was of unknown outcome: a key that is sent anew has all of its grace again.
        term.grace.forget(callback.key for callback in claimed)
        term.checkpoint("claimed")
        _send(term, target, _dialable(term, target, claimed, sent), sent)
        _fail_refused(term, target, sent)
    return sent


def _dialable(term: Term, target: Target, claimed: Sequence[Claimed], sent: Sent) -> Part:
    """The contacts to send; a number that this campaign's rule makes no digits of is refused by ourselves."""
    catalogue = term.catalogues.current()
    part = []
    for callback in claimed:
        pool = catalogue.pool_by_id.get(callback.pool_id)
        bias = utc_bias(pool.zone, callback.due_at) if pool else None
        try:
            digits = target.rule.digits(callback.phone)
        except Undialable as error:
            sent.refused.append((callback, f"cannot be dialled: {error}"))
        else:
            part.append((callback, Contact(callback.key, digits, callback.first_name, callback.last_name, bias)))
    return part


def _send(term: Term, target: Target, batch: Part, sent: Sent) -> None:
    """Send the batch; where UCCE refuses, halve it until the contacts that are to blame stand alone."""
    waiting = [batch] if batch else []
    while waiting:
        part = waiting.pop()
        try:
            import_batch(term.client, target.ucce_id, [contact for _, contact in part])
        except Refused as refusal:
            if len(part) > 1:
                middle = len(part) // 2
                waiting += [part[middle:], part[:middle]]
            else:
                sent.refused.append((part[0][0], f"UCCE refuses the contact: {refusal.message}"))
                if sent.taken == 0 and len(sent.refused) > MOST_REFUSED:
                    _release(term, target, _of(waiting) + sent.callbacks_refused(), refusal)
                    raise
        except Unknown as unknown:
            _release(term, target, _of(waiting) + sent.callbacks_refused(), unknown)
            _count(term, target, len(part))  # perhaps UCCE took it
            raise
        except (UcceError, NotMaster) as error:
            _release(term, target, _of([*waiting, part]) + sent.callbacks_refused(), error)
            raise
        else:
            term.checkpoint("answered")
            _record(term, target, [callback for callback, _ in part], sent)


def _record(term: Term, target: Target, taken: Sequence[Claimed], sent: Sent) -> None:
    now = term.now()
    record_imported(
        term.database,
        term.actor,
        [callback.account_number for callback in taken],
        why=f"imported into {target.name}",
        now=now,
        checkpoint=term.checkpoint,
    )
    for backoff in (term.backoff("hand_over"), term.backoff("hand_over", target.id)):
        backoff.succeeded()
    sent.taken += len(taken)
    _count(term, target, len(taken))
    metrics.HANDED_OVER.labels(target.name).inc(len(taken))
    for callback in taken:
        metrics.LATENESS.observe((now - callback.due_at).total_seconds())
    term.checkpoint("recorded")


def _count(term: Term, target: Target, number: int) -> None:
    term.handed_over[target.id] = term.handed_over.get(target.id, 0) + number


def _release(term: Term, target: Target, claimed: Sequence[Claimed], error: Exception) -> None:
    if claimed:
        numbers = [callback.account_number for callback in claimed]
        released = release(term.database, term.actor, numbers, why=f"UCCE took nothing: {error}", now=term.now())
        metrics.RELEASED.labels(target.name).inc(released)


def _fail_refused(term: Term, target: Target, sent: Sent) -> None:
    for callback, reason in sent.refused:
        fail_refused(term.database, term.actor, callback.account_number, reason=reason, now=term.now())
        _log.warning("contact_refused", contact=callback.key, campaign=target.name, reason=reason)
        metrics.REFUSED.labels(target.name).inc()


def _of(parts: Sequence[Part]) -> list[Claimed]:
    return [callback for part in parts for callback, _ in part]
