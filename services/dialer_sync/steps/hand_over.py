"""Handing over: due callbacks become contacts of their campaigns, batch by batch, oldest first."""

from services.dialer_sync.context import Term
from services.dialer_sync.sending import MOST_REFUSED, send_batch
from services.dialer_sync.steps import campaigns
from services.dialer_sync.target import Target, targets
from services.dialer_sync.ucce import campaigns as ucce
from services.dialer_sync.ucce.errors import UcceError

# How many go first after a failure: enough that a refusal of them all is not taken for their own fault.
CANARY = MOST_REFUSED + 1


def run(term: Term) -> str | None:
    """Hand over all that is due, a batch of each campaign in turn, as far as brakes and paces allow.

    Raises UcceError when UCCE as a whole cannot be used, NotMaster, Unavailable.
    """
    if not term.catalogues.current().settings.hand_over:
        return "handing over is switched off"
    _renew_pace(term)
    handed = 0
    waiting = [target for target in targets(term.database) if _may(term, target)]
    while waiting:
        for target in list(waiting):
            size = _size(term, target)
            taken, drained = _batch(term, target, size) if size > 0 else (0, True)
            handed += taken
            if drained:
                waiting.remove(target)
    return f"handed over {handed}" if handed else None


def _may(term: Term, target: Target) -> bool:
    return target.hands_over and term.backoff("hand_over", target.id).remaining() == 0


def _failing(term: Term, target: Target) -> bool:
    return term.backoff("hand_over").failing or term.backoff("hand_over", target.id).failing


def _size(term: Term, target: Target) -> int:
    size = term.settings.batch_size
    if _failing(term, target):
        size = min(size, CANARY)
    if target.per_cycle is not None:
        size = min(size, target.per_cycle - term.handed_over.get(target.id, 0))
    return size


def _batch(term: Term, target: Target, size: int) -> tuple[int, bool]:
    """(how many UCCE took, whether no more are to be sent for now)."""
    try:
        if _failing(term, target):
            # Nothing is claimed before UCCE answers a read again: an import may not be tried in vain, because unless
            # UCCE itself says that it took nothing, its contacts must wait until they are settled.
            ucce.get(term.client, target.ucce_id)
        sent = send_batch(term, target, size)
    except UcceError as error:
        campaigns.forget_if_gone(term, target.id, target.ucce_id, error)
        term.failed("hand_over", error, target.id)
        return 0, True
    return sent.taken, sent.claimed < size


def _renew_pace(term: Term) -> None:
    """The pace is per sync interval, however often a cycle is asked for in between."""
    if term.clock() - term.pace_since >= term.settings.sync_interval:
        term.pace_since = term.clock()
        term.handed_over.clear()
