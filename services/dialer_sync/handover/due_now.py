"""What a campaign may be given now, and how much of it."""

from datetime import datetime
from typing import TypedDict

from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.handover.batch_store import longest_due, oldest_deliverable_slot
from services.dialer_sync.handover.callable_now import CallableNow, read_callable_now
from services.dialer_sync.handover.campaign_target import CampaignTarget
from services.dialer_sync.ucce.contacts import MAX_BATCH


class DueNow(TypedDict):
    """The arguments of `longest_due` and `claim` that say which callbacks are due."""

    now: datetime
    floor: datetime
    callable_now: CallableNow


def due_now(context: CycleContext, target: CampaignTarget) -> DueNow:
    """As of this instant: asked anew for the choice and for the claim. Raises Unavailable."""
    now = context.now()
    floor = oldest_deliverable_slot(now, context.config_cache.current().settings.expire_minutes)
    return DueNow(now=now, floor=floor, callable_now=read_callable_now(context.database, target, now))


def is_any_due(context: CycleContext, target: CampaignTarget) -> bool:
    """Whether the campaign has anything to hand over. Raises Unavailable."""
    return bool(longest_due(context.database, target.id, 1, **due_now(context, target)))


def allowance(context: CycleContext, target: CampaignTarget) -> int:
    """How many more may be sent to the campaign in this sync interval."""
    if target.per_cycle is None:
        return MAX_BATCH
    return target.per_cycle - context.handed_over.get(target.id, 0)
