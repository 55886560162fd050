"""Expiry: a callback that was not handed over while its window lasted will not be called any more."""

from collections import defaultdict

from sqlalchemy import select

from services.dialer_sync import metrics
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.election.fencing import fence
from services.dialer_sync.handover.batch_store import oldest_deliverable_slot
from shared.callbacks.states import Status
from shared.callbacks.transitions import MAX_REASON_LENGTH, transition_many
from shared.db.columns import truncate_utf16
from shared.db.key_lists import CHUNK
from shared.db.models import Callback
from shared.db.session import retried


def run(context: CycleContext) -> str | None:
    """`scheduled` → `expired`, set by set. Raises StaleEpoch, Unavailable."""
    total = 0
    while context.has_time() and (expired := _expire_some(context)):
        total += expired
    return f"expired {total}" if total else None


@retried
def _expire_some(context: CycleContext) -> int:
    now = context.now()
    snapshot = context.config_cache.current()
    late = (
        Callback.campaign_id.in_(list(snapshot.campaign_by_id)),
        Callback.due_at <= now,
        Callback.slot_start <= oldest_deliverable_slot(now, snapshot.settings.expire_minutes),
    )
    choice = select(Callback.account_number, Callback.attempts, Callback.campaign_id).where(
        Callback.status == Status.SCHEDULED, *late
    )
    chosen: dict[tuple[int, str], list[str]] = defaultdict(list)
    with context.database.reading() as connection:
        for account_number, attempts, campaign_id in connection.execute(choice.limit(CHUNK)):
            reason = _reason(context, campaign_id, f"{account_number}-{attempts + 1:02}")
            chosen[campaign_id, reason].append(account_number)
    if not chosen:
        return 0
    expired: dict[int, int] = defaultdict(int)
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, now)
        for (campaign_id, reason), account_numbers in chosen.items():
            why = f"not handed over within its window: {reason}"
            ended = transition_many(
                tx, account_numbers, Status.SCHEDULED, Status.EXPIRED, where=late, now=now, who=context.actor.who,
                why=why, reason=truncate_utf16(why, MAX_REASON_LENGTH),
            )  # fmt: skip
            expired[campaign_id] += len(ended)
        tx.commit()
    for campaign_id, count in expired.items():
        metrics.EXPIRED.labels(snapshot.campaign_by_id[campaign_id].name).inc(count)
    return sum(expired.values())


def _reason(context: CycleContext, campaign_id: int, key: str) -> str:
    if context.refusals.is_suspect(key) and context.refusals.is_to_blame(campaign_id, key):
        return f"UCCE takes others and fails on this contact: {context.refusals.message(key)}"
    if not context.config_cache.current().settings.hand_over:
        return "handing over is switched off"
    reasons = (context.backoff("hand_over", campaign_id).reason, context.backoff("hand_over").reason)
    return next(filter(None, reasons), "its campaign could not take it in time")
