"""Expiry: a callback that was not handed over while its window lasted will not be called any more."""

from collections import defaultdict

from sqlalchemy import select

from services.dialer_sync import metrics
from services.dialer_sync.batches import window_floor
from services.dialer_sync.context import Term
from services.dialer_sync.mastership import fence
from shared.callbacks.states import Status
from shared.callbacks.transitions import CHUNK, LONGEST_REASON, transition_many
from shared.db.models import Callback
from shared.db.session import retried
from shared.db.types import fitting


def run(term: Term) -> str | None:
    """`scheduled` → `expired`, set by set. Raises StaleEpoch, Unavailable."""
    total = 0
    while expired := _expire_some(term):
        total += expired
    return f"expired {total}" if total else None


@retried
def _expire_some(term: Term) -> int:
    now = term.now()
    catalogue = term.catalogues.current()
    late = (
        Callback.campaign_id.in_(list(catalogue.campaign_by_id)),
        Callback.due_at <= now,
        Callback.slot_start <= window_floor(now, catalogue.settings.expire_minutes),
    )
    choice = select(Callback.account_number, Callback.campaign_id).where(Callback.status == Status.SCHEDULED, *late)
    chosen: dict[int, list[str]] = defaultdict(list)
    with term.database.reading() as connection:
        for account_number, campaign_id in connection.execute(choice.limit(CHUNK)):
            chosen[campaign_id].append(account_number)
    if not chosen:
        return 0
    expired: dict[int, int] = {}
    with term.database.writing() as tx:
        fence(tx, term.actor.epoch, now)
        for campaign_id, account_numbers in chosen.items():
            why = f"not handed over within its window: {_hindrance(term, campaign_id)}"
            ended = transition_many(
                tx, account_numbers, Status.SCHEDULED, Status.EXPIRED, where=late, now=now, who=term.actor.who,
                why=why, reason=fitting(why, LONGEST_REASON),
            )  # fmt: skip
            expired[campaign_id] = len(ended)
        tx.commit()
    for campaign_id, count in expired.items():
        metrics.EXPIRED.labels(catalogue.campaign_by_id[campaign_id].name).inc(count)
    return sum(expired.values())


def _hindrance(term: Term, campaign_id: int) -> str:
    if not term.catalogues.current().settings.hand_over:
        return "handing over is switched off"
    reasons = (term.backoff("hand_over", campaign_id).reason, term.backoff("hand_over").reason)
    return next(filter(None, reasons), "its campaign could not take it in time")
