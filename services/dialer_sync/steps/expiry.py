"""Expiry: a callback that was not handed over while its window lasted will not be called any more."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from services.dialer_sync import metrics
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.election.fencing import fence
from services.dialer_sync.handover.batch_store import oldest_deliverable_slot
from shared.callbacks.calling_hours import CalledParty
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.schedule import HALF_HOUR
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
    choice = select(
        Callback.account_number, Callback.attempts, Callback.campaign_id, Callback.pool_id, Callback.calling_zones,
        Callback.due_at, Callback.slot_start,
    ).where(Callback.status == Status.SCHEDULED, *late)  # fmt: skip
    chosen: dict[tuple[int, str], list[str]] = defaultdict(list)
    with context.database.reading() as connection:
        for row in connection.execute(choice.limit(CHUNK)):
            chosen[row.campaign_id, _reason(context, snapshot, row)].append(row.account_number)
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


def _reason(context: CycleContext, snapshot: ConfigSnapshot, row: Row[*tuple[Any, ...]]) -> str:
    campaign_id, key = row.campaign_id, f"{row.account_number}-{row.attempts + 1:02}"
    party = CalledParty.stored(
        snapshot.campaign_by_id[campaign_id].calling_hours, snapshot.pool_by_id[row.pool_id].zone, row.calling_zones
    )
    last_minute = row.slot_start + HALF_HOUR + timedelta(minutes=snapshot.settings.expire_minutes - 1)
    ends_outside = not party.may_be_called(last_minute)
    outside = f"it was outside the calling hours ({party.hours} in {', '.join(zone.key for zone in party.zones)})"
    if ends_outside and not party.may_be_called(row.due_at):
        return outside
    if context.refusals.is_suspect(key) and context.refusals.is_to_blame(campaign_id, key):
        return f"UCCE takes others and fails on this contact: {context.refusals.message(key)}"
    if not snapshot.settings.hand_over:
        return "handing over is switched off"
    reasons = (context.backoff("hand_over", campaign_id).reason, context.backoff("hand_over").reason)
    return next(filter(None, reasons), outside if ends_outside else "its campaign could not take it in time")
