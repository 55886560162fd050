"""Handing over: due callbacks become contacts of their campaigns, batch by batch, oldest first."""

from dataclasses import replace

from services.dialer_sync.campaigns.holds import hold_of, record_hold
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.handover.batch_sender import BatchResult, send_batch, send_sample
from services.dialer_sync.handover.campaign_target import CampaignTarget, campaign_targets
from services.dialer_sync.handover.due_now import allowance, is_any_due
from services.dialer_sync.steps import campaigns
from services.dialer_sync.ucce import campaigns as ucce
from services.dialer_sync.ucce.errors import UcceError

CANARY = 11  # how many go first after a failure


def run(context: CycleContext) -> str | None:
    """Hand over all that is due, a batch of each campaign in turn, as far as brakes and paces allow.

    Raises UcceError when UCCE as a whole cannot be used, NotMaster, Unavailable.
    """
    if not context.config_cache.current().settings.hand_over:
        return "handing over is switched off"
    _renew_pace(context)
    handed = 0
    problems: dict[str, str] = {}
    active = [target for target in campaign_targets(context.database) if target.hands_over]
    waiting = [target for target in active if context.backoff("hand_over", target.id).remaining() == 0]
    while waiting:
        for target in list(waiting):
            context.heartbeat()
            size = _size(context, target)
            sent = _batch(context, target, size) if size > 0 else None
            if sent is not None:
                handed += sent.taken
            if sent is not None and (sent.held or sent.refused_batch):
                problems[target.name] = sent.held or sent.refused_batch or ""
            if sent is None or sent.claimed < size:
                waiting.remove(target)
    problems |= {target.name: reason for target in active if (reason := context.backoff("hand_over", target.id).reason)}
    parts = [f"handed over {handed}"] if handed else []
    return "; ".join([*parts, *(f"{name}: {reason}" for name, reason in problems.items())]) or None


def _failing(context: CycleContext, target: CampaignTarget) -> bool:
    return context.backoff("hand_over").failing or context.backoff("hand_over", target.id).failing


def _size(context: CycleContext, target: CampaignTarget) -> int:
    size = min(context.settings.batch_size, allowance(context, target))
    return min(size, CANARY) if _failing(context, target) else size


def _batch(context: CycleContext, target: CampaignTarget, size: int) -> BatchResult | None:
    """What became of a batch; None when no more are to be sent for now."""
    try:
        if not is_any_due(context, target):
            return None
        # Nothing is claimed before UCCE answers a read: an import may not be tried in vain, because unless UCCE itself
        # says that it took nothing, its contacts must wait until they are settled.
        hold = hold_of(target, ucce.get(context.client, target.ucce_id))
        if hold is not None:
            record_hold(context, target, hold)
            return BatchResult(held=hold.message)
        if target.id not in context.refusals.blamed:
            return send_batch(context, target, size)
        sample = send_sample(context, target)
        return replace(sample, claimed=size) if sample.taken else None  # then the batches go on
    except UcceError as error:
        campaigns.forget_if_gone(context, target.id, target.ucce_id, error)
        context.failed("hand_over", error, target.id)
        return None


def _renew_pace(context: CycleContext) -> None:
    """The pace is per sync interval, however often a cycle is asked for in between."""
    if context.clock() - context.pace_since >= context.settings.sync_interval:
        context.pace_since = context.clock()
        context.handed_over.clear()
